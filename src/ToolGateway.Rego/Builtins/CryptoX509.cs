using ToolGateway.Rego.Builtins.Cryptography;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>crypto.x509.*: certificates, chains and requests.</summary>
internal static class CryptoX509
{
    private const long NanosecondsPerTick = 100;
    private const int StepsPerCertificate = 200;

    /// <summary>Names of the purposes, in the order of Go's numbers.</summary>
    private static readonly string[] Purposes =
    [
        "KeyUsageAny", "KeyUsageServerAuth", "KeyUsageClientAuth", "KeyUsageCodeSigning", "KeyUsageEmailProtection", "KeyUsageIPSECEndSystem",
        "KeyUsageIPSECTunnel", "KeyUsageIPSECUser", "KeyUsageTimeStamping", "KeyUsageOCSPSigning", "KeyUsageMicrosoftServerGatedCrypto",
        "KeyUsageNetscapeServerGatedCrypto", "KeyUsageMicrosoftCommercialCodeSigning", "KeyUsageMicrosoftKernelCodeSigning",
    ];

    public static Builtin[] All { get; } =
    [
        Signature.Declare("crypto.x509.parse_and_verify_certificates(certs:string) -> array<boolean, array[object[string:any]]>", ParseAndVerify),
        Signature.Declare(
            "crypto.x509.parse_and_verify_certificates_with_options(certs:string, options:object[string:any]) -> array<boolean, array[object[string:any]]>",
            ParseAndVerifyWithOptions),
        Signature.Declare("crypto.x509.parse_certificate_request(csr:string) -> object[string:any]", ParseRequest),
        Signature.Declare("crypto.x509.parse_certificates(certs:string) -> array[object[string:any]]", ParseCertificates),
    ];

    private static RegoValue? ParseCertificates(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        return CertificateText.Read(context, text.Value, out var error) is { } certificates
            ? RegoArray.From(certificates.Select(certificate => CertificateValue.Of(certificate, withUriStrings: true)))
            : context.Fail(error);
    }

    private static RegoValue? ParseRequest(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        if (CertificateText.ReadRequest(context, text.Value, out var error) is not { } der)
            return context.Fail(error);
        return CertificateRequest.ToValue(der) is { } value ? value : context.Fail("x509: malformed certificate request");
    }

    private static RegoValue? ParseAndVerify(BuiltinContext context, ReadOnlySpan<RegoValue> args) =>
        args[0] is RegoString text
            ? Verify(context, text.Value, new ChainOptions("", Now(context.NowNanoseconds), []), withUriStrings: true)
            : context.FailOperand(1, "string", args[0]);

    private static RegoValue? ParseAndVerifyWithOptions(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoString text)
            return context.FailOperand(1, "string", args[0]);
        if (args[1] is not RegoObject members)
            return context.FailOperand(2, "object", args[1]);
        if (CertificateText.Read(context, text.Value, out _) is null)
            return Invalid();
        return ReadOptions(members, context.NowNanoseconds, out var error) is { } options
            ? Verify(context, text.Value, options, withUriStrings: false)
            : context.Fail(error);
    }

    private static RegoArray Verify(BuiltinContext context, string text, ChainOptions options, bool withUriStrings)
    {
        if (CertificateText.Read(context, text, out _) is not { } certificates)
            return Invalid();
        context.Budget.Step((long)StepsPerCertificate * certificates.Count);
        return CertificateChain.Verify(certificates, options) is { } chain
            ? RegoArray.Of(RegoBoolean.True, RegoArray.From(chain.Select(certificate => CertificateValue.Of(certificate, withUriStrings))))
            : Invalid();
    }

    private static ChainOptions? ReadOptions(RegoObject members, long now, out string error)
    {
        error = "";
        var options = new ChainOptions("", Now(now), []);
        foreach (var (key, value) in members.Members)
        {
            switch ((key as RegoString)?.Value, value)
            {
                case ("DNSName", RegoString name):
                    options = options with { DnsName = name.Value.Trim('"') };
                    break;
                case ("CurrentTime", RegoNumber number) when number.TryGetInt64(out var time):
                    options = options with { Time = Now(time) };
                    break;
                case ("MaxConstraintComparisons", RegoNumber number) when number.TryGetInt64(out _):
                    break;
                case ("KeyUsages", RegoArray or RegoSet):
                    var names = ((IEnumerable<RegoValue>)value).OfType<RegoString>().Select(name => name.Value.Trim('"')).ToList();
                    var unknown = names.FindAll(name => !Purposes.Contains(name));
                    if (unknown.Count > 0)
                        error = $"invalid entries for 'KeyUsages' found: [{string.Join(' ', unknown)}]";
                    options = options with { Purposes = names.ConvertAll(name => Array.IndexOf(Purposes, name)) };
                    break;
                case (null, _):
                    break;
                case (var name, _):
                    error = Complaint(name, value);
                    break;
            }

            if (error.Length > 0)
                return null;
        }

        return options;
    }

    private static string Complaint(string name, RegoValue value) => name switch
    {
        "DNSName" => "'DNSName' should be a string",
        "CurrentTime" => value is RegoNumber ? "'CurrentTime' should be a valid int64 number" : "'CurrentTime' should be a number",
        "MaxConstraintComparisons" => value is RegoNumber ? "'MaxConstraintComparisons' should be a valid number" : "'MaxConstraintComparisons' should be a number",
        "KeyUsages" => "'KeyUsages' should be an Array or Set",
        _ => "invalid key option",
    };

    private static DateTimeOffset Now(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / NanosecondsPerTick);

    private static RegoArray Invalid() => RegoArray.Of(RegoBoolean.False, RegoArray.Empty);
}
