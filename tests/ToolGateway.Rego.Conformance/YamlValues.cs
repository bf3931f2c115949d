using System.Globalization;
using System.Text.RegularExpressions;
using ToolGateway.Rego.Values;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ToolGateway.Rego.Conformance;

/// <summary>YAML nodes as values, with plain scalars typed as Go's YAML to JSON conversion types them.</summary>
internal static partial class YamlValues
{
    public static RegoValue Read(YamlNode node) => node switch
    {
        YamlMappingNode map => RegoObject.From(map.Children.Select(pair => KeyValuePair.Create<RegoValue, RegoValue>(Key(pair.Key), Read(pair.Value)))),
        YamlSequenceNode list => RegoJson.Parse("[" + string.Join(',', list.Select(item => Read(item).ToJson())) + "]"),
        YamlScalarNode scalar => Scalar(scalar),
        _ => throw new FormatException($"a {node.NodeType} cannot be a value"),
    };

    // JSON has only string keys: a number or boolean becomes its text.
    private static RegoString Key(YamlNode key)
    {
        var value = Read(key);
        return value as RegoString ?? new RegoString(value.ToJson());
    }

    private static RegoValue Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
            return new RegoString(text);
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return RegoNull.Value;
            case "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y":
                return RegoBoolean.True;
            case "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N":
                return RegoBoolean.False;
        }

        if (JsonNumber().IsMatch(text))
            return RegoNumber.Parse(text.TrimStart('+'));
        if (text.StartsWith("0x", StringComparison.Ordinal) && long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
            return RegoNumber.Of(hex);
        return LooseNumber().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? RegoNumber.Parse(number.ToString("R", CultureInfo.InvariantCulture))
            : new RegoString(text);
    }

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex LooseNumber();
}
