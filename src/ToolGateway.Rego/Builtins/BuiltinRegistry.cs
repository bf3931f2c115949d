using System.Collections.Frozen;

namespace ToolGateway.Rego.Builtins;

/// <summary>Every built-in by name. Families register one <c>Builtin[]</c> table each, in files named as OPA names them.</summary>
internal static class BuiltinRegistry
{
    private static readonly Builtin[][] Families =
    [
        Aggregates.All,
        Arithmetic.All,
        Arrays.All,
        Base64.All,
        Bits.All,
        Casts.All,
        Comparison.All,
        Conversions.All,
        CryptoHashes.All,
        CryptoKeys.All,
        CryptoX509.All,
        Glob.All,
        Graph.All,
        GraphQlBuiltins.All,
        IoJwt.All,
        IoJwtSign.All,
        Json.All,
        JsonPatch.All,
        JsonSchema.All,
        JsonSelection.All,
        NetBuiltins.All,
        Numbers.All,
        Objects.All,
        ProvidersAws.All,
        RegexBuiltins.All,
        RegoMetadata.All,
        RenderTemplate.All,
        Semver.All,
        Sets.All,
        Sprintf.All,
        StringCutting.All,
        StringReplacing.All,
        Strings.All,
        TimeBuiltins.All,
        Tracing.All,
        Types.All,
        Unavailable.All,
        Units.All,
        Uri.All,
        UrlQuery.All,
        Uuid.All,
        Walk.All,
        YamlBuiltins.All,
    ];

    public static FrozenDictionary<string, Builtin> All { get; } =
        Families.SelectMany(family => family).ToFrozenDictionary(builtin => builtin.Name, StringComparer.Ordinal);
}
