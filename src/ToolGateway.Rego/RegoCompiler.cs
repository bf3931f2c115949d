using ToolGateway.Rego.Compilation;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego;

/// <summary>Compiles Rego modules to a policy. Safe for concurrent use.</summary>
public sealed class RegoCompiler(RegoCompilerOptions? options = null)
{
    private readonly RegoCompilerOptions _options = options ?? RegoCompilerOptions.Default;

    /// <summary>Compiles modules together with base data.</summary>
    /// <param name="modules">The policy files. Two may have the same package.</param>
    /// <param name="data">Base data at <c>data</c>; none when null.</param>
    /// <param name="previous">A policy compiled with the same options: modules that did not change are not read again.</param>
    /// <param name="revision">The policy's revision; a hash of modules and data when null.</param>
    /// <returns>The policy, or all errors with OPA's codes and places.</returns>
    public RegoCompilation Compile(
        IEnumerable<RegoSource> modules, RegoObject? data = null, RegoPolicy? previous = null, string? revision = null)
    {
        RegoSource[] sources = [.. modules];
        var state = new CompilerState(_options, BuiltinTable.For(_options));
        var parsed = ModuleReader.Read(sources, state, previous);
        state.Previous = previous?.State;
        if (!state.HasErrors)
            CompilerPipeline.CompileModules(state);
        state.Previous = null;
        if (state.HasErrors)
            return new RegoCompilation(null, state.Errors);
        var documents = data ?? RegoObject.Empty;
        return new RegoCompilation(new RegoPolicy(state, parsed, documents, revision ?? PolicyRevision.Of(sources, documents)), []);
    }
}
