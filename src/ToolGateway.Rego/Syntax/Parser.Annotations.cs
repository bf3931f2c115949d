using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Syntax;

internal sealed partial class Parser
{
    /// <summary>Reads the METADATA blocks and gives each rule those that stand right before it.</summary>
    private List<Annotations> AttachAnnotations()
    {
        var all = new List<Annotations>();
        var byRule = new Dictionary<Rule, List<Annotations>>(ReferenceEqualityComparer.Instance);
        foreach (var block in MetadataBlocks())
        {
            if (ReadBlock(block) is not { } annotations)
                continue;
            all.Add(annotations.Annotations);
            if (annotations.Rule is null)
                continue;
            if (!byRule.TryGetValue(annotations.Rule, out var own))
                byRule.Add(annotations.Rule, own = []);
            own.Add(annotations.Annotations);
        }

        for (var i = 0; i < _rules.Count; i++)
        {
            if (byRule.TryGetValue(_rules[i], out var own))
                _rules[i] = _rules[i] with { Annotations = own };
        }

        return all;
    }

    /// <summary>A block begins with a comment METADATA and goes on while comments follow line by line in the first column.</summary>
    private IEnumerable<List<Comment>> MetadataBlocks()
    {
        List<Comment>? block = null;
        foreach (var comment in _lexer.Comments)
        {
            if (block is not null && comment.Location.Row == block[^1].Location.Row + 1 && comment.Location.Column == 1)
            {
                block.Add(comment);
                continue;
            }

            if (block is not null)
                yield return block;
            block = comment.Text.AsSpan().Trim().StartsWith("METADATA") ? [comment] : null;
        }

        if (block is not null)
            yield return block;
    }

    private (Annotations Annotations, Rule? Rule)? ReadBlock(List<Comment> block)
    {
        var location = block[0].Location;
        var (content, error, line) = AnnotationReader.Read(string.Join('\n', block.Skip(1).Select(static comment => comment.Text)));
        if (content is null)
        {
            Error(block[Math.Min(line, block.Count - 1)].Location, error!);
            return null;
        }

        var target = _statements.Find(statement => statement.Offset > location.Offset);
        var scope = content.TryGetValue(new RegoString("scope"), out var given) ? ((RegoString)given).Value : DefaultScope(content, target);
        if (ScopeError(scope, content, target) is { } wrong)
        {
            Error(location, wrong);
            return null;
        }

        var members = RegoObject.From([.. content, KeyValuePair.Create<RegoValue, RegoValue>(new RegoString("scope"), new RegoString(scope))]);
        return (new Annotations(scope, members, location), target?.Rule);
    }

    private static string DefaultScope(RegoObject content, Statement? target)
    {
        if (target is { Rule: null, Node: PackageDeclaration })
            return "package";
        return content.TryGetValue(new RegoString("entrypoint"), out _) ? "document" : "rule";
    }

    private static string? ScopeError(string scope, RegoObject content, Statement? target)
    {
        if (scope is not ("rule" or "document" or "package" or "subpackages"))
            return $"invalid scope '{scope}'";
        if (target is null)
            return $"annotation scope '{scope}' must be applied to {(scope is "rule" or "document" ? "rule" : "package")}";
        if (scope is "rule" or "document" && target.Rule is null)
            return $"annotation scope '{scope}' must be applied to rule";
        if (scope is "package" or "subpackages" && target.Node is not PackageDeclaration)
            return $"annotation scope '{scope}' must be applied to package";
        if (content.TryGetValue(new RegoString("entrypoint"), out _) && scope is not ("document" or "package"))
            return $"annotation entrypoint applied to non-document or package scope '{scope}'";
        return null;
    }
}
