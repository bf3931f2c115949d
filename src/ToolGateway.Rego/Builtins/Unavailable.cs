using System.Net;
using System.Net.Sockets;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins;

/// <summary>
/// Built-ins that reach out of the process. They exist so that policies compile, are off, and say so. What needs no network is answered: mistakes in a
/// request, addresses that are written as such, and localhost, which by RFC 6761 never leaves the machine.
/// </summary>
internal static class Unavailable
{
    private const BuiltinTraits Traits = BuiltinTraits.Nondeterministic | BuiltinTraits.Unavailable;

    public static Builtin[] All { get; } =
    [
        Signature.Declare("http.send(request:object[string:any]) -> object[any:any]", Send, Traits),
        Signature.Declare("net.lookup_ip_addr(name:string) -> set[string]", Lookup, Traits),
    ];

    private static RegoSet RequiredKeys { get; } = SetOf("method", "url");

    private static RegoSet AllowedKeys { get; } = SetOf(
        "body", "cache", "cache_ignored_headers", "caching_mode", "enable_redirect", "force_cache", "force_cache_duration_seconds", "force_json_decode",
        "force_yaml_decode", "headers", "max_retry_attempts", "method", "raise_error", "raw_body", "timeout", "tls_ca_cert", "tls_ca_cert_env_variable",
        "tls_ca_cert_file", "tls_client_cert", "tls_client_cert_env_variable", "tls_client_cert_file", "tls_client_key", "tls_client_key_env_variable",
        "tls_client_key_file", "tls_insecure_skip_verify", "tls_server_name", "tls_use_system_ca_certs", "url");

    private static RegoValue? Send(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetObject(args, 1, out var request))
            return null;
        context.Spend(request.Count, 24);
        var keys = RegoSet.From(request.Select(member => member.Key));
        var invalid = Sets.Except(context, keys, AllowedKeys);
        if (invalid.Count > 0)
            return context.FailType($"operand 1 invalid request parameters(s): {invalid}");
        var missing = Sets.Except(context, RequiredKeys, keys);
        return missing.Count > 0 ? context.FailType($"operand 1 missing required request parameters(s): {missing}") : Refuse(context, "http.send");
    }

    private static RegoValue? Lookup(BuiltinContext context, ReadOnlySpan<RegoValue> args)
    {
        if (!context.TryGetText(args, 1, out var name))
            return null;
        if (name == "localhost")
            return SetOf("127.0.0.1", "::1");
        var isAddress = IPAddress.TryParse(name, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || name.Split('.').Length == 4);
        return isAddress ? SetOf(address!.ToString()) : Refuse(context, "net.lookup_ip_addr");
    }

    private static RegoSet SetOf(params string[] texts) => RegoSet.From(texts.Select(text => new RegoString(text)));

    private static RegoValue? Refuse(BuiltinContext context, string name) =>
        context.Fail($"{name} is off: policies decide without reaching out; put what it would fetch into data or input");
}
