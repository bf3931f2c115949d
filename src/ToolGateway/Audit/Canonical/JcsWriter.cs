using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ToolGateway.Audit.Records;
using ToolGateway.Rego.Values;

namespace ToolGateway.Audit.Canonical;

/// <summary>Writes JSON text and values in canonical form (RFC 8785). Reused by one thread at a time; allocates only while it grows.</summary>
internal sealed class JcsWriter
{
    private const int MaxDepth = 512;

    private readonly List<Member> _members = [];
    private readonly RecordBuffer _names = new();
    private readonly RecordBuffer _sorted = new();
    private readonly Comparison<Member> _order;

    public JcsWriter() => _order = (a, b) => JcsText.Compare(Name(a), Name(b));

    public RecordBuffer Output { get; } = new();

    public void Clear()
    {
        Output.Clear();
        _names.Clear();
        _sorted.Clear();
        _members.Clear();
    }

    /// <summary>Writes JSON text that was checked before.</summary>
    /// <exception cref="JsonException">It is not one JSON value.</exception>
    public void Json(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        Write(ref reader);
        if (reader.Read())
            throw new JsonException("more than one JSON value");
    }

    public void Value(RegoValue value)
    {
        switch (value)
        {
            case RegoNull:
                Output.Raw("null"u8);
                break;
            case RegoBoolean boolean:
                Output.Bool(boolean.Value);
                break;
            case RegoNumber number:
                Number(number);
                break;
            case RegoString text:
                Text(text.Value);
                break;
            case RegoArray array:
                Items(array.Items);
                break;
            case RegoSet set:
                Items(set.Items);
                break;
            case RegoObject map:
                Object(map);
                break;
        }
    }

    private void Number(RegoNumber number)
    {
        if (!number.TryGetInt64(out var integer))
            Output.Advance(JcsNumber.Format(number.ToDouble(), Output.Reserve(32)));
        else
            Output.Advance(JcsNumber.Format(Encoding.ASCII.GetBytes(integer.ToString(CultureInfo.InvariantCulture)), Output.Reserve(32)));
    }

    private void Text(string value)
    {
        var from = _sorted.Length;
        _sorted.Advance(Encoding.UTF8.GetBytes(value, _sorted.Reserve(value.Length * 3)));
        JcsText.Write(Output, _sorted.Written[from..]);
        _sorted.Truncate(from);
    }

    private void Items(ReadOnlySpan<RegoValue> items)
    {
        Output.Raw((byte)'[');
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0)
                Output.Raw((byte)',');
            Value(items[i]);
        }

        Output.Raw((byte)']');
    }

    private void Object(RegoObject map)
    {
        var (first, names) = (_members.Count, _names.Length);
        Output.Raw((byte)'{');
        foreach (var (key, member) in map.Members)
        {
            var name = key is RegoString text ? text.Value : key.ToJson();
            var at = _names.Length;
            _names.Advance(Encoding.UTF8.GetBytes(name, _names.Reserve(name.Length * 3)));
            var start = BeginMember(first, at);
            Value(member);
            EndMember(at, start);
        }

        EndObject(first, names);
    }

    private void Write(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Object(ref reader);
                break;
            case JsonTokenType.StartArray:
                Array(ref reader);
                break;
            case JsonTokenType.String when !reader.ValueIsEscaped:
                JcsText.Write(Output, reader.ValueSpan);
                break;
            case JsonTokenType.String:
                var from = _sorted.Length;
                _sorted.Advance(reader.CopyString(_sorted.Reserve(reader.ValueSpan.Length)));
                JcsText.Write(Output, _sorted.Written[from..]);
                _sorted.Truncate(from);
                break;
            case JsonTokenType.Number:
                Output.Advance(JcsNumber.Format(reader.ValueSpan, Output.Reserve(32)));
                break;
            default:
                Output.Raw(reader.ValueSpan);
                break;
        }
    }

    private void Array(ref Utf8JsonReader reader)
    {
        Output.Raw((byte)'[');
        for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first)
                Output.Raw((byte)',');
            Write(ref reader);
        }

        Output.Raw((byte)']');
    }

    private void Object(ref Utf8JsonReader reader)
    {
        var (first, names) = (_members.Count, _names.Length);
        Output.Raw((byte)'{');
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var at = _names.Length;
            _names.Advance(reader.CopyString(_names.Reserve(reader.ValueSpan.Length)));
            var start = BeginMember(first, at);
            reader.Read();
            Write(ref reader);
            EndMember(at, start);
        }

        EndObject(first, names);
    }

    private (int Start, int NameEnd) BeginMember(int first, int nameAt)
    {
        if (_members.Count > first)
            Output.Raw((byte)',');
        var start = Output.Length;
        JcsText.Write(Output, _names.Written[nameAt..]);
        Output.Raw((byte)':');
        return (start, _names.Length);
    }

    private void EndMember(int nameAt, (int Start, int NameEnd) begun) =>
        _members.Add(new Member(nameAt, begun.NameEnd, begun.Start, Output.Length));

    /// <summary>Closes the object; its members are put in order when they were not.</summary>
    private void EndObject(int first, int names)
    {
        var members = CollectionsMarshal.AsSpan(_members)[first..];
        if (!IsOrdered(members))
        {
            var start = members[0].Start;
            members.Sort(_order);
            var scratch = _sorted.Length;
            foreach (var member in members)
            {
                _sorted.Raw(Output.Written[member.Start..member.End]);
                _sorted.Raw((byte)',');
            }

            Output.Truncate(start);
            Output.Raw(_sorted.Written[scratch..^1]);
            _sorted.Truncate(scratch);
        }

        _members.RemoveRange(first, _members.Count - first);
        _names.Truncate(names);
        Output.Raw((byte)'}');
    }

    private bool IsOrdered(ReadOnlySpan<Member> members)
    {
        for (var i = 1; i < members.Length; i++)
        {
            if (JcsText.Compare(Name(members[i - 1]), Name(members[i])) > 0)
                return false;
        }

        return true;
    }

    private ReadOnlySpan<byte> Name(Member member) => _names.Written[member.NameAt..member.NameEnd];

    private readonly record struct Member(int NameAt, int NameEnd, int Start, int End);
}
