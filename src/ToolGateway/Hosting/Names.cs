using System.Text.RegularExpressions;

namespace ToolGateway.Hosting;

/// <summary>The form of names that are keys of configuration maps.</summary>
internal static partial class Names
{
    public const string Repair = "a name is made of A-Z, a-z, 0-9, '_', '.' and '-'";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
