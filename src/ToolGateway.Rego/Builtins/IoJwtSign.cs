using System.Text;
using ToolGateway.Rego.Builtins.Tokens;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>io.jwt.encode_sign and encode_sign_raw.</summary>
internal static class IoJwtSign
{
    private const int StepsPerSignature = 1000;

    public static Builtin[] All { get; } =
    [
        Signature.Declare(
            "io.jwt.encode_sign(headers:object[string:any], payload:object[string:any], key:object[string:any]) -> string", EncodeSign, BuiltinTraits.Nondeterministic),
        Signature.Declare("io.jwt.encode_sign_raw(headers:string, payload:string, key:string) -> string", EncodeSignRaw, BuiltinTraits.Nondeterministic),
    ];

    private static RegoValue? EncodeSign(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        foreach (var arg in args)
            Spend(context, arg.ToJson());
        return Sign(context, args[0].ToJson(), args[1].ToJson(), args[2]);
    }

    private static RegoValue? EncodeSignRaw(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[2] is not RegoString keyText)
            return context.FailOperand(3, "string", args[2]);
        if (args[0] is not RegoString headers)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoString payload)
            return context.FailOperand(2, "string", args[1]);
        Spend(context, headers.Value);
        Spend(context, payload.Value);
        Spend(context, keyText.Value);
        return RegoJson.TryParse(keyText.Value, out var key, out var error)
            ? Sign(context, headers.Value, payload.Value, key)
            : context.Fail($"failed to unmarshal JWK set: {error}");
    }

    private static RegoValue? Sign(BuiltinContext context, string headerText, string payload, RegoValue keyJson)
    {
        if (Jwk.ReadAll(keyJson, out var error) is not { } keys)
            return context.Fail(error);
        if (keys.Count == 0)
            return context.Fail("no keys found in JWK set");
        error = ReadAlgorithm(headerText, out var header);
        if (error.Length > 0)
            return context.Fail($"missing or invalid 'alg' header: {error}");
        var algorithm = ((RegoString)Member(header, "alg")!).Value;
        if (!TokenAlgorithm.IsKnown(algorithm))
            return context.Fail($"unknown JWS algorithm: {algorithm}");
        var plain = Member(header, "typ") is RegoString { Value: not "JWT" };
        if (!plain && !RegoJson.TryParse(payload, out _, out _))
            return context.Fail("type is JWT but payload is not JSON");
        context.Budget.Step(StepsPerSignature);
        var signed = $"{Base64Url.Encode(Encoding.UTF8.GetBytes(headerText))}.{Base64Url.Encode(Encoding.UTF8.GetBytes(payload))}";
        return TokenAlgorithm.Sign(keys[0].Key, algorithm, Encoding.UTF8.GetBytes(signed)) is { } signature
            ? new RegoString($"{signed}.{Base64Url.Encode(signature)}")
            : context.Fail($"failed to sign: the key does not fit the algorithm {algorithm}");
    }

    private static string ReadAlgorithm(string text, out RegoObject? header)
    {
        header = null;
        if (text.Length == 0)
            return "cannot parse JSON: cannot parse empty string";
        if (!RegoJson.TryParse(text, out var json, out var error))
            return $"cannot parse JSON: {error}";
        header = json as RegoObject;
        return Member(header, "alg") switch
        {
            null => "jwsbb: header \"alg\" not found",
            RegoString => "",
            _ => "jwsbb: header \"alg\" is not a string",
        };
    }

    private static RegoValue? Member(RegoObject? header, string name) => header is not null && header.TryGetValue(name, out var value) ? value : null;

    private static void Spend(BuiltinContext context, string text)
    {
        context.Budget.Step(1 + (text.Length / 16));
        context.Budget.Charge(text.Length * 8L);
    }
}
