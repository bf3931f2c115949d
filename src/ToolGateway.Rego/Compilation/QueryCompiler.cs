using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Text;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Compilation;

/// <summary>Compiles queries against a policy.</summary>
internal static class QueryCompiler
{
    public static RegoPreparation Prepare(RegoPolicy policy, string query, IReadOnlyList<string> imports)
    {
        var (body, errors) = RegoParser.ParseQuery(query, ModuleReader.ParserOptionsOf(policy.State.Options));
        if (body is null)
            return new RegoPreparation(null, errors);
        var state = NewState(policy);
        var unit = NewUnit(state, body, imports);
        var capture = new ResultCapture(state, unit);
        unit.Rule = unit.Rule with { Body = capture.Capture(body) };
        CompilerPipeline.CompileQuery(state);
        if (state.HasErrors)
            return new RegoPreparation(null, state.Errors);
        var compiled = new CompiledQuery(unit, null, capture.Variables, [.. body.Expressions.Select(static expression => expression.Location)]);
        return new RegoPreparation(new PreparedQuery(policy, compiled), []);
    }

    public static RegoPreparation PrepareEntryPoint(RegoPolicy policy, string path)
    {
        if (Reference(path) is not { } reference)
        {
            var error = new RegoError(RegoErrorCodes.Compile, $"'{path}' is no document: write a path such as toolgateway/decision, or a reference below data");
            return new RegoPreparation(null, [error]);
        }

        var unit = NewUnit(NewState(policy), new Body([new TermExpression(reference, SourceLocation.None)], SourceLocation.None), []);
        return new RegoPreparation(new PreparedQuery(policy, new CompiledQuery(unit, reference, [], [])), []);
    }

    private static RefTerm? Reference(string path)
    {
        if (path.StartsWith("data.", StringComparison.Ordinal) || path.StartsWith("data[", StringComparison.Ordinal) || path == TermFacts.Data)
        {
            return RegoParser.ParseTerm(path).Term switch
            {
                VarTerm root => new RefTerm(root, [], root.Location),
                RefTerm reference when reference.Operands.All(static operand => operand is ScalarTerm) => reference,
                _ => null,
            };
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length == 0
            ? null
            : new RefTerm(
                new VarTerm(TermFacts.Data, SourceLocation.None),
                [.. parts.Select(static part => new ScalarTerm(new RegoString(part), SourceLocation.None))],
                SourceLocation.None);
    }

    private static CompilerState NewState(RegoPolicy policy) =>
        new(policy.State.Options, policy.State.Builtins) { Tree = policy.State.Tree };

    private static RuleUnit NewUnit(CompilerState state, Body body, IReadOnlyList<string> imports)
    {
        var root = new RefTerm(new VarTerm(TermFacts.Data, SourceLocation.None), [], SourceLocation.None);
        var package = new PackageDeclaration(root, SourceLocation.None);
        var module = new ModuleUnit(new Module("", package, [], [], [], []));
        foreach (var path in imports)
        {
            if (RegoParser.ParseTerm(path).Term is RefTerm { Operands: [.., ScalarTerm { Value: RegoString name }] } reference)
                module.Globals[name.Value] = reference;
        }

        var head = new RuleHead(root, null, null, null, SourceLocation.None);
        var unit = new RuleUnit(module, new Rule(head, body, body.Location)) { IsQuery = true };
        state.Rules.Add(unit);
        return unit;
    }
}
