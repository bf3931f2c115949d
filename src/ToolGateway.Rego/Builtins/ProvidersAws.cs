using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using ToolGateway.Rego.Builtins.Timing;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>providers.aws.sign_req: signs a request object with AWS Signature Version 4.</summary>
internal static class ProvidersAws
{
    private const int Steps = 100;

    private static readonly string[] RequiredConfig = ["aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"];
    private static readonly string[] RequiredRequest = ["method", "url"];

    /// <summary>The members that http.send takes.</summary>
    private static readonly FrozenSet<string> RequestMembers = FrozenSet.Create(
        "body", "cache", "cache_ignored_headers", "caching_mode", "enable_redirect", "force_cache", "force_cache_duration_seconds", "force_json_decode",
        "force_yaml_decode", "headers", "max_retry_attempts", "method", "raise_error", "raw_body", "timeout", "tls_ca_cert", "tls_ca_cert_env_variable",
        "tls_ca_cert_file", "tls_client_cert", "tls_client_cert_env_variable", "tls_client_cert_file", "tls_client_key", "tls_client_key_env_variable",
        "tls_client_key_file", "tls_insecure_skip_verify", "tls_server_name", "tls_use_system_certs", "url");

    public static Builtin[] All { get; } =
    [
        Signature.Declare(
            "providers.aws.sign_req(request:object[string:any], aws_config:object[string:any], time_ns:number) -> object[any:any]", SignRequest),
    ];

    private static RegoValue? SignRequest(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (args[0] is not RegoObject request)
            return context.FailOperand(1, "object", args[0]);
        if (args[1] is not RegoObject config)
            return context.FailOperand(1, "object", args[1]);
        if (Missing(config, RequiredConfig) is { Count: > 0 } missing)
            return context.FailType($"operand 2 missing required AWS config parameters(s): {missing}");
        if (NotText(config, RequiredConfig) is { Count: > 0 } invalid)
            return context.FailType($"operand 2 invalid values for required AWS config parameters(s): {invalid}");
        if (args[2] is not RegoNumber number)
            return context.FailOperand(1, "number", args[2]);
        // As in OPA the number must be written as an integer: 1e9 is not.
        if (!number.IsInt64 || !number.TryGetInt64(out var nanoseconds))
            return context.FailType("operand 3 could not convert time_ns value into a unix timestamp");
        if (!CheckRequest(context, request))
            return null;
        var headers = RegoObject.Empty;
        if (request.TryGetValue("headers", out var given))
        {
            if (given is not RegoObject map)
                return context.FailOperand(0, "object", given);
            headers = map;
        }

        if (GoUri.Parse(Text(request, "url"), out var error) is not { } url)
            return context.Fail($"parse {new RegoString(Text(request, "url")).ToJson()}: {error}");
        if (config.TryGetValue("disable_payload_signing", out var flag) && flag is not RegoBoolean)
            return context.FailType("operand 2 invalid value for 'disable_payload_signing' in AWS config");
        context.Budget.Step(Steps);
        var signed = Sign(context, request, config, headers, url, CivilTime.FromNanoseconds(nanoseconds, Zone.Utc));
        var result = new RegoObjectBuilder();
        foreach (var (key, value) in request.Members)
            result.Set(key, value);
        result.Set("headers", signed);
        return result.ToObject();
    }

    private static bool CheckRequest(BuiltinContext context, RegoObject request)
    {
        var unknown = RegoSet.From(request.Members.ToArray().Select(pair => pair.Key).Where(key => key is not RegoString name || !RequestMembers.Contains(name.Value)));
        if (unknown.Count > 0)
            context.FailType($"operand 1 invalid request parameters(s): {unknown}");
        else if (Missing(request, RequiredRequest) is { Count: > 0 } missing)
            context.FailType($"operand 1 missing required request parameters(s): {missing}");
        else if (NotText(request, RequiredRequest) is { Count: > 0 } invalid)
            context.FailType($"operand 1 invalid values for required request parameters(s): {invalid}");
        else
            return true;
        return false;
    }

