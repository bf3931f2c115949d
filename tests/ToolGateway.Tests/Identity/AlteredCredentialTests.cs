using ToolGateway.Identity.Certificates;

namespace ToolGateway.Tests.Identity;

/// <summary>Whatever is changed in a good credential, nobody becomes somebody else, and nothing fails in an unexpected way.</summary>
public sealed class AlteredCredentialTests : IDisposable
{
    private const int Rounds = 400;

    private readonly IdentityKit _kit = new();

    public void Dispose() => _kit.Dispose();

    [Fact]
    public async Task Identify_TokenWithAnyCharacterChanged_IsRefusedOrMeansTheSame()
    {
        const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= ,\"é";
        var (random, token) = (new Random(11), _kit.Token());
        var accepted = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var text = token.ToCharArray();
            text[random.Next(text.Length)] = Characters[random.Next(Characters.Length)];
            var result = await _kit.IdentifyAsync(new string(text));
            Assert.Equal(result.Caller is null, result.Refusal is not null);
            Assert.Equal($"{IdentityKit.IssuerUrl}#support", result.Caller?.Id ?? $"{IdentityKit.IssuerUrl}#support");
            accepted += result.Caller is null ? 0 : 1;
        }

        // The same character again, or the unused bits at the end of a part.
        Assert.InRange(accepted, 0, Rounds / 20);
    }

    [Fact]
    public async Task Identify_CutOrDoubledToken_IsRefused()
    {
        var token = _kit.Token();
        for (var length = 0; length < token.Length - 1; length += 7)
            Assert.Null((await _kit.IdentifyAsync(token[..length])).Caller);
        Assert.Null((await _kit.IdentifyAsync(token + token)).Caller);
        Assert.Null((await _kit.IdentifyAsync($"{token}.{token.Split('.')[2]}")).Caller);
    }

    [Fact]
    public async Task Identify_CertificateWithAnyByteChanged_IsRefusedOrMeansTheSame()
    {
        using var svid = _kit.Svid();
        var random = new Random(12);
        var accepted = 0;
        for (var i = 0; i < Rounds; i++)
        {
            var bytes = (byte[])svid.RawData.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var context = IdentityKit.Context();
            context.Features.Set(new ClientCertificate(bytes, []));
            var result = await _kit.IdentifyAsync(context);
            Assert.Equal(result.Caller is null, result.Refusal is not null);
            Assert.Equal(IdentityKit.SupportId, result.Caller?.Id ?? IdentityKit.SupportId);
            accepted += result.Caller is null ? 0 : 1;
        }

        Assert.InRange(accepted, 0, Rounds / 20);
    }

    [Fact]
    public async Task Identify_SentCertificateThatIsNone_IsRefused()
    {
        using var svid = _kit.Svid();
        var context = IdentityKit.Context();
        context.Features.Set(new ClientCertificate(svid.RawData, [[1, 2, 3]]));
        Assert.NotNull((await _kit.IdentifyAsync(context)).Refusal);
    }
}
