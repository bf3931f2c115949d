using System.Security.Cryptography;
using System.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>crypto.* digests and message authentication codes, over the UTF-8 of their operands.</summary>
internal static class CryptoHashes
{
    public static Builtin[] All { get; } =
    [
        Signature.Declare("crypto.hmac.equal(mac1:string, mac2:string) -> boolean", HmacEqual),
        Signature.Declare("crypto.hmac.md5(x:string, key:string) -> string", (c, a) => Hmac(c, a, HashAlgorithmName.MD5)),
        Signature.Declare("crypto.hmac.sha1(x:string, key:string) -> string", (c, a) => Hmac(c, a, HashAlgorithmName.SHA1)),
        Signature.Declare("crypto.hmac.sha256(x:string, key:string) -> string", (c, a) => Hmac(c, a, HashAlgorithmName.SHA256)),
        Signature.Declare("crypto.hmac.sha512(x:string, key:string) -> string", (c, a) => Hmac(c, a, HashAlgorithmName.SHA512)),
        Signature.Declare("crypto.md5(x:string) -> string", (c, a) => Hash(c, a, HashAlgorithmName.MD5)),
        Signature.Declare("crypto.sha1(x:string) -> string", (c, a) => Hash(c, a, HashAlgorithmName.SHA1)),
        Signature.Declare("crypto.sha256(x:string) -> string", (c, a) => Hash(c, a, HashAlgorithmName.SHA256)),
    ];

    private static RegoValue? Hash(BuiltinContext context, ReadOnlySpan<RegoValue> args, HashAlgorithmName algorithm) =>
        args[0] is RegoString text
            ? new RegoString(Convert.ToHexStringLower(CryptographicOperations.HashData(algorithm, Bytes(context, text))))
            : context.FailOperand(1, "string", args[0]);

    private static RegoValue? Hmac(BuiltinContext context, ReadOnlySpan<RegoValue> args, HashAlgorithmName algorithm)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString key)
            return context.FailOperand(2, "string", args[1]);
        return new RegoString(Convert.ToHexStringLower(CryptographicOperations.HmacData(algorithm, Bytes(context, key), Bytes(context, text))));
    }

    private static RegoValue? HmacEqual(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString first)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString second)
            return context.FailOperand(2, "string", args[1]);
        return RegoBoolean.Of(CryptographicOperations.FixedTimeEquals(Bytes(context, first), Bytes(context, second)));
    }

    private static byte[] Bytes(BuiltinContext context, RegoString text)
    {
        context.Budget.Step(1 + (text.Value.Length / 64));
        context.Budget.Charge(text.Value.Length * 3L);
        return Encoding.UTF8.GetBytes(text.Value);
    }
}
