using System.Security.Cryptography;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>A name for what a policy was made of: the same sources and data give the same one, in any order.</summary>
internal static class PolicyRevision
{
    public static string Of(IEnumerable<RegoSource> sources, RegoObject data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in sources.OrderBy(static source => source.File, StringComparer.Ordinal).ThenBy(static source => source.Text, StringComparer.Ordinal))
        {
            Append(hash, source.File);
            Append(hash, source.Text);
        }

        Append(hash, data.ToJson());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }
}
