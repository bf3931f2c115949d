using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>What a built-in may see of the evaluation: the budget, the injected clock, randomness and environment, and per-evaluation memory.</summary>
internal sealed class BuiltinContext(EvaluationBudget budget)
{
    private const long NanosecondsPerTick = 100;
    private long? _now;

    public EvaluationBudget Budget { get; } = budget;

    /// <summary>Time of this evaluation in nanoseconds since 1970; the same for every call within it.</summary>
    public long NowNanoseconds
    {
        get => _now ??= (Clock.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick;
        set => _now = value;
    }

    /// <summary>Where the time comes from, when something asks for it.</summary>
    public TimeProvider Clock { get; private set; } = TimeProvider.System;

    /// <summary>Source of randomness; a fixed seed makes an evaluation repeatable.</summary>
    public Random Random { get; set; } = Random.Shared;

    /// <summary>What <c>opa.runtime</c> shows: config, env, version, commit. Empty unless the host gives it.</summary>
    public RegoObject Runtime { get; set; } = RegoObject.Empty;

    /// <summary>Results that must be the same for each call within one evaluation (uuid.rfc4122, rand.intn), keyed by built-in and operands.</summary>
    public Dictionary<(string Builtin, RegoValue Operand), RegoValue> Memory { get; } = [];

    /// <summary>Where <c>print</c> writes; null discards.</summary>
    public Action<string>? Print { get; set; }

    /// <summary>Code of the failure that the last call noted, or null.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>Message of the failure that the last call noted.</summary>
    public string? ErrorMessage { get; private set; }

    /// <summary>Notes a failure of the built-in (<c>eval_builtin_error</c>).</summary>
    public RegoValue? Fail(string message) => Note(RegoErrorCodes.EvalBuiltin, message);

    /// <summary>Notes an operand of the wrong kind: <c>operand 1 must be string but got number</c> (<c>eval_type_error</c>).</summary>
    public RegoValue? FailOperand(int position, string expected, RegoValue got) =>
        Note(RegoErrorCodes.EvalType, $"operand {position} must be {expected} but got {KindName(got)}");

    /// <summary>Notes any other complaint about an operand: <c>operand 2 …</c> (<c>eval_type_error</c>).</summary>
    public RegoValue? FailType(string message) => Note(RegoErrorCodes.EvalType, message);

    /// <summary>Forgets the time of the last evaluation.</summary>
    public void Restart(TimeProvider clock)
    {
        Clock = clock;
        _now = null;
    }

    public void ClearError() => ErrorCode = null;

    public static string KindName(RegoValue value) => value.Kind switch
    {
        RegoKind.Null => "null",
        RegoKind.Boolean => "boolean",
        RegoKind.Number => "number",
        RegoKind.String => "string",
        RegoKind.Array => "array",
        RegoKind.Object => "object",
        _ => "set",
    };

    private RegoValue? Note(string code, string message)
    {
        ErrorCode = code;
        ErrorMessage = message;
        return null;
    }
}
