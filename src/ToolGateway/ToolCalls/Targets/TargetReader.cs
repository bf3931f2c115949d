using System.Buffers;
using System.Globalization;
using System.Text;
using ToolGateway.Enforcement;

namespace ToolGateway.ToolCalls.Targets;

/// <summary>
/// Reads raw request targets. Only the canonical spelling of a target is accepted, because Kestrel, YARP and tools each rewrite other spellings in their own
/// way: what was decided would not be what the tool sees.
/// </summary>
internal static class TargetReader
{
    private const string Prefix = "/tools/";
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<char> UnreservedCharacters = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(Unreserved + "!$&'()*+,=:@/");

    // A plus sign in a query is a space to some tools and a plus to others.
    private static readonly SearchValues<char> QueryCharacters = SearchValues.Create(Unreserved + "!$&'()*,=:@/");

    private static readonly CallRefusal NotOriginForm = Invalid("The request target must begin with a slash.");
    private static readonly CallRefusal BadPath = Invalid("The path has a character that must be percent-encoded.");
    private static readonly CallRefusal BadQuery = Invalid("The query has a character that must be percent-encoded (a space is %20, a plus sign %2B).");
    private static readonly CallRefusal BadTriplet = Invalid(
        "A percent-encoding is not in canonical form: upper-case, valid UTF-8, and never for unreserved characters, controls, '/', '\\', '%' or ';'.");

    private static readonly CallRefusal BadSegment = Invalid("The path has an empty, '.' or '..' segment.");
    private static readonly CallRefusal NoTool = new(404, ReasonCodes.ToolUnknown, "There is no such tool; calls go to /tools/{name}.");

    /// <summary>Splits <paramref name="raw"/>, or says why it is refused.</summary>
    public static CallRefusal? Read(string raw, out ToolTarget target)
    {
        target = default;
        if (!IsOriginForm(raw))
            return NotOriginForm;
        var question = raw.AsSpan().IndexOf('?');
        var pathEnd = question < 0 ? raw.Length : question;
        var path = raw.AsSpan(0, pathEnd);
        var refusal = CheckCharacters(path, PathCharacters, BadPath)
            ?? (HasOnlyPlainSegments(path) ? null : BadSegment)
            ?? (question < 0 ? null : CheckCharacters(raw.AsSpan(question + 1), QueryCharacters, BadQuery));
        if (refusal is not null)
            return refusal;
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
            return NoTool;
        var name = path[Prefix.Length..];
        var slash = name.IndexOf('/');
        target = new ToolTarget(raw, Prefix.Length, slash < 0 ? pathEnd : Prefix.Length + slash, pathEnd);
        return name.IsEmpty || slash == 0 ? NoTool : null;
    }

    /// <summary>Absolute, authority and asterisk forms are for other kinds of servers.</summary>
    internal static bool IsOriginForm(string raw) => raw.Length > 0 && raw[0] == '/';

    /// <summary>No segment is empty, <c>.</c> or <c>..</c>; only the path at a tool may be a lone slash.</summary>
    internal static bool HasOnlyPlainSegments(ReadOnlySpan<char> path)
    {
        if (path.Length == 1)
            return true;
        var rest = path[1..];
        for (var index = 0; ; index++)
        {
            var slash = rest.IndexOf('/');
            var segment = slash < 0 ? rest : rest[..slash];

            // /tools/{name}/ is the tool's root, not an empty segment after it.
            if (segment is "." or ".." || (segment.IsEmpty && !(slash < 0 && index == 2)))
                return false;
            if (slash < 0)
                return true;
            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>A segment as a canonical target spells it.</summary>
    internal static bool IsCanonicalSegment(ReadOnlySpan<char> segment) =>
        !segment.IsEmpty && !segment.Contains('/') && CheckCharacters(segment, PathCharacters, BadPath) is null;

    /// <summary>Only listed characters, and percent-encodings in canonical form.</summary>
    private static CallRefusal? CheckCharacters(ReadOnlySpan<char> text, SearchValues<char> allowed, CallRefusal otherwise)
    {
        while (true)
        {
            var next = text.IndexOfAnyExcept(allowed);
            if (next < 0)
                return null;
            if (text[next] != '%')
                return otherwise;
            var length = EncodedRuneLength(text[next..]);
            if (length == 0)
                return BadTriplet;
            text = text[(next + length)..];
        }
    }

    /// <summary>How many characters the percent-encoded character at the start of <paramref name="text"/> takes; 0 when it is not canonical.</summary>
    internal static int EncodedRuneLength(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        var count = 0;
        while (count < bytes.Length && TryReadTriplet(text[(count * 3)..], out bytes[count]))
            count++;
        if (Rune.DecodeFromUtf8(bytes[..count], out var rune, out var used) != OperationStatus.Done)
            return 0;
        return MayBeEncoded(rune) ? used * 3 : 0;
    }

    /// <summary>An upper-case percent triplet.</summary>
    internal static bool TryReadTriplet(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        if (text.Length < 3 || text[0] != '%' || !char.IsAsciiHexDigitUpper(text[1]) || !char.IsAsciiHexDigitUpper(text[2]))
            return false;
        value = byte.Parse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>Characters that have no other spelling and mean nothing to whoever decodes too often.</summary>
    internal static bool MayBeEncoded(Rune rune) =>
        !Rune.IsControl(rune)
        && rune.Value is not ('/' or '\\' or '%' or ';')
        && !(rune.IsAscii && UnreservedCharacters.Contains((char)rune.Value));

    private static CallRefusal Invalid(string detail) => new(400, ReasonCodes.TargetInvalid, detail);
}
