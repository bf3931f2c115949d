using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace ToolGateway.Identity.Tokens;

/// <summary>When a published key ends, where the JWK says so.</summary>
internal static class KeyEnd
{
    /// <summary>The earlier of <c>exp</c> and the end of the certificate in <c>x5c</c>; null when there is neither, or what is there cannot be read.</summary>
    public static DateTimeOffset? Of(JsonElement jwk)
    {
        var (stated, certified) = (Stated(jwk), Certified(jwk));
        return stated is null || certified < stated ? certified : stated;
    }

    private static DateTimeOffset? Stated(JsonElement jwk) =>
        jwk.TryGetProperty("exp", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static DateTimeOffset? Certified(JsonElement jwk)
    {
        if (!jwk.TryGetProperty("x5c", out var chain) || chain.ValueKind != JsonValueKind.Array || chain.GetArrayLength() == 0
            || chain[0].ValueKind != JsonValueKind.String || !chain[0].TryGetBytesFromBase64(out var der))
        {
            return null;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return certificate.NotAfter.ToUniversalTime();
        }
        catch (CryptographicException)
        {
            // It verifies nothing here, so a bad one is no reason to refuse the key.
            return null;
        }
    }
}
