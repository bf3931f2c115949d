using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>A bundle service on a real socket with TLS, that answers as a test wants and remembers what it was asked.</summary>
internal sealed class BundleServer : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Answers each request; at first with 404.</summary>
    public Func<HttpContext, Task> Respond { get; set; } = static context => Status(context, 404);

    /// <summary>The requests so far.</summary>
    public ConcurrentQueue<Question> Questions { get; } = new();

    public int Port { get; private set; }

    public string Url => $"https://localhost:{Port}/bundles/policy.tar.gz";

    public async Task StartAsync(X509Certificate2 certificate, int port)
    {
        Port = port;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        })));
        _app = builder.Build();
        _app.Run(context =>
        {
            var headers = context.Request.Headers;
            Questions.Enqueue(new Question(context.Request.Path, headers["Prefer"], headers.IfNoneMatch, headers.Authorization, context.Connection.ClientCertificate?.Subject));
            return Respond(context);
        });
        await _app.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    /// <summary>Serves a bundle with a tag, and 304 to whoever has it.</summary>
    public void Serve(byte[] bundle, string tag = "\"1\"") => Respond = context =>
    {
        context.Response.Headers.ETag = tag;
        return context.Request.Headers.IfNoneMatch == tag ? Status(context, 304) : Body(context, bundle);
    };

    public static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public static Task Redirect(HttpContext context, string location)
    {
        context.Response.Redirect(location, permanent: false);
        return Task.CompletedTask;
    }

    public static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>A byte now and then, without end.</summary>
    public static async Task Drip(HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(new byte[] { 31 });
            await Task.Delay(20);
        }
    }

    public static Task Body(HttpContext context, byte[] body, string type = "application/gzip")
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}

/// <summary>What a bundle service was asked.</summary>
internal sealed record Question(string Path, string? Prefer, string? IfNoneMatch, string? Authorization, string? ClientCertificate);
