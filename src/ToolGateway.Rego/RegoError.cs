using ToolGateway.Rego.Text;

namespace ToolGateway.Rego;

/// <summary>An error with OPA's code, a message and, where one is known, the place in the source.</summary>
/// <param name="Code">One of <see cref="RegoErrorCodes"/>.</param>
/// <param name="Message">What is wrong, in OPA's words where OPA has the same error.</param>
/// <param name="Location">Where, or null when no source is to blame (limits, cancellation).</param>
public sealed record RegoError(string Code, string Message, SourceLocation? Location = null)
{
    /// <inheritdoc/>
    public override string ToString() => Location is null ? $"{Code}: {Message}" : $"{Location}: {Code}: {Message}";
}

/// <summary>OPA's error codes.</summary>
public static class RegoErrorCodes
{
    /// <summary>The text is not Rego.</summary>
    public const string Parse = "rego_parse_error";

    /// <summary>A reference, import, name or structure that the compiler refuses.</summary>
    public const string Compile = "rego_compile_error";

    /// <summary>An operand that can never have the right type, or conflicting rules.</summary>
    public const string Type = "rego_type_error";

    /// <summary>A variable that nothing binds.</summary>
    public const string UnsafeVar = "rego_unsafe_var_error";

    /// <summary>A rule that depends on itself.</summary>
    public const string Recursion = "rego_recursion_error";

    /// <summary>Two results where there may be one.</summary>
    public const string EvalConflict = "eval_conflict_error";

    /// <summary>An operand of the wrong type at evaluation.</summary>
    public const string EvalType = "eval_type_error";

    /// <summary>A built-in that failed.</summary>
    public const string EvalBuiltin = "eval_builtin_error";

    /// <summary>The caller cancelled, or the deadline passed.</summary>
    public const string EvalCancel = "eval_cancel_error";

    /// <summary>A <c>with</c> modifier that would merge into a value that is not an object.</summary>
    public const string EvalWithMerge = "eval_with_merge_error";

    /// <summary>A bundle that cannot be read, or whose signature does not hold.</summary>
    public const string Bundle = "bundle_error";

    /// <summary>A limit of <see cref="Limits.RegoLimits"/> was reached. ToolGateway's own code: OPA has no such limits.</summary>
    public const string LimitExceeded = "eval_limit_error";
}
