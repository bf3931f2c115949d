using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ToolGateway.Host.Serve;
using ToolGateway.Hosting;
using Yarp.ReverseProxy.Configuration;

namespace ToolGateway.Load;

/// <summary>The servers of the matrix, each in a process of its own: <c>tool PORT</c>, <c>yarp PORT TOOL [PEM KEY]</c>, <c>gateway CONFIG [SETTING…]</c>.</summary>
internal static class Servers
{
    private static readonly byte[] Customer = """{"id":"42","name":"Ada Lovelace","orders":["A-17","A-18"],"since":"2024-02-29"}"""u8.ToArray();
    private static readonly byte[] ToolResult = """{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[{"type":"text","text":"Welcome."}]}}"""u8.ToArray();

    public static async Task<int> RunAsync(string role, string[] args)
    {
        // As toolgateway serve does; the bare proxy and the tool are as ASP.NET Core comes.
        if (role == "gateway")
            EventLoop.GoOnWhereSocketsWait();
        await using var app = Build(role, args);
        await app.StartAsync();
        Console.WriteLine("ready");

        // The parent closes standard input when it is done, or when it dies.
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static WebApplication Build(string role, params string[] args) => role switch
    {
        "tool" => Tool(int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture)),
        "yarp" => Yarp(args),
        _ => Gateway(args),
    };

    private static WebApplication Gateway(string[] args)
    {
        var read = GatewayConfiguration.Read(args[0], args[1..]);
        return read.Errors.Count > 0
            ? throw new InvalidOperationException(string.Join('\n', read.Errors))
            : GatewayApplication.Build(read, builder => builder.Logging.ClearProviders());
    }

    private static WebApplication Tool(int port)
    {
        var builder = Builder(listen => listen.Listen(IPAddress.Loopback, port));
        var app = builder.Build();
        app.Run(static async context =>
        {
            var isPost = HttpMethods.IsPost(context.Request.Method);
            if (isPost)
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            var body = isPost ? ToolResult : Customer;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });
        return app;
    }

    private static WebApplication Yarp(string[] args)
    {
        var builder = Builder(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture), listen =>
        {
            if (args.Length > 2)
                listen.UseHttps(https => Tls(https, args[2], args[3]));
        }));
        builder.Services.AddRoutingCore();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "tool", ClusterId = "tool", Match = new RouteMatch { Path = "{**path}" } }],
            [new ClusterConfig { ClusterId = "tool", Destinations = new Dictionary<string, DestinationConfig> { ["tool"] = new() { Address = args[1] } } }]);
        var app = builder.Build();
        app.UseRouting();
        app.MapReverseProxy();
        return app;
    }

    private static void Tls(HttpsConnectionAdapterOptions https, string certificate, string key)
    {
        using var pem = X509Certificate2.CreateFromPemFile(certificate, key);
        https.ServerCertificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
    }

    private static WebApplicationBuilder Builder(Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(listen);
        return builder;
    }
}
