using System.Text.Json.Serialization;

namespace ToolGateway.Identity;

/// <summary>What a client needs to get a token for a tool (RFC 9728 section 2).</summary>
internal sealed record ResourceMetadata(
    [property: JsonPropertyName("resource")] string Resource,
    [property: JsonPropertyName("authorization_servers")] IReadOnlyList<string> AuthorizationServers,
    [property: JsonPropertyName("bearer_methods_supported")] IReadOnlyList<string> BearerMethods,
    [property: JsonPropertyName("resource_name")] string Name,
    [property: JsonPropertyName("tls_client_certificate_bound_access_tokens")] bool BoundTokens)
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    /// <summary>Address of the document: the well-known part stands between the host and the path of the resource.</summary>
    public static string Address(string publicUrl, string tool)
    {
        var url = new Uri(publicUrl);
        return $"{url.GetLeftPart(UriPartial.Authority)}{Path(url)}{tool}";
    }

    /// <summary>The path of the documents, up to the tool's name.</summary>
    public static string Path(Uri publicUrl) => $"{WellKnown}{publicUrl.AbsolutePath.TrimEnd('/')}/tools/";
}

/// <summary>Writes <see cref="ResourceMetadata"/> without reflection.</summary>
[JsonSerializable(typeof(ResourceMetadata))]
internal sealed partial class ResourceMetadataJson : JsonSerializerContext;
