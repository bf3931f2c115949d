using ToolGateway.Rego.Builtins.Regexp;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>The regex family.</summary>
internal static class RegexBuiltins
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("re_match(pattern:string, value:string) -> boolean", Match, BuiltinTraits.Deprecated),
        Signature.Declare(
            "regex.find_all_string_submatch_n(pattern:string, value:string, number:number) -> array[array[string]]", FindAllStringSubmatch),
        Signature.Declare("regex.find_n(pattern:string, value:string, number:number) -> array[string]", Find),
        Signature.Declare("regex.globs_match(glob1:string, glob2:string) -> boolean", GlobIntersection.Match),
        Signature.Declare("regex.is_valid(pattern:string) -> boolean", IsValid),
        Signature.Declare("regex.match(pattern:string, value:string) -> boolean", Match),
        Signature.Declare("regex.replace(s:string, pattern:string, value:string) -> string", Replace),
        Signature.Declare("regex.split(pattern:string, value:string) -> array[string]", Split),
        Signature.Declare(
            "regex.template_match(template:string, value:string, delimiter_start:string, delimiter_end:string) -> boolean", RegexTemplate.Match),
    ];

    private static RegoValue? IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        RegoBoolean.Of(args[0] is RegoString pattern && GoRegex.Parse(pattern.Value, context.Budget, out _, out _) is not null);

    private static RegoValue? Match(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString pattern)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString value)
            return context.FailOperand(2, "string", args[1]);
        return RegexCache.Get(context, pattern.Value) is { } regex ? RegoBoolean.Of(regex.IsMatch(value.Value, context.Budget)) : null;
    }

    private static RegoValue? Find(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!TryReadFind(context, args, out var regex, out var value, out var most))
            return null;
        var found = new List<RegoValue>();
        foreach (var match in RegexSearch.FindAll(regex, value, most, groups: false, context.Budget))
            found.Add(RegexSearch.Slice(context.Budget, value, match[0], match[1]));
        return RegoArray.Adopt([.. found]);
    }

    private static RegoValue? FindAllStringSubmatch(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!TryReadFind(context, args, out var regex, out var value, out var most))
            return null;
        var found = new List<RegoValue>();
        foreach (var match in RegexSearch.FindAll(regex, value, most, groups: true, context.Budget))
        {
            var groups = new RegoValue[match.Length / 2];
            for (var i = 0; i < groups.Length; i++)
                groups[i] = RegexSearch.Slice(context.Budget, value, match[2 * i], match[(2 * i) + 1]);
            found.Add(RegoArray.Adopt(groups));
        }

        return RegoArray.Adopt([.. found]);
    }

    private static bool TryReadFind(BuiltinContext context, ReadOnlySpan<RegoValue> args, out GoRegex regex, out string value, out long most)
    {
        regex = null!;
        value = "";
        most = 0;
        if (args[0] is not RegoString pattern)
            context.FailOperand(1, "string", args[0]);
        else if (args[1] is not RegoString text)
            context.FailOperand(2, "string", args[1]);
        else if (context.TryGetInteger(args, 3, out most) && RegexCache.Get(context, pattern.Value) is { } compiled)
            (regex, value) = (compiled, text.Value);
        return regex is not null;
    }

    private static RegoValue? Split(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString pattern)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString value)
            return context.FailOperand(2, "string", args[1]);
        if (RegexCache.Get(context, pattern.Value) is not { } regex)
            return null;
        if (pattern.Value.Length > 0 && value.Value.Length == 0)
            return RegoArray.Of(RegoString.Empty);
        var parts = new List<RegoValue>();
        var start = 0;
        var end = 0;
        foreach (var match in RegexSearch.FindAll(regex, value.Value, -1, groups: false, context.Budget))
        {
            end = match[0];
            if (match[1] != 0)
                parts.Add(RegexSearch.Slice(context.Budget, value.Value, start, end));
            start = match[1];
        }

        if (end != value.Value.Length)
            parts.Add(RegexSearch.Slice(context.Budget, value.Value, start, value.Value.Length));
        return RegoArray.Adopt([.. parts]);
    }

    private static RegoValue? Replace(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString pattern)
            return context.FailOperand(2, "string", args[1]);
        if (args[2] is not RegoString replacement)
            return context.FailOperand(3, "string", args[2]);
        return RegexCache.Get(context, pattern.Value) is { } regex
            ? new RegoString(RegexReplacement.Replace(regex, text.Value, replacement.Value, context.Budget))
            : null;
    }
}
