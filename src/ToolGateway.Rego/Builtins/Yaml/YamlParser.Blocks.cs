using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Block nodes: mappings and sequences by indentation.</summary>
internal sealed partial class YamlParser
{
    /// <summary>
    /// Reads the node that starts at the current character, deeper than <paramref name="parent"/>. <paramref name="inline"/> stands behind a key on the same
    /// line, where no block collection may begin.
    /// </summary>
    private RegoValue ReadBlockNode(int parent, bool inline)
    {
        Enter();
        var column = Column;
        var properties = ReadProperties(ref inline, parent);
        RegoValue value;
        if (properties is { } p && (AtDocumentEnd || (Column <= parent && !IsItemAt(parent))))
            value = Scalar("", p, plain: true);
        else if (!inline && IsItem())
            value = ReadSequence(Column);
        else if (!inline && Current == '?' && IsBlankAt(1))
            value = ReadMapping(Column, properties);
        else if (!inline && IsImplicitKey())
            return Leave(ReadMapping(properties is { OnSameLine: true } ? column : Column, properties));
        else
            value = ReadContent(parent, properties);
        return Leave(Anchor(properties, value));
    }

    private RegoValue Leave(RegoValue value)
    {
        _depth--;
        return value;
    }

    private bool IsItem() => Current == '-' && IsBlankAt(1);

    private bool IsItemAt(int column) => IsItem() && Column == column;

    private RegoArray ReadSequence(int column)
    {
        var items = new List<RegoValue>();
        while (!AtDocumentEnd && Column == column && IsItem())
        {
            _at++;
            items.Add(ReadBlockValue(column, itemsMayStandHere: false, inline: false));
            SkipBlank();
        }

        if (!AtDocumentEnd && Column > column)
            throw Fail("did not find expected '-' indicator");
        return RegoArray.Adopt([.. items]);
    }

    private RegoValue ReadMapping(int column, NodeProperties? properties)
    {
        var members = new RegoObjectBuilder();
        var own = properties is { OnSameLine: true } ? null : properties;
        var keyProperties = properties is { OnSameLine: true } ? properties : null;
        while (!AtDocumentEnd && (Column == column || keyProperties is not null))
        {
            var key = ReadKey(column, keyProperties);
            keyProperties = null;
            var value = key.HasValue ? ReadBlockValue(column, itemsMayStandHere: true, inline: !key.IsExplicit) : RegoNull.Value;
            Put(members, key, value);
            SkipBlank();
        }

        if (!AtDocumentEnd && Column > column)
            throw Fail("did not find expected key");
        return Anchor(own, members.ToObject());
    }

    private YamlKey ReadKey(int column, NodeProperties? properties)
    {
        var at = _at;
        if (properties is null && Current == '?' && IsBlankAt(1))
        {
            _at++;
            var complex = ReadBlockValue(column, itemsMayStandHere: true, inline: false);
            SkipBlank();
            var hasValue = !AtDocumentEnd && Column == column && Current == ':' && IsBlankAt(1);
            _at += hasValue ? 1 : 0;
            return new YamlKey(complex, IsMerge: false, hasValue, IsExplicit: true, at);
        }

        var inline = true;
        properties ??= ReadProperties(ref inline, column);
        if (properties is null && IsItem())
            throw Fail("block sequence entries are not allowed in this context");
        if (properties is null && !IsImplicitKey())
            throw Fail("could not find expected ':'");
        var isMerge = properties is null && Current == '<' && Peek(1) == '<';
        var key = Current == ':' && IsBlankAt(1) ? Scalar("", properties ?? default, plain: true) : ReadSingleLine(properties);
        Anchor(properties, key);
        SkipSpaces();
        if (Current != ':')
            throw Fail("could not find expected ':'");
        _at++;
        return new YamlKey(key, isMerge, HasValue: true, IsExplicit: false, at);
    }

    /// <summary>What stands behind "-" or ":": on the same line, or on deeper lines below.</summary>
    private RegoValue ReadBlockValue(int column, bool itemsMayStandHere, bool inline)
    {
        SkipToLineEnd();
        if (!AtEnd && Current != '\n')
            return ReadBlockNode(column, inline);
        SkipBlank();
        if (AtDocumentEnd)
            return RegoNull.Value;
        if (Column > column || (itemsMayStandHere && IsItemAt(column)))
            return ReadBlockNode(itemsMayStandHere && IsItemAt(column) ? column - 1 : column, inline: false);
        return RegoNull.Value;
    }

    private void Put(RegoObjectBuilder members, YamlKey key, RegoValue value)
    {
        if (!key.IsMerge)
        {
            members.Set(YamlKeys.ToText(key.Value) ?? throw FailAt(key.At, $"invalid map key: {key.Value}"), value);
            return;
        }

        var sources = value is RegoArray list ? list.Items.ToArray() : [value];
        for (var i = sources.Length - 1; i >= 0; i--)
        {
            if (sources[i] is not RegoObject source)
                throw FailAt(key.At, "map merge requires map or sequence of maps as the value");
            foreach (var (name, member) in source.Members)
                members.Set(name, member);
        }
    }

    private readonly record struct YamlKey(RegoValue Value, bool IsMerge, bool HasValue, bool IsExplicit, int At);
}
