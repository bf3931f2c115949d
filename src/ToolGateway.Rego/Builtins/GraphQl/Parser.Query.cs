using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.GraphQl;

/// <summary>Operations and fragments.</summary>
internal sealed partial class Parser
{
    private RegoObject ParseQueryDocument()
    {
        var operations = new List<RegoValue>();
        var fragments = new List<RegoValue>();
        while (!Failed && _token.Kind != TokenKind.End)
        {
            if (_token.Is("{") || _token.IsName("query") || _token.IsName("mutation") || _token.IsName("subscription"))
                operations.Add(ParseOperation());
            else if (_token.IsName("fragment"))
                fragments.Add(ParseFragmentDefinition());
            else
                Unexpected(_token);
        }

        return Node.Make(("Operations", Node.List(operations)), ("Fragments", Node.List(fragments)));
    }

    private RegoObject ParseOperation()
    {
        var start = _token;
        if (_token.Is("{"))
            return At(start, Node.Make(("Operation", Node.Text("query")), ("Name", RegoString.Empty), ("SelectionSet", ParseSelectionSet())));
        var operation = Next().Text;
        var name = _token.Kind == TokenKind.Name ? Next().Text : "";
        var variables = ParseVariableDefinitions();
        var directives = ParseDirectives(constant: false);
        return At(start, Node.Make(
            ("Operation", Node.Text(operation)), ("Name", Node.Text(name)), ("VariableDefinitions", variables), ("Directives", directives),
            ("SelectionSet", ParseSelectionSet())));
    }

    private RegoArray ParseVariableDefinitions() => Between("(", ")", some: false, ParseVariableDefinition);

    private RegoObject ParseVariableDefinition()
    {
        var start = _token;
        Expect("$");
        var name = ParseName();
        Expect(":");
        var type = ParseTypeReference();
        var value = Skip("=") ? ParseValue(constant: true) : null;
        return At(start, Node.Make(
            ("Variable", Node.Text(name)), ("Type", type), ("DefaultValue", value), ("Directives", ParseDirectives(constant: false)), ("Used", RegoBoolean.False)));
    }

    private RegoArray ParseSelectionSet()
    {
        if (!_token.Is("{"))
        {
            Fail(_token, $"Expected {{, found {_token.Title}");
            return RegoArray.Empty;
        }

        _budget.Enter();
        var selections = Between("{", "}", some: true, ParseSelection);
        _budget.Leave();
        return selections;
    }

    private RegoObject ParseSelection() => _token.Is("...") ? ParseSpread() : ParseField();

    private RegoObject ParseField()
    {
        var start = _token;
        var alias = ParseName();
        var name = Skip(":") ? ParseName() : alias;
        var arguments = ParseArguments(constant: false);
        var directives = ParseDirectives(constant: false);
        var selections = _token.Is("{") ? ParseSelectionSet() : null;
        return At(start, Node.Make(
            ("Alias", Node.Text(alias)), ("Name", Node.Text(name)), ("Arguments", arguments), ("Directives", directives), ("SelectionSet", selections)));
    }

    private RegoObject ParseSpread()
    {
        var start = _token;
        Expect("...");
        if (_token.Kind == TokenKind.Name && _token.Text != "on")
            return At(start, Node.Make(("Name", Node.Text(ParseName())), ("Directives", ParseDirectives(constant: false))));
        var condition = "";
        if (_token.IsName("on"))
        {
            Next();
            condition = ParseName();
        }

        var directives = ParseDirectives(constant: false);
        return At(start, Node.Make(("TypeCondition", Node.Text(condition)), ("Directives", directives), ("SelectionSet", ParseSelectionSet())));
    }

    private RegoObject ParseFragmentDefinition()
    {
        var start = _token;
        ExpectKeyword("fragment");
        if (_token.IsName("on"))
            Unexpected(_token);
        var name = ParseName();
        var variables = ParseVariableDefinitions();
        ExpectKeyword("on");
        var condition = ParseName();
        var directives = ParseDirectives(constant: false);
        return At(start, Node.Make(
            ("Name", Node.Text(name)), ("VariableDefinition", variables), ("TypeCondition", Node.Text(condition)), ("Directives", directives),
            ("SelectionSet", ParseSelectionSet())));
    }
}
