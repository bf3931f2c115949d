using ToolGateway.Rego.Builtins;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Compilation;

/// <summary>What the passes of one compilation share.</summary>
internal sealed class CompilerState(RegoCompilerOptions options, IReadOnlyDictionary<string, Builtin> builtins)
{
    private readonly HashSet<(string, string, string)> _seen = [];

    public RegoCompilerOptions Options { get; } = options;

    /// <summary>The built-ins that policies may call.</summary>
    public IReadOnlyDictionary<string, Builtin> Builtins { get; } = builtins;

    public List<ModuleUnit> Modules { get; } = [];

    /// <summary>The rules that this compilation works on: of all modules, or one query.</summary>
    public List<RuleUnit> Rules { get; } = [];

    /// <summary>The rules that were not taken over from the policy before.</summary>
    public IEnumerable<RuleUnit> OpenRules => Rules.Where(static unit => !unit.IsLowered);

    /// <summary>What the policy before was compiled from; null for a first compilation and for queries.</summary>
    public CompilerState? Previous { get; set; }

    public RuleTree Tree { get; set; } = new();

    /// <summary>What every rule depends on; known from <see cref="Passes.CheckRecursion"/> on.</summary>
    public RuleGraph? Graph { get; set; }

    public List<RegoError> Errors { get; } = [];

    public bool HasErrors => Errors.Count > 0;

    public void Error(string code, string message, SourceLocation? location)
    {
        if (Errors.Count < Options.MaxErrors && _seen.Add((code, message, location?.ToString() ?? "")))
            Errors.Add(new RegoError(code, message, location));
    }
}

/// <summary>One module, and the names that its terms can mean.</summary>
internal sealed class ModuleUnit(Module module)
{
    public Module Module { get; } = module;

    public string PackageName { get; } = TermText.Of(module.Package.Path);

    /// <summary>Rules of the package and imports, by the name that the module uses.</summary>
    public Dictionary<string, RefTerm> Globals { get; set; } = [];

    /// <summary>Names of rules and imports that something in the module uses.</summary>
    public HashSet<string> UsedNames { get; } = new(StringComparer.Ordinal);

    public bool IsV1 { get; init; } = true;
}

/// <summary>
/// One rule on its way through the passes. From resolution on, references in its terms begin with <c>data</c> or <c>input</c> or a local variable, and its head's
/// reference is absolute.
/// </summary>
internal sealed class RuleUnit(ModuleUnit module, Rule rule)
{
    private int _names;

    public ModuleUnit Module { get; } = module;

    public Rule Rule { get; set; } = rule;

    /// <summary>What the type checker found out.</summary>
    public RuleType? Type { get; set; }

    /// <summary>Whether this is a query: it has a body only.</summary>
    public bool IsQuery { get; init; }

    /// <summary>Whether all passes have been over it.</summary>
    public bool IsLowered { get; set; }

    /// <summary>Parsed rule, for annotations and messages.</summary>
    public Rule Source { get; } = rule;

    /// <summary>The name within the package, as the author wrote it.</summary>
    public string LocalName => TermText.Of(Source.Head.Reference.Operands.Count == 0 ? Source.Head.Reference.Head : Source.Head.Reference);

    /// <summary>The name as a reference.</summary>
    public string Name => $"{Module.PackageName}.{LocalName}";

    /// <summary>A variable that no source has.</summary>
    public VarTerm Fresh(SourceLocation location) => new(LocalNames.Generated(_names++), location);

    /// <summary>A unique variable for a declared name.</summary>
    public string FreshFor(string name) => LocalNames.Declared(name, _names++);
}

/// <summary>How the compiler names variables: what the author wrote stays readable in messages.</summary>
internal static class LocalNames
{
    private const char Mark = '@';

    public static string Generated(int number) => $"{Mark}{number}";

    public static string Declared(string name, int number) => $"{name}{Mark}{number}";

    public static bool IsGenerated(string name) => name[0] == Mark || name.StartsWith(VarTerm.WildcardPrefix, StringComparison.Ordinal);

    /// <summary>Whether the name stands for one variable of one body only.</summary>
    public static bool IsUnique(string name) => name.Contains(Mark, StringComparison.Ordinal);

    /// <summary>The name as the author wrote it.</summary>
    public static string Original(string name)
    {
        if (name.StartsWith(VarTerm.WildcardPrefix, StringComparison.Ordinal))
            return "_";
        var mark = name.IndexOf(Mark, StringComparison.Ordinal);
        return mark > 0 ? name[..mark] : name;
    }
}
