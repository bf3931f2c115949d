using System.Text;

namespace ToolGateway.ToolCalls.Bodies;

/// <summary>Case folding as widely as any common JSON library does it.</summary>
internal static class NameFolding
{
    /// <summary>
    /// <paramref name="name"/> with the few characters replaced that full case folding makes ASCII letters but ordinal comparison in .NET does not:
    /// Go's <c>encoding/json</c>, for one, binds a member spelled with a Kelvin sign to a field spelled with k.
    /// </summary>
    public static string Fold(string name)
    {
        if (Ascii.IsValid(name))
            return name;
        return name
            .Replace('\u212A', 'k')
            .Replace('\u017F', 's')
            .Replace('\u0130', 'i')
            .Replace('\u0131', 'i')
            .Replace('\u1E9E', '\u00DF')
            .Replace('\u03C2', '\u03C3')
            .Replace('\u212B', '\u00E5')
            .Replace('\u2126', '\u03C9');
    }
}
