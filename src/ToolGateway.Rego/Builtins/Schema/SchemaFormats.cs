using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Builtins.Timing;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>The formats that are checked; others always match.</summary>
internal static partial class SchemaFormats
{
    private const string Date = "2006-01-02";

    private static readonly string[] Times = ["15:04:05", "15:04:05Z07:00"];

    private static readonly string[] DatesAndTimes = [.. Times, Date, "2006-01-02T15:04:05Z07:00"];

    public static bool Matches(string format, string text, EvaluationBudget budget) => format switch
    {
        "date" => IsTime(text, Date),
        "time" => IsTime(text, Times),
        "date-time" => IsTime(text, DatesAndTimes),
        "hostname" => text.Length < 256 && Hostname().IsMatch(text),
        "email" or "idn-email" => Email().IsMatch(text),
        "ipv4" => text.Contains('.', StringComparison.Ordinal) && IsAddress(text, AddressFamily.InterNetwork),
        "ipv6" => text.Contains(':', StringComparison.Ordinal) && IsAddress(text, AddressFamily.InterNetworkV6),
        "uri" or "iri" => GoUri.Parse(text, out _) is { Scheme.Length: > 0 } && !text.Contains('\\', StringComparison.Ordinal),
        "uri-reference" or "iri-reference" => GoUri.Parse(text, out _) is not null && !text.Contains('\\', StringComparison.Ordinal),
        "uri-template" => GoUri.Parse(text, out _) is not null && !text.Contains('\\', StringComparison.Ordinal) && UriTemplate().IsMatch(text),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "regex" => text.Length == 0 || GoRegex.Parse(text, budget, out _, out _) is not null,
        "json-pointer" => JsonPointer().IsMatch(text),
        "relative-json-pointer" => RelativeJsonPointer().IsMatch(text),
        _ => true,
    };

    private static bool IsTime(string text, params ReadOnlySpan<string> layouts)
    {
        foreach (var layout in layouts)
        {
            if (GoTimeParser.Parse(layout, text, out _) is not null)
                return true;
        }

        return false;
    }

    private static bool IsAddress(string text, AddressFamily family) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == family && (family != AddressFamily.InterNetwork || Quad().IsMatch(text));

    [GeneratedRegex(@"^([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])(\.([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]{0,61}[a-zA-Z0-9]))*\z", RegexOptions.NonBacktracking)]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^[^@<>\s]+@[^@<>\s]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Email();

    [GeneratedRegex(@"^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\.|\z)){4}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Quad();

    [GeneratedRegex(@"^([^{}]|\{[^{}]*\})*\z", RegexOptions.NonBacktracking)]
    private static partial Regex UriTemplate();

    [GeneratedRegex(@"^(/([^~/]|~0|~1)*)*\z", RegexOptions.NonBacktracking)]
    private static partial Regex JsonPointer();

    [GeneratedRegex(@"^(0|[1-9][0-9]*)(#|(/([^~/]|~0|~1)*)*)\z", RegexOptions.NonBacktracking)]
    private static partial Regex RelativeJsonPointer();
}
