using System.Globalization;
using System.Text.RegularExpressions;

namespace ToolGateway.Load;

/// <summary>Reads from the gateway's own metrics what each stage took on average.</summary>
internal static partial class Stages
{
    public static async Task<IReadOnlyDictionary<string, double>> ReadAsync(int probesPort)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{probesPort}/metrics"));
        var sums = Read(Sum().Matches(text));
        var counts = Read(Count().Matches(text));
        return sums.ToDictionary(pair => pair.Key, pair => pair.Value / counts[pair.Key] * 1e6, StringComparer.Ordinal);
    }

    private static Dictionary<string, double> Read(MatchCollection matches) =>
        matches.ToDictionary(match => match.Groups[1].Value, match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

    [GeneratedRegex("""^toolgateway_stage_duration_seconds_sum\{stage="(\w+)"\} (\S+)$""", RegexOptions.Multiline)]
    private static partial Regex Sum();

    [GeneratedRegex("""^toolgateway_stage_duration_seconds_count\{stage="(\w+)"\} (\S+)$""", RegexOptions.Multiline)]
    private static partial Regex Count();
}
