using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Compilation;

/// <summary>
/// Gives every name its meaning: a local variable gets a unique name, a rule or import becomes an absolute reference. Declarations (<c>:=</c>, <c>some</c>,
/// <c>every</c>) turn into unifications on the way.
/// </summary>
internal sealed partial class NameResolver(CompilerState state, RuleUnit unit) : SyntaxRewriter
{
    private readonly List<NameScope> _scopes = [];
    private readonly RuleUnit _unit = unit;
    private List<(string Name, SourceLocation Location)>? _unusedArguments;

    private NameScope Innermost => _scopes[^1];

    public override Rule RewriteRule(Rule rule)
    {
        _unusedArguments = null;
        var resolved = ResolveBranch(rule);
        foreach (var (name, location) in _unusedArguments ?? [])
            Error($"unused argument {name}. (hint: use _ (wildcard variable) instead)", location);
        return resolved;
    }

    private Rule ResolveBranch(Rule rule)
    {
        _scopes.Add(new NameScope());
        var arguments = ResolveArguments(rule.Head.Arguments);
        CollectDeclarations(rule.Body, Innermost.Ahead);
        var body = ResolveBody(rule.Body);
        var head = rule.Head with { Arguments = arguments is null ? null : [.. arguments.Select(ResolveComputed)] };
        head = _unit.IsQuery ? head : ResolveHead(head);
        ReportUnused();
        if (state.Options.IsStrict)
            KeepUnused([.. Innermost.Unused(NameOrigin.Argument)]);
        _scopes.RemoveAt(0);
        return rule with { Head = head, Body = body, Else = rule.Else is null ? null : ResolveBranch(rule.Else) };
    }

    public override Body Rewrite(Body body)
    {
        _scopes.Add(new NameScope());
        CollectDeclarations(body, Innermost.Ahead);
        var resolved = ResolveBody(body);
        ReportUnused();
        _scopes.RemoveAt(_scopes.Count - 1);
        return resolved;
    }

    public override Term Rewrite(Term term) => term is VarTerm variable ? ResolveVariable(variable) : base.Rewrite(term);

    protected override Term RewriteReference(RefTerm reference)
    {
        var operands = RewriteAll(reference.Operands);
        return Rewrite(reference.Head) switch
        {
            RefTerm head => head with { Operands = [.. head.Operands, .. operands], Location = reference.Location },
            var head => reference with { Head = head, Operands = operands },
        };
    }

    protected override Term RewriteCall(CallTerm call)
    {
        var arguments = RewriteAll(call.Arguments);
        return call with { Arguments = arguments, Operator = ResolveOperator(call) };
    }

    protected override Term RewriteComprehension(Term comprehension)
    {
        var body = comprehension switch
        {
            ArrayComprehension array => array.Body,
            SetComprehension set => set.Body,
            _ => ((ObjectComprehension)comprehension).Body,
        };
        _scopes.Add(new NameScope());
        CollectDeclarations(body, Innermost.Ahead);
        body = ResolveBody(body);
        comprehension = comprehension switch
        {
            ArrayComprehension array => array with { Body = body, Head = Rewrite(array.Head) },
            SetComprehension set => set with { Body = body, Head = Rewrite(set.Head) },
            ObjectComprehension map => map with { Body = body, Key = Rewrite(map.Key), Value = Rewrite(map.Value) },
            _ => comprehension,
        };
        ReportUnused();
        _scopes.RemoveAt(_scopes.Count - 1);
        return comprehension;
    }

    protected override WithModifier RewriteModifier(WithModifier with) =>
        with with { Target = ResolveTarget(with.Target), Value = Rewrite(with.Value) };

    private RuleHead ResolveHead(RuleHead head)
    {
        var package = _unit.Module.Module.Package.Path;
        var name = new ScalarTerm(new Values.RegoString(((VarTerm)head.Reference.Head).Name), head.Reference.Head.Location);
        return head with
        {
            Reference = package with { Operands = [.. package.Operands, name, .. RewriteAll(head.Reference.Operands)], Location = head.Reference.Location },
            Key = head.Key is null ? null : Rewrite(head.Key),
            Value = head.Value is null ? null : Rewrite(head.Value),
        };
    }

