using System.Text;
using ToolGateway.Rego.Builtins.Cryptography;
using ToolGateway.Rego.Builtins.Tokens;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>io.jwt.decode, the verifications and decode_verify.</summary>
internal static class IoJwt
{
    // A verification is worth far more than a step; policies that verify in a loop reach the limit.
    private const int StepsPerSignature = 200;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("io.jwt.decode(jwt:string) -> array<object, object, string>", Decode),
        Signature.Declare("io.jwt.decode_verify(jwt:string, constraints:object[string:any]) -> array<boolean, object, object>", DecodeVerify, BuiltinTraits.Nondeterministic),
        .. Verifications(),
    ];

    private static IEnumerable<Builtin> Verifications()
    {
        foreach (var name in (string[])["es256", "es384", "es512", "ps256", "ps384", "ps512", "rs256", "rs384", "rs512"])
            yield return DeclareVerify(name, name.ToUpperInvariant());
        yield return DeclareVerify("eddsa", "EdDSA");
        foreach (var name in (string[])["hs256", "hs384", "hs512"])
        {
            var algorithm = name.ToUpperInvariant();
            yield return Signature.Declare($"io.jwt.verify_{name}(jwt:string, secret:string) -> boolean", (context, args) => VerifySecret(context, args, algorithm));
        }
    }

    private static Builtin DeclareVerify(string name, string algorithm) =>
        Signature.Declare($"io.jwt.verify_{name}(jwt:string, certificate:string) -> boolean", (context, args) => Verify(context, args, algorithm));

    private static RegoValue? Decode(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        var encoded = text.Value;
        while (true)
        {
            Spend(context, encoded);
            if (Jwt.Split(encoded, out var error) is not { } token || token.DecodeHeader(out error) is not { } header
                || token.DecodePayload(out error) is not { } payload)
                return context.Fail(error);
            if (header.TryGetValue("cty", out var type) && type is RegoString { Value: "JWT" })
            {
                // A token within a token is quoted by those who make it.
                encoded = Encoding.UTF8.GetString(payload).Trim('"', '\'');
                continue;
            }

            if (Jwt.ReadObject(payload, out error) is not { } claims)
                return context.Fail(error);
            if (Base64Url.Decode(token.Signature, out error) is not { } signature)
                return context.Fail($"JWT signature had invalid encoding: {error}");
            return RegoArray.Of(header, claims, new RegoString(Convert.ToHexStringLower(signature)));
        }
    }

    private static RegoValue? Verify(BuiltinContext context, ReadOnlySpan<RegoValue> args, string algorithm)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        if (Jwt.Split(text.Value, out var error) is not { } token)
            return context.Fail(error);
        if (args[1] is not RegoString certificate)
            return context.FailOperand(2, "string", args[1]);
        Spend(context, text.Value);
        Spend(context, certificate.Value);
        if (TokenKeys.Read(certificate.Value, out error) is not { } keys || Base64Url.Decode(token.Signature, out error) is not { } signature
            || token.DecodeHeader(out error) is not { } members || TokenHeader.Read(members, out error) is not { } header)
            return context.Fail(error);
        context.Budget.Step(StepsPerSignature * keys.Count);
        return RegoBoolean.Of(TokenKeys.AnyVerifies(keys, header.KeyId, header.Algorithm, algorithm, token, signature));
    }

    private static RegoValue? VerifySecret(BuiltinContext context, ReadOnlySpan<RegoValue> args, string algorithm)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString secret)
            return context.FailOperand(2, "string", args[1]);
        Spend(context, text.Value);
        Spend(context, secret.Value);
        if (Jwt.Split(text.Value, out var error) is not { } token || Base64Url.Decode(token.Signature, out error) is not { } signature)
            return context.Fail(error);
        return RegoBoolean.Of(TokenAlgorithm.Verify(new SecretKey(Encoding.UTF8.GetBytes(secret.Value)), algorithm, token.Signed, signature));
    }

    private static RegoValue? DecodeVerify(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[1] is not RegoObject options)
            return context.FailOperand(2, "object", args[1]);
        if (TokenConstraints.Read(options, context.NowNanoseconds, out var error) is not { } constraints)
            return context.Fail(error);
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        var encoded = text.Value;
        while (true)
        {
            Spend(context, encoded);
            context.Budget.Step(StepsPerSignature);
            if (Jwt.Split(encoded, out error) is not { } token || token.DecodeHeader(out error) is not { } members
                || TokenHeader.Read(members, out error) is not { } header)
                return context.Fail(error);
            if (!constraints.Allows(header))
                return Unverified();
            if (Base64Url.Decode(token.Signature, out error) is not { } signature)
                return context.Fail(error);
            if (!constraints.Verifies(header, token, signature))
                return Unverified();
            if (token.DecodePayload(out error) is not { } payload)
                return context.Fail(error);
            if (header.ContentType.Equals("JWT", StringComparison.OrdinalIgnoreCase))
            {
                encoded = Encoding.UTF8.GetString(payload);
                continue;
            }

            if (Jwt.ReadObject(payload, out error) is not { } claims || constraints.Allow(claims, out error) is not { } allowed)
                return context.Fail(error);
            return allowed ? RegoArray.Of(RegoBoolean.True, members, claims) : Unverified();
        }
    }

    private static RegoArray Unverified() => RegoArray.Of(RegoBoolean.False, RegoObject.Empty, RegoObject.Empty);

    private static void Spend(BuiltinContext context, string text)
    {
        context.Budget.Step(1 + (text.Length / 16));
        context.Budget.Charge(text.Length * 8L);
    }
}
