using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>semver.compare and semver.is_valid (Semantic Versioning 2.0.0, without a leading v).</summary>
internal static class Semver
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("semver.compare(a:string, b:string) -> number", Compare),
        Signature.Declare("semver.is_valid(vsn:any) -> boolean", (c, a) => IsValid(c, a)),
    ];

    private static RegoBoolean IsValid(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString { Value: var text })
            return RegoBoolean.False;
        context.SpendText(text.Length);
        return RegoBoolean.Of(Version.Parse(text) is not null);
    }

    private static RegoValue? Compare(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var a) || !context.TryGetText(args, 2, out var b))
            return null;
        context.SpendText((long)a.Length + b.Length);
        if (Version.Parse(a) is not { } x)
            return context.Fail($"semver.compare: operand 1: string {GoQuote.Quote(a)} is not a valid SemVer");
        if (Version.Parse(b) is not { } y)
            return context.Fail($"semver.compare: operand 2: string {GoQuote.Quote(b)} is not a valid SemVer");
        return RegoNumber.Of(Version.Compare(x, y));
    }

    private sealed record Version(string[] Core, string[] PreRelease)
    {
        public static Version? Parse(string text)
        {
            var plus = text.IndexOf('+', StringComparison.Ordinal);
            if (plus >= 0 && !text[(plus + 1)..].Split('.').All(IsIdentifier))
                return null;
            var rest = plus < 0 ? text : text[..plus];
            var dash = rest.IndexOf('-', StringComparison.Ordinal);
            var pre = dash < 0 ? [] : rest[(dash + 1)..].Split('.');
            var core = (dash < 0 ? rest : rest[..dash]).Split('.');
            var valid = core.Length == 3 && core.All(IsNumber) && pre.All(part => IsIdentifier(part) && (!IsDigits(part) || IsNumber(part)));
            return valid ? new Version(core, pre) : null;
        }

        public static int Compare(Version a, Version b)
        {
            for (var i = 0; i < 3; i++)
            {
                var order = CompareNumbers(a.Core[i], b.Core[i]);
                if (order != 0)
                    return order;
            }

            // A version without pre-release comes after the same version with one.
            if (a.PreRelease.Length == 0 || b.PreRelease.Length == 0)
                return b.PreRelease.Length.CompareTo(0) - a.PreRelease.Length.CompareTo(0);
            for (var i = 0; i < a.PreRelease.Length && i < b.PreRelease.Length; i++)
            {
                var order = CompareIdentifiers(a.PreRelease[i], b.PreRelease[i]);
                if (order != 0)
                    return order;
            }

            return a.PreRelease.Length.CompareTo(b.PreRelease.Length);
        }

        private static int CompareIdentifiers(string a, string b)
        {
            if (IsDigits(a) && IsDigits(b))
                return CompareNumbers(a, b);
            if (IsDigits(a) != IsDigits(b))
                return IsDigits(a) ? -1 : 1;
            return Math.Sign(string.CompareOrdinal(a, b));
        }

        private static int CompareNumbers(string a, string b) =>
            a.Length != b.Length ? a.Length.CompareTo(b.Length) : Math.Sign(string.CompareOrdinal(a, b));

        private static bool IsDigits(string part) => part.Length > 0 && part.All(char.IsAsciiDigit);

        private static bool IsNumber(string part) => IsDigits(part) && (part.Length == 1 || part[0] != '0');

        private static bool IsIdentifier(string part) => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
    }
}
