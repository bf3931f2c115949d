using System.Text.RegularExpressions;
using ToolGateway.Decisions.Results;
using ToolGateway.Enforcement;
using ToolGateway.Rego;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Decisions.Embedded;

/// <summary>
/// Asks a new policy the simplest question, with an unknown caller, to find out before it takes effect whether its answers have the contract's shape. A policy that
/// has no answer for an unknown caller is accepted: undefined is a denial.
/// </summary>
internal static partial class PolicyShape
{
    private const string Contract = "policies/README.md of ToolGateway has the contract";

    private static readonly RegoValue Stranger = RegoJson.Parse(
        """
        {"subject":{"type":"canary","id":"toolgateway:load","properties":{"authentication":"mtls","name":null,"registered":false,"owner":null,
        "environment":null,"tenant":null,"review_overdue":false,"issuer":null,"claims":{}}},
        "action":{"name":"load","properties":{"method":"GET","risk":"high","effect":"write"}},
        "resource":{"type":"tool","id":"load","properties":{"protocol":"http","owner":"","environment":null,"tenant":null,"data":[],"destination":null}},
        "context":{"arguments":{"path":{},"query":{},"body":null},"intent":{"task":null,"purpose":null,"verified":false},"delegation":null,"mcp":null,
        "request":{"id":"load","remote_address":"127.0.0.1","time":"2026-01-01T00:00:00.000Z"}},
        "candidates":[]}
        """);

    public static bool Check(EntryPoint decision, EntryPoint visible, RegoEvaluationOptions evaluation, PolicyFiles files, Action<string> report)
    {
        if (FindRule(files, "decision") is not { } place)
        {
            report("package toolgateway has no rule decision, so every call would be denied; write "
                + $"decision := {{\"allow\": false, \"reasons\": [\"…\"]}} and rules that allow ({Contract})");
            return false;
        }

        var result = decision.Query.Evaluate(Stranger, evaluation);
        if (result.Error is null && RegoResultReader.ReadDecision(result.Value, "embedded", null).Reasons is [ReasonCodes.PolicyInvalidResult or ReasonCodes.ObligationUnsupported])
        {
            report($"{place}: decision is {result.Value}, which is no decision: write an object of allow, reasons, obligations, cache_seconds "
                + $"({Contract}){SourceExcerpt.Excerpt(place, files.Sources)}");
            return false;
        }

        var names = visible.Query.Evaluate(Stranger, evaluation);
        if (names.Error is null && RegoResultReader.ReadNames(names.Value) is null)
        {
            var where = FindRule(files, "visible") ?? place;
            report($"{where}: visible is {names.Value}, which is no set of action names: write visible contains action if {{ … }} "
                + $"({Contract}){SourceExcerpt.Excerpt(where, files.Sources)}");
            return false;
        }

        return true;
    }

    private static SourceLocation? FindRule(PolicyFiles files, string rule)
    {
        foreach (var source in files.Sources.Where(source => Package().IsMatch(source.Text)))
        {
            var match = Regex.Match(source.Text, $@"^(default\s+)?{rule}\b", RegexOptions.Multiline | RegexOptions.CultureInvariant);
            if (match.Success)
            {
                var row = source.Text.AsSpan(0, match.Index).Count('\n') + 1;
                return new SourceLocation(source.File, row, 1, match.Index, match.Value);
            }
        }

        return null;
    }

    [GeneratedRegex(@"^package\s+toolgateway\s*(#.*)?$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Package();
}
