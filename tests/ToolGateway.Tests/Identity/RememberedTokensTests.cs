using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ToolGateway.Identity;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Tests.Identity;

public sealed class RememberedTokensTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5_000)]
    public void Digest_OfAnyLength_IsSha256(int length)
    {
        var (token, digest) = (new string('a', length), new byte[32]);
        RememberedTokens.Digest(token, digest);
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(token)), digest);
    }

    [Fact]
    public void Add_FloodOfTokens_StaysBounded()
    {
        using var remembered = new RememberedTokens(TimeProvider.System);
        var token = Token(TimeSpan.FromHours(1));
        var digest = new byte[32];
        for (var i = 0; i < 12_000; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(digest, i);
            remembered.Add(digest, token);
        }

        Assert.InRange(remembered.Count, 1, 10_000);
    }

    [Fact]
    public void Add_TokenThatEndsJustNow_IsNotRemembered()
    {
        using var remembered = new RememberedTokens(TimeProvider.System);

        remembered.Add(new byte[32], Token(TimeSpan.Zero));

        Assert.Equal(0, remembered.Count);
    }

    private static VerifiedToken Token(TimeSpan lifetime)
    {
        var keys = KeySet.Parse("""{ "keys": [] }"""u8.ToArray(), []);
        return new VerifiedToken
        {
            Rules = new TokenRules
            {
                Method = "jwt",
                Audience = "a",
                Types = [],
                IsTypeRequired = true,
                Algorithms = [],
                IsKeyIdRequired = false,
                MaxLifetime = TimeSpan.FromHours(1),
                Keys = new FileKeys(keys),
            },
            Keys = keys,
            Audiences = [],
            MustBeBound = false,
            Subject = new TokenSubject("agent", "x", null, []),
            Credential = new CredentialInfo("jwt", null, null, null, null, TimeProvider.System.GetUtcNow() + lifetime),
        };
    }
}
