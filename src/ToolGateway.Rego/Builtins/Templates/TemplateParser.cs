namespace ToolGateway.Rego.Builtins.Templates;

/// <summary>Builds the tree of a template and of the templates that it defines.</summary>
internal sealed class TemplateParser(BuiltinContext context)
{
    private List<(string? Text, string? Action)> _parts = [];
    private int _at;
    private int _ranges;

    public Dictionary<string, IReadOnlyList<TemplateNode>> Definitions { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<TemplateNode> Parse(string template)
    {
        _parts = TemplateLexer.Split(template);
        context.Spend(_parts.Count, 64);
        var nodes = ParseList(out var end, topLevel: true);
        return end.Length == 0 ? nodes : throw new TemplateException($"template: unexpected {{{{{end}}}}}");
    }

    // Reads until {{end}} or {{else …}}, whose text is handed back.
    private List<TemplateNode> ParseList(out string end, bool topLevel = false)
    {
        context.Budget.Enter();
        var nodes = new List<TemplateNode>();
        end = "";
        while (true)
        {
            if (_at >= _parts.Count)
            {
                if (!topLevel)
                    throw new TemplateException("template: unexpected EOF");
                break;
            }

            var (text, action) = _parts[_at++];
            if (action is null)
            {
                if (text!.Length > 0)
                    nodes.Add(new TextNode(text));
                continue;
            }

            var tokens = new TemplateTokens(context, action);
            if (tokens.Peek() is "end" or "else")
            {
                end = action.Trim();
                break;
            }

            if (ParseAction(tokens) is { } node)
                nodes.Add(node);
        }

        context.Budget.Leave();
        return nodes;
    }

    private TemplateNode? ParseAction(TemplateTokens tokens)
    {
        switch (tokens.Peek())
        {
            case "if" or "with" or "range":
                return ParseBranch(tokens.Next(), tokens);
            case "define":
                tokens.Next();
                Definitions[tokens.NextText()] = ParseBody();
                return null;
            case "block":
                tokens.Next();
                var name = tokens.NextText();
                var argument = tokens.ReadPipeline();
                Definitions[name] = ParseBody();
                return new CallNode(name, argument);
            case "template":
                tokens.Next();
                return new CallNode(tokens.NextText(), tokens.AtEnd ? null : tokens.ReadPipeline());
            case "break" or "continue" when _ranges > 0:
                return new JumpNode(tokens.Next() == "break");
            case "break" or "continue":
                throw new TemplateException($"template: {{{{{tokens.Peek()}}}}} outside {{{{range}}}}");
            case "":
                throw new TemplateException("template: missing value for command");
            default:
                return new ActionNode(tokens.ReadPipeline());
        }
    }

    private List<TemplateNode> ParseBody()
    {
        var body = ParseList(out var end);
        return end == "end" ? body : throw new TemplateException($"template: unexpected {{{{{end}}}}}");
    }

    private BranchNode ParseBranch(string keyword, TemplateTokens tokens)
    {
        var pipeline = tokens.ReadPipeline(range: keyword == "range");
        _ranges += keyword == "range" ? 1 : 0;
        var body = ParseList(out var end);
        _ranges -= keyword == "range" ? 1 : 0;
        if (end == "end")
            return new BranchNode(keyword, pipeline, body, null);
        var rest = end["else".Length..].Trim();
        if (rest.Length == 0)
            return new BranchNode(keyword, pipeline, body, ParseBody());
        if (!rest.StartsWith(keyword + " ", StringComparison.Ordinal) || keyword == "range")
            throw new TemplateException($"template: unexpected <{rest}> in else");
        var chained = new TemplateTokens(context, rest);
        chained.Next();
        return new BranchNode(keyword, pipeline, body, [ParseBranch(keyword, chained)]);
    }
}
