using ToolGateway.Rego.Builtins.Cryptography;

namespace ToolGateway.Rego.Tests.Builtins.Cryptography;

public sealed class Ed25519Tests
{
    // RFC 8032, section 7.1, tests 1 to 3.
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void SignAndVerify_PublishedVectors_Agree(string seed, string publicKey, string message, string signature)
    {
        var bytes = Convert.FromHexString(message);
        Assert.Equal(publicKey, Convert.ToHexStringLower(Ed25519.PublicKey(Convert.FromHexString(seed))));
        Assert.Equal(signature, Convert.ToHexStringLower(Ed25519.Sign(Convert.FromHexString(seed), bytes)));
        Assert.True(Ed25519.Verify(Convert.FromHexString(publicKey), bytes, Convert.FromHexString(signature)));
    }

    [Fact]
    public void Verify_AnyBitChanged_IsFalse()
    {
        var seed = new byte[32];
        var key = Ed25519.PublicKey(seed);
        byte[] message = [1, 2, 3];
        var signature = Ed25519.Sign(seed, message);
        for (var i = 0; i < signature.Length; i += 7)
        {
            var changed = (byte[])signature.Clone();
            changed[i] ^= 1;
            Assert.False(Ed25519.Verify(key, message, changed));
        }

        Assert.False(Ed25519.Verify(key, [1, 2, 4], signature));
        Assert.False(Ed25519.Verify(key.AsSpan(1), message, signature));
        Assert.False(Ed25519.Verify(key, message, signature.AsSpan(1)));
    }
}
