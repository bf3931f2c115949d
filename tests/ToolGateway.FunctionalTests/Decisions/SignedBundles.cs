using System.Security.Cryptography;
using ToolGateway.Rego.Tests.Bundles;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>Signed bundles of a policy that allows reading customers and denies the rest with a reason that tells which bundle decided.</summary>
internal sealed class SignedBundles : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    public byte[] Pack(int revision) => Pack(revision, Rego(revision), Rego(revision));

    /// <summary>A bundle whose signature is over <paramref name="signed"/> and that holds <paramref name="packed"/>.</summary>
    public byte[] Pack(int revision, string signed, string packed) =>
        TestBundle.Pack([.. Files(revision, packed), TestBundle.Signatures(Sign(Files(revision, signed), 1_700_000_000 + revision))]);

    public byte[] PackSigned(params (string Path, string Text)[] files) => TestBundle.Pack([.. files, TestBundle.Signatures(Sign(files, 1_800_000_000))]);

    public static (string Path, string Text)[] Files(int revision, string rego) => [(".manifest", $$"""{"revision":"{{revision}}"}"""), ("policy.rego", rego)];

    public static string Rego(int revision) => $$"""
        package toolgateway

        decision := {"allow": allow, "reasons": reasons}

        default allow := false

        allow if {
        	input.subject.type == "agent"
        	input.action.name == "customers.read"
        }

        reasons contains "bundle_{{revision}}" if not allow

        visible := set()
        """;

    public void Dispose() => _key.Dispose();

    private string Sign((string Path, string Text)[] files, long issued)
    {
        var payload = TestBundle.Payload(files);
        payload["iat"] = issued;
        return TestBundle.Token(payload, "ES256", text => _key.SignData(text, HashAlgorithmName.SHA256));
    }
}