    /// <summary>A parameter that is computed in the body is no pattern that declares names.</summary>
    private Term ResolveComputed(Term argument) => ArgumentDeclarer.IsPattern(argument) ? argument : Rewrite(argument);

    private IReadOnlyList<Term>? ResolveArguments(IReadOnlyList<Term>? arguments)
    {
        if (arguments is null)
            return null;
        var declare = new ArgumentDeclarer(this);
        return [.. arguments.Select(declare.Rewrite)];
    }

    private Term ResolveVariable(VarTerm variable)
    {
        var name = variable.Name;
        for (var i = _scopes.Count - 1; i >= 0; i--)
        {
            if (!_scopes[i].TryGet(name, out var local))
                continue;
            _scopes[i].MarkUsed(name);
            return variable with { Name = local };
        }

        if (TermFacts.IsRoot(name))
            return new RefTerm(variable, [], variable.Location);
        if (!IsAhead(name) && _unit.Module.Globals.TryGetValue(name, out var global))
        {
            _unit.Module.UsedNames.Add(name);
            return Relocate(global, variable.Location);
        }

        Innermost.MarkSeen(name);
        return variable;
    }

    private bool IsAhead(string name) => _scopes.Exists(scope => scope.Ahead.Contains(name));

    private bool IsLocal(string name) => _scopes.Exists(scope => scope.TryGet(name, out _));

    private static RefTerm Relocate(RefTerm reference, SourceLocation location) =>
        reference with { Head = reference.Head with { Location = location }, Location = location };

    private RefTerm ResolveOperator(CallTerm call)
    {
        var name = ((VarTerm)call.Operator.Head).Name;
        if (TermFacts.IsRoot(name) || call.IsInfix || IsLocal(name) || IsAhead(name) || !_unit.Module.Globals.TryGetValue(name, out var global))
            return call.Operator;
        _unit.Module.UsedNames.Add(name);
        return call.Operator with { Head = global.Head, Operands = [.. global.Operands, .. call.Operator.Operands] };
    }

    private Term ResolveTarget(Term target)
    {
        var (head, operands) = target is RefTerm reference ? (reference.Head, reference.Operands) : (target, []);
        if (head is not VarTerm variable)
            return target;
        if (TermFacts.IsRoot(variable.Name) || !_unit.Module.Globals.TryGetValue(variable.Name, out var global) || IsLocal(variable.Name))
            return new RefTerm(head, operands, target.Location);
        _unit.Module.UsedNames.Add(variable.Name);
        return global with { Operands = [.. global.Operands, .. operands], Location = target.Location };
    }

    private void Error(string message, SourceLocation location) => state.Error(RegoErrorCodes.Compile, message, location);

    private void ReportUnused()
    {
        foreach (var (name, location) in Innermost.Unused(NameOrigin.Declared))
        {
            if (state.Options.IsStrict || _unusedSome.Contains(name))
                Error($"declared var {name} unused", location);
        }

        if (!state.Options.IsStrict)
            return;
        foreach (var (name, location) in Innermost.Unused(NameOrigin.Assigned))
            Error($"assigned var {name} unused", location);
    }

    // An argument is used when any branch of the rule uses it.
    private void KeepUnused(List<(string Name, SourceLocation Location)> unused) =>
        _unusedArguments = _unusedArguments?.FindAll(argument => unused.Exists(other => other.Name == argument.Name)) ?? unused;

    /// <summary>Declares every variable of a parameter pattern.</summary>
    private sealed class ArgumentDeclarer(NameResolver owner) : SyntaxRewriter
    {
        public static bool IsPattern(Term term) => term is VarTerm or ScalarTerm or ArrayTerm or ObjectTerm or SetTerm;

        public override Term Rewrite(Term term)
        {
            if (term is not VarTerm variable)
                return IsPattern(term) ? base.Rewrite(term) : term;
            if (variable.IsWildcard)
                return variable;
            if (owner.Innermost.TryGet(variable.Name, out var known))
                return variable with { Name = known };
            var local = owner._unit.FreshFor(variable.Name);
            owner.Innermost.Declare(variable.Name, local, NameOrigin.Argument, variable.Location);
            return variable with { Name = local };
        }
    }
}
