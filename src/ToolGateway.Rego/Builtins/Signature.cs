using ToolGateway.Rego.Types;

namespace ToolGateway.Rego.Builtins;

/// <summary>
/// Reads declarations written as OPA's documentation writes them: <c>trim(value:string, cutset:string) -> string</c>. Types: <c>any null boolean number string
/// array set object rel</c>, <c>array[T] set[T] object[K:V]</c>, <c>array&lt;T, T&gt;</c> for fixed elements, and unions with <c>|</c>.
/// </summary>
internal static class Signature
{
    public static Builtin Declare(string text, BuiltinFunction function, BuiltinTraits traits = BuiltinTraits.None, string? infix = null)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var arrow = text.IndexOf("->", StringComparison.Ordinal);
        var close = text.LastIndexOf(')', arrow);
        var reader = new Reader(text[(open + 1)..close]);
        var arguments = new List<RegoType>();
        var names = new List<string>();
        while (!reader.AtEnd)
        {
            names.Add(reader.ReadName());
            arguments.Add(reader.ReadUnion());
            reader.Skip(',');
        }

        return new Builtin(text[..open], arguments, new Reader(text[(arrow + 2)..]).ReadUnion(), traits, function, infix)
        {
            ArgumentNames = names,
        };
    }

    private sealed class Reader(string text)
    {
        private int _at;

        public bool AtEnd
        {
            get
            {
                SkipSpace();
                return _at >= text.Length;
            }
        }

        /// <summary>The name before a colon, or nothing.</summary>
        public string ReadName()
        {
            SkipSpace();
            var start = _at;
            var at = _at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
                at++;
            if (at >= text.Length || text[at] != ':')
                return "";
            _at = at + 1;
            return text[start..at];
        }

        public bool Skip(char c)
        {
            SkipSpace();
            if (_at >= text.Length || text[_at] != c)
                return false;
            _at++;
            return true;
        }

        public RegoType ReadUnion()
        {
            var members = new List<RegoType> { ReadOne() };
            while (Skip('|'))
                members.Add(ReadOne());
            return members.Count == 1 ? members[0] : new UnionType(members);
        }

        private RegoType ReadOne()
        {
            SkipSpace();
            var start = _at;
            while (_at < text.Length && char.IsAsciiLetter(text[_at]))
                _at++;
            return text[start.._at] switch
            {
                "any" => RegoType.Any,
                "null" => RegoType.Null,
                "boolean" or "rel" => RegoType.Boolean,
                "number" => RegoType.Number,
                "string" => RegoType.String,
                "array" => ReadArray(),
                "set" => new SetType(ReadElement()),
                "object" => ReadObject(),
                var unknown => throw new FormatException($"unknown type '{unknown}' in signature '{text}'"),
            };
        }

        private ArrayType ReadArray()
        {
            if (!Skip('<'))
                return new ArrayType([], ReadElement());
            var items = new List<RegoType>();
            while (!Skip('>'))
            {
                items.Add(ReadUnion());
                Skip(',');
            }

            return new ArrayType(items, null);
        }

        private RegoType ReadElement()
        {
            if (!Skip('['))
                return RegoType.Any;
            var element = ReadUnion();
            Skip(']');
            return element;
        }

        private ObjectType ReadObject()
        {
            if (!Skip('['))
                return new ObjectType([], RegoType.Any, RegoType.Any);
            var key = ReadUnion();
            Skip(':');
            var value = ReadUnion();
            Skip(']');
            return new ObjectType([], key, value);
        }

        private void SkipSpace()
        {
            while (_at < text.Length && text[_at] == ' ')
                _at++;
        }
    }
}
