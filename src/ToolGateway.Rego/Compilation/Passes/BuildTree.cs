using ToolGateway.Rego.Syntax;

namespace ToolGateway.Rego.Compilation.Passes;

/// <summary>Puts every rule at its place below <c>data</c>.</summary>
internal static class BuildTree
{
    public static void Run(CompilerState state)
    {
        foreach (var module in state.Modules)
        {
            var node = state.Tree.Root;
            foreach (var operand in module.Module.Package.Path.Operands)
                node = node.Add(((ScalarTerm)operand).Value);
            node.Packages.Add(module);
        }

        foreach (var unit in state.Rules)
        {
            var node = state.Tree.Root;
            foreach (var operand in unit.Rule.Head.Reference.Operands)
            {
                if (!TermFacts.TryConstant(operand, out var key))
                    break;
                node = node.Add(key);
            }

            node.Rules.Add(unit);
        }
    }
}
