using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ToolGateway.Audit.Reading;

namespace ToolGateway.Host.Audit;

/// <summary>The options that say which calls are meant.</summary>
internal sealed class FilterOptions
{
    private readonly Option<DateTimeOffset?> _since = Time("--since", "From this time on: 2026-11-22T05:00:00Z, or a span back from now such as 15m, 6h, 7d");
    private readonly Option<DateTimeOffset?> _until = Time("--until", "Before this time, written as for --since");
    private readonly Option<string?> _agent = new("--agent") { Description = "Registered name or identity of the caller" };
    private readonly Option<string?> _tool = new("--tool") { Description = "Name of the tool" };
    private readonly Option<string?> _action = new("--action") { Description = "Name of the action" };
    private readonly Option<string?> _outcome = new("--outcome") { Description = "allow, deny or error" };
    private readonly Option<string?> _reason = new("--reason") { Description = "One of the decision's reasons" };
    private readonly Option<string?> _task = new("--task") { Description = "The task that the call was made for" };
    private readonly Option<string?> _decision = new("--decision") { Description = "Id of the decision, the gateway's or OPA's" };

    public FilterOptions() => _outcome.AcceptOnlyFromAmong("allow", "deny", "error");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _since, _until, _agent, _tool, _action, _outcome, _reason, _task, _decision })
            command.Add(option);
    }

    public CallFilter Of(ParseResult result) => new()
    {
        Since = result.GetValue(_since),
        Until = result.GetValue(_until),
        Agent = result.GetValue(_agent),
        Tool = result.GetValue(_tool),
        Action = result.GetValue(_action),
        Outcome = result.GetValue(_outcome),
        Reason = result.GetValue(_reason),
        Task = result.GetValue(_task),
        DecisionId = result.GetValue(_decision),
    };

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name) { Description = description, CustomParser = Parse };

    private static DateTimeOffset? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            TimeSpan? span = text[^1] switch
            {
                's' => TimeSpan.FromSeconds(amount),
                'm' => TimeSpan.FromMinutes(amount),
                'h' => TimeSpan.FromHours(amount),
                'd' => TimeSpan.FromDays(amount),
                _ => null,
            };
            if (span is { } back)
                return TimeProvider.System.GetUtcNow() - back;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        result.AddError($"'{text}' is neither a time such as 2026-11-22T05:00:00Z nor a span such as 15m, 6h or 7d");
        return null;
    }
}
