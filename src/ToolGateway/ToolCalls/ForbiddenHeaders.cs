using System.Collections.Frozen;

namespace ToolGateway.ToolCalls;

/// <summary>Request headers that never reach a tool from a caller, whatever a tool's <c>ForwardHeaders</c> say.</summary>
internal static class ForbiddenHeaders
{
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        [
            // credentials and their proofs
            "Authorization", "Proxy-Authorization", "Cookie", "Cookie2", "DPoP", "Txn-Token", "Client-Cert", "Client-Cert-Chain",
            "X-Api-Key", "Api-Key", "X-Auth-Token", "Authentication-Info", "X-Client-Cert", "X-SSL-Client-Cert", "X-ARR-ClientCert",
            "X-Client-Certificate", "Ssl-Client-Cert", "X-Amzn-Mtls-Clientcert",

            // who is asked and on which path
            "Host", "Forwarded", "Via", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Host",
            "X-HTTP-Method", "X-Method-Override", "X-HTTP-Method-Override", "_method",

            // how the message is framed
            "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect", "Content-Length", "X-Content-Length",
            "HTTP2-Settings",

            // what the gateway itself reads or sets
            IntentReader.TaskHeader, IntentReader.PurposeHeader, "Tool-Decision-Id", "traceparent", "tracestate", "baggage", "Correlation-Context",
        ],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Prefixes = ["X-Forwarded-", "X-Original-", "X-Rewrite-", "X-Envoy-", "Proxy-", "Sec-WebSocket-", "Mcp-"];

    public static bool Contains(string name) =>
        Names.Contains(name)
        || Array.Exists(Prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || name.EndsWith("-Method-Override", StringComparison.OrdinalIgnoreCase);
}
