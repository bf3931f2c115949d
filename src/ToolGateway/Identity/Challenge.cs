using System.Text;
using ToolGateway.ToolCalls;

namespace ToolGateway.Identity;

/// <summary>The <c>WWW-Authenticate</c> header of a refusal (RFC 6750 section 3, RFC 9728 section 5.1).</summary>
internal static class Challenge
{
    /// <summary>The header's value. Without a credential it has no error code.</summary>
    public static string For(IdentityRefusal refusal, Tool? tool, string? publicUrl)
    {
        var text = new StringBuilder("Bearer");
        if (refusal.ChallengeError is { } error)
        {
            Append(text, "error", error);
            Append(text, "error_description", refusal.Detail);
        }

        if (tool is not null && publicUrl is not null)
            Append(text, "resource_metadata", ResourceMetadata.Address(publicUrl, tool.Name));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string value)
    {
        text.Append(text.Length > "Bearer".Length ? ", " : " ").Append(name).Append("=\"");
        foreach (var c in value)
        {
            // The characters of error_description: %x20-21 / %x23-5B / %x5D-7E.
            text.Append(c is >= ' ' and <= '~' and not '"' and not '\\' ? c : '\'');
        }

        text.Append('"');
    }
}
