using System.Globalization;
using System.Text;
using ToolGateway.Rego.Builtins.Format;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Yaml;

/// <summary>Block YAML in the layout of OPA's library: two spaces, sequences of a mapping not indented, lines folded behind column 80.</summary>
internal sealed class YamlWriter
{
    private const int Indent = 2;
    private const int LongestSimpleKey = 128;

    private readonly StringBuilder _output = new();

    public static string Write(RegoValue value)
    {
        var writer = new YamlWriter();
        writer.WriteNode(value, 0, onSameLine: true);
        writer._output.Append('\n');
        return writer._output.ToString();
    }

    private void WriteNode(RegoValue value, int indent, bool onSameLine)
    {
        switch (value)
        {
            case RegoArray { Count: > 0 } array:
                WriteItems(array.Items, indent, onSameLine);
                break;
            case RegoSet { Count: > 0 } set:
                WriteItems(set.Items, indent, onSameLine);
                break;
            case RegoObject { Count: > 0 } map:
                WriteMembers(map, indent, onSameLine);
                break;
            default:
                WriteScalar(value, indent, isKey: false);
                break;
        }
    }

    private void WriteItems(ReadOnlySpan<RegoValue> items, int indent, bool onSameLine)
    {
        foreach (var item in items)
        {
            Start(indent, ref onSameLine);
            _output.Append("- ");
            if (IsNested(item))
                WriteNode(item, indent + Indent, onSameLine: true);
            else
                WriteScalar(item, indent, isKey: false);
        }
    }

    private void WriteMembers(RegoObject map, int indent, bool onSameLine)
    {
        var members = map.Members.ToArray();
        var names = Array.ConvertAll(members, member => member.Key is RegoString text ? text.Value : RegoJson.Serialize(member.Key));
        Array.Sort(names, members, YamlKeyOrder.Instance);
        for (var i = 0; i < members.Length; i++)
        {
            Start(indent, ref onSameLine);
            var isSimple = names[i].Length <= LongestSimpleKey && !names[i].Contains('\n', StringComparison.Ordinal);
            if (!isSimple)
                _output.Append("? ");
            WriteScalar(new RegoString(names[i]), indent, isKey: isSimple);
            if (!isSimple)
                NewLine(indent);
            _output.Append(':');
            WriteMemberValue(members[i].Value, indent);
        }
    }

    private void WriteMemberValue(RegoValue value, int indent)
    {
        switch (value)
        {
            case RegoArray { Count: > 0 } or RegoSet { Count: > 0 }:
                WriteNode(value, indent, onSameLine: false);
                break;
            case RegoObject { Count: > 0 }:
                WriteNode(value, indent + Indent, onSameLine: false);
                break;
            default:
                _output.Append(' ');
                WriteScalar(value, indent, isKey: false);
                break;
        }
    }

    private static bool IsNested(RegoValue value) => value is RegoArray { Count: > 0 } or RegoSet { Count: > 0 } or RegoObject { Count: > 0 };

    private void Start(int indent, ref bool onSameLine)
    {
        if (!onSameLine)
            NewLine(indent);
        onSameLine = false;
    }

    private void NewLine(int indent) => _output.Append('\n').Append(' ', indent);

    private void WriteScalar(RegoValue value, int indent, bool isKey)
    {
        switch (value)
        {
            case RegoString text:
                new YamlText(_output, indent + Indent, isKey).Write(text.Value);
                break;
            case RegoNumber number:
                _output.Append(Number(number));
                break;
            case RegoObject:
                _output.Append("{}");
                break;
            case RegoArray or RegoSet:
                _output.Append("[]");
                break;
            default:
                _output.Append(value.ToJson());
                break;
        }
    }

    // Integers of 64 bits as they are; all else goes through a double.
    private static string Number(RegoNumber number)
    {
        var text = number.ToText();
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 && (number.IsInt64 || ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            return text;
        var real = number.ToDouble();
        return double.IsInfinity(real) ? text : GoFloat.Text(real, 'g', default)!;
    }
}
