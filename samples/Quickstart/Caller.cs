using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace ToolGateway.Quickstart;

/// <summary>The agent's side: sends a step over a real TLS connection and reads the answer.</summary>
internal sealed class Caller(Workspace workspace) : IDisposable
{
    private readonly HttpClient _withCertificate = Client(workspace, workspace.AgentCertificate);
    private readonly HttpClient _without = Client(workspace, null);

    public async Task<Answer> SendAsync(Step step)
    {
        using var request = new HttpRequestMessage(step.Method, step.Path);
        if (step.Body is not null)
            request.Content = new StringContent(step.Body, Encoding.UTF8, "application/json");
        if (Token(step.Credentials) is { } token)
            request.Headers.Authorization = new("Bearer", token);
        var client = step.Credentials is Credentials.Certificate or Credentials.CertificateAndToken ? _withCertificate : _without;
        var started = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new Answer(step, response.StatusCode, Reason(response, body), Header(response, "Tool-Decision-Id"), Header(response, "Server-Timing"), elapsed);
    }

    public void Dispose()
    {
        _withCertificate.Dispose();
        _without.Dispose();
    }

    private string? Token(Credentials credentials) => credentials switch
    {
        Credentials.Token or Credentials.CertificateAndToken => workspace.Token(),
        Credentials.TokenForOthers => workspace.Token("another-service"),
        _ => null,
    };

    private static string? Reason(HttpResponseMessage response, string body)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return null;
        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.TryGetProperty("reasons", out var reasons)
            ? string.Join(", ", reasons.EnumerateArray().Select(item => item.GetString()))
            : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public static HttpClient Client(Workspace workspace, X509Certificate2? certificate)
    {
        var authority = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(workspace.Directory, "ca.pem")));
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (certificate is not null)
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        return new HttpClient(handler) { BaseAddress = new Uri(workspace.Url) };
    }
}
