using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>The formats that are checked; others always match.</summary>
internal static partial class SchemaFormats
{
    private static readonly string[] Times = ["HH:mm:ss", "HH:mm:ss.FFFFFFF", "HH:mm:ssK", "HH:mm:ss.FFFFFFFK"];

    public static bool Matches(string format, string text, EvaluationBudget budget) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "time" => Times.Any(shape => DateTime.TryParseExact(text, shape, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)),
        "date-time" => DateTimeShape().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "hostname" => text.Length < 256 && Hostname().IsMatch(text),
        "email" or "idn-email" => Email().IsMatch(text),
        "ipv4" => text.Contains('.', StringComparison.Ordinal) && IsAddress(text, AddressFamily.InterNetwork),
        "ipv6" => text.Contains(':', StringComparison.Ordinal) && IsAddress(text, AddressFamily.InterNetworkV6),
        "uri" or "iri" => GoUri.Parse(text, out _) is { Scheme.Length: > 0 } && !text.Contains('\\', StringComparison.Ordinal),
        "uri-reference" or "iri-reference" => GoUri.Parse(text, out _) is not null && !text.Contains('\\', StringComparison.Ordinal),
        "uri-template" => GoUri.Parse(text, out _) is not null && !text.Contains('\\', StringComparison.Ordinal) && UriTemplate().IsMatch(text),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "regex" => GoRegex.Parse(text, budget, out _, out _) is not null,
        "json-pointer" => JsonPointer().IsMatch(text),
        "relative-json-pointer" => RelativeJsonPointer().IsMatch(text),
        _ => true,
    };

    private static bool IsAddress(string text, AddressFamily family) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == family && (family != AddressFamily.InterNetwork || Quad().IsMatch(text));

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[-+][0-9]{2}:[0-9]{2})\z", RegexOptions.NonBacktracking)]
    private static partial Regex DateTimeShape();

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
