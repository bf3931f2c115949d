using ToolGateway.Audit.Reading;
using ToolGateway.Audit.Records;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Results;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Rego;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Host.Policy.Replay;

/// <summary>Decides recorded calls again, one after another, and counts what became of them. Memory does not grow with the log.</summary>
/// <param name="each">Called for each call whose decision would change (with the new answer) or that is left out (with the reason).</param>
internal sealed class Replayer(EntryPoint decision, string revision, CallFilter filter, Action<RecordedCall, Answer?, string> each)
{
    private const int MaxKinds = 10_000;

    /// <summary>The same for every run: what a call may use does not depend on how busy this machine is, but for the time.</summary>
    private static readonly RegoEvaluationOptions Evaluation = new(RegoLimits.Decision with { Timeout = RegoLimits.Tooling.Timeout }) { StrictBuiltinErrors = true };

    private readonly Tally<DifferenceKind> _changes = new(MaxKinds);
    private readonly Tally<LeftOutKind> _leftOut = new(MaxKinds);
    private DateTimeOffset? _from;
    private DateTimeOffset? _to;
    private long _records;
    private long _same;
    private long _changed;
    private long _notReplayed;
    private long _notDecided;

    public void Take(ReadOnlySpan<byte> text)
    {
        if (!RecordLine.TryRead(text, out var line) || !line.Type.SequenceEqual("decision"u8) || !filter.MayMatch(text))
            return;
        if (filter != new CallFilter() && (CallRow.Read(text.ToArray()) is not { } row || !filter.Matches(row)))
            return;
        if (RecordedCall.Read(text) is not { } call)
            return;
        _records++;
        _from ??= call.Time;
        _to = call.Time;
        if (call.WhyNotDecided is { } why)
            LeaveOut(call, why, isDecided: false);
        else
            Replay(call);
    }

    public ReplayReport Report() => new(
        revision, _from, _to, _records, _same + _changed, _same, _changed, _notReplayed, _notDecided, _changes.Unlisted + _leftOut.Unlisted, [.. decision.Query.InputPaths.Select(Dotted)],
        [.. decision.Query.NondeterministicBuiltins.Where(name => name != "time.now_ns")], [.. _changes.List().Select(ListedDifference.Of)], [.. _leftOut.List().Select(LeftOut.Of)]);

    private static string Dotted(string pointer) => "input" + pointer.Replace('/', '.');

    private void Replay(RecordedCall call)
    {
        var missing = new MissingFacts();
        var result = decision.Query.Evaluate(call.Input(missing), decision.Query.IsDeterministic ? Evaluation : Evaluation with { TimeProvider = new RecordedTime(call.Time) });

        // Whatever the result is: with the fact it might be another.
        if (missing.First is { } fact)
        {
            LeaveOut(call, $"{fact} is not recorded", isDecided: true);
            return;
        }

        var decided = result.Error is { } error
            ? Decision.Denied(EmbeddedEngine.Name, EmbeddedEngine.ReasonOf(error), revision)
            : RegoResultReader.ReadDecision(result.Value, EmbeddedEngine.Name, revision);

        // Records hold neither obligations nor lifetimes.
        var answer = Answer.Of(decided) with { Obligations = "", CacheSeconds = 0 };
        var change = Change.Between(call.Answer, answer);
        if (change == Change.Same)
        {
            _same++;
            return;
        }

        _changed++;
        _changes.Add(new DifferenceKind(change, call.Caller, call.Tool, call.Action, call.Answer, answer), call.Time, call.Id);
        each(call, answer, change);
    }

    private void LeaveOut(RecordedCall call, string why, bool isDecided)
    {
        if (isDecided)
            _notReplayed++;
        else
            _notDecided++;
        _leftOut.Add(new LeftOutKind(isDecided, why, call.Caller, call.Tool, call.Action), call.Time, call.Id);
        each(call, null, why);
    }
}