    private static RegoObject Sign(BuiltinContext context, RegoObject request, RegoObject config, RegoObject headers, GoUri url, CivilTime time)
    {
        var body = Body(request);
        context.Budget.Step(body.Length / 64);
        context.Budget.Charge(body.Length * 4L);
        var unsigned = config.TryGetValue("disable_payload_signing", out var flag) && flag.Equals(RegoBoolean.True);
        var bodyHash = unsigned ? "UNSIGNED-PAYLOAD" : Hex(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var service = Text(config, "aws_service");
        var stamp = GoTimeFormatter.Format(time, "20060102T150405Z", context.Budget)!;
        var added = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = Host(request),
            ["x-amz-date"] = stamp,
        };
        if (service is "s3" or "glacier")
            added["x-amz-content-sha256"] = bodyHash;
        if (Text(config, "aws_session_token") is { Length: > 0 } token)
            added["x-amz-security-token"] = token;
        var result = new RegoObjectBuilder();
        var toSign = new SortedDictionary<string, string>(added, StringComparer.Ordinal);
        foreach (var (key, value) in headers.Members)
        {
            var (name, text) = ((key as RegoString)?.Value ?? "", (value as RegoString)?.Value ?? "");
            result.Set(name, new RegoString(text));
            var lower = name.ToLowerInvariant();
            // Proxies may change these on the way.
            if (lower is not ("authorization" or "user-agent" or "x-amzn-trace-id"))
                toSign[lower] = text;
        }

        var names = string.Join(';', toSign.Keys);
        var canonical = $"{Text(request, "method")}\n{url.RawPath}\n{url.RawQuery}\n{string.Concat(toSign.Select(pair => $"{pair.Key}:{pair.Value}\n"))}\n{names}\n{bodyHash}";
        result.Set("Authorization", new RegoString(Authorization(config, service, stamp, names, canonical)));
        foreach (var (name, text) in added)
            result.Set(name, new RegoString(text));
        return result.ToObject();
    }

    private static string Authorization(RegoObject config, string service, string stamp, string names, string canonical)
    {
        var date = stamp[..8];
        var region = Text(config, "aws_region");
        var scope = $"{date}/{region}/{service}/aws4_request";
        var text = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + Text(config, "aws_secret_access_key"));
        foreach (var part in (ReadOnlySpan<string>)[date, region, service, "aws4_request", text])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return $"AWS4-HMAC-SHA256 Credential={Text(config, "aws_access_key")}/{scope},SignedHeaders={names},Signature={Hex(key)}";
    }

    private static string Body(RegoObject request)
    {
        if (request.TryGetValue("raw_body", out var raw))
            return (raw as RegoString)?.Value ?? "";
        return request.TryGetValue("body", out var body) ? body.ToJson() : "";
    }

    /// <summary>The authority of the URL without user information, as it is written.</summary>
    private static string Host(RegoObject request)
    {
        var text = Text(request, "url");
        var start = text.IndexOf("//", StringComparison.Ordinal);
        if (start < 0)
            return "";
        var end = text.AsSpan(start + 2).IndexOfAny('/', '?', '#');
        var authority = end < 0 ? text[(start + 2)..] : text.Substring(start + 2, end);
        return authority[(authority.LastIndexOf('@') + 1)..];
    }

    private static RegoSet Missing(RegoObject map, string[] names) =>
        RegoSet.From(names.Where(name => !map.TryGetValue(name, out _)).Select(name => new RegoString(name)));

    private static RegoSet NotText(RegoObject map, string[] names) =>
        RegoSet.From(names.Where(name => !(map.TryGetValue(name, out var value) && value is RegoString)).Select(name => new RegoString(name)));

    private static string Text(RegoObject map, string name) => map.TryGetValue(name, out var value) && value is RegoString text ? text.Value : "";

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
