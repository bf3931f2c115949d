using System.CommandLine;
using System.CommandLine.Parsing;

namespace ToolGateway.Host.Health;

/// <summary><c>toolgateway health URL</c>: a probe for container images that have no HTTP client.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var url = new Argument<Uri>("url") { Description = "Address of the probe", DefaultValueFactory = static _ => new Uri("http://127.0.0.1:8081/readyz"), CustomParser = Parse };
        var command = new Command("health", "Ask a probe of a running gateway; exits 0 when it answers 200.") { url };
        command.SetAction((parse, cancellation) => CheckAsync(parse.GetValue(url)!, parse.InvocationConfiguration, cancellation));
        return command;
    }

    /// <summary>The library knows no addresses.</summary>
    private static Uri? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https"))
            return url;
        result.AddError($"'{text}' is not the address of a probe; write one such as http://127.0.0.1:8081/readyz");
        return null;
    }

    private static async Task<int> CheckAsync(Uri url, InvocationConfiguration console, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Timeout };
        try
        {
            using var response = await client.GetAsync(url, cancellation).ConfigureAwait(false);
            await console.Output.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false));
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Fault;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await console.Error.WriteLineAsync($"{url} does not answer: {e.Message}");
            return ExitCodes.Fault;
        }
    }
}
