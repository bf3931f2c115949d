using System.Globalization;
using System.Runtime.CompilerServices;
using ToolGateway.Identity;

namespace ToolGateway.Audit.Records;

/// <summary>The part of a decision record that says who called. It is the same for every call with a credential, so it is written once and kept.</summary>
internal static class CallerFormat
{
    private static readonly ConditionalWeakTable<Caller, byte[]> Known = [];

    public static void Write(RecordBuffer to, Caller? caller)
    {
        if (caller is null)
            to.Raw(",\"subject\":null,\"delegation\":null,\"credential\":null"u8);
        else
            to.Raw(Known.GetValue(caller, static known => Format(known)));
    }

    public static void Strings(RecordBuffer to, IReadOnlyList<string> values)
    {
        to.Raw((byte)'[');
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                to.Raw((byte)',');
            to.Text(values[i]);
        }

        to.Raw((byte)']');
    }

    private static byte[] Format(Caller caller)
    {
        var to = new RecordBuffer();
        to.Raw(",\"subject\":{\"type\":"u8);
        to.Text(caller.Type);
        to.Raw(",\"id\":"u8);
        to.Text(caller.Id);
        to.Raw(",\"name\":"u8);
        to.Text(caller.Agent?.Name);
        to.Raw(",\"owner\":"u8);
        to.Text(caller.Agent?.Owner);
        to.Raw(",\"environment\":"u8);
        to.Text(caller.Agent?.Environment);
        to.Raw(",\"tenant\":"u8);
        to.Text(caller.Agent?.Tenant);
        to.Raw(",\"review_by\":"u8);
        to.Text(caller.Agent?.ReviewBy?.ToString("O", CultureInfo.InvariantCulture));
        to.Raw("},\"delegation\":"u8);
        Delegation(to, caller);
        Credential(to, caller.Credential);
        return to.Written.ToArray();
    }

    private static void Delegation(RecordBuffer to, Caller caller)
    {
        if (caller.Delegation is not { } delegation)
        {
            to.Raw("null"u8);
            return;
        }

        to.Raw("{\"subject\":{\"type\":"u8);
        to.Text(delegation.Type);
        to.Raw(",\"id\":"u8);
        to.Text(delegation.Id);
        to.Raw("},\"actors\":"u8);
        Strings(to, caller.NestedActors);
        to.Raw((byte)'}');
    }

    private static void Credential(RecordBuffer to, CredentialInfo credential)
    {
        to.Raw(",\"credential\":{\"method\":"u8);
        to.Text(credential.Method);
        to.Raw(",\"issuer\":"u8);
        to.Text(credential.Issuer);
        to.Raw(",\"jti\":"u8);
        to.Text(credential.JwtId);
        to.Raw(",\"token_sha256\":"u8);
        to.Text(credential.TokenSha256);
        to.Raw(",\"x5t_s256\":"u8);
        to.Text(credential.CertificateSha256);
        to.Raw(",\"expires\":"u8);
        to.Time(credential.Expires);
        to.Raw((byte)'}');
    }
}
