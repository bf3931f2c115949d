using System.CommandLine;

namespace ToolGateway.Host.Health;

/// <summary><c>toolgateway health URL</c>: a probe for container images that have no HTTP client.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var url = new Argument<Uri>("url") { Description = "Address of the probe", DefaultValueFactory = _ => new Uri("http://127.0.0.1:8081/readyz") };
        var command = new Command("health", "Ask a probe of a running gateway; exits 0 when it answers 200.") { url };
        command.SetAction((parse, cancellation) => CheckAsync(parse.GetValue(url)!, cancellation));
        return command;
    }

    private static async Task<int> CheckAsync(Uri url, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var response = await client.GetAsync(url, cancellation).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false));
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Fault;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {e.Message}");
            return ExitCodes.Fault;
        }
    }
}
