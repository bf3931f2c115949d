using System.Buffers;

namespace ToolGateway.ToolCalls.Catalogue;

/// <summary>The form of header names and methods (RFC 9110 section 5.6.2).</summary>
internal static class HeaderNames
{
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsToken(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters);
}
