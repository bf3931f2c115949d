using System.Globalization;
using System.Text;

namespace ToolGateway.Rego.Builtins.Format;

/// <summary>Reads a Go format and prints its directives; mistakes in it become text such as <c>%!d(string=x)</c>, never errors.</summary>
internal sealed class GoPrinter(BuiltinContext context, GoOperand[] operands)
{
    private const int TooLarge = 1_000_000;

    private readonly StringBuilder _output = new();
    private string _format = "";
    private int _at;
    private int _operand;
    private bool _reordered;
    private bool _isGoodIndex;

    public override string ToString() => _output.ToString();

    public void Print(string format)
    {
        _format = format;
        context.SpendText(format.Length);
        while (_at < format.Length)
        {
            var end = format.IndexOf('%', _at);
            if (end < 0)
                end = format.Length;
            _output.Append(format, _at, end - _at);
            _at = end + 1;
            if (end < format.Length)
                Directive();
        }

        PrintExtra();
    }

    private void Directive()
    {
        context.Budget.Step();
        _isGoodIndex = true;
        var flags = default(GoFlags);
        ReadFlags(ref flags);
        var afterIndex = ReadIndex();
        ReadWidth(ref flags, ref afterIndex);
        ReadPrecision(ref flags, ref afterIndex);
        if (!afterIndex)
            ReadIndex();
        if (_at >= _format.Length)
        {
            _output.Append("%!(NOVERB)");
            return;
        }

        if (!Rune.TryGetRuneAt(_format, _at, out var verb))
            verb = Rune.ReplacementChar;
        _at += Runes.Length(_format, _at);
        Apply(ref flags, verb);
    }

    private void Apply(ref GoFlags flags, Rune verb)
    {
        if (verb.Value == '%')
        {
            _output.Append('%');
        }
        else if (!_isGoodIndex)
        {
            _output.Append("%!").Append(verb.ToString()).Append("(BADINDEX)");
        }
        else if (_operand >= operands.Length)
        {
            _output.Append("%!").Append(verb.ToString()).Append("(MISSING)");
        }
        else
        {
            if (verb.Value == 'v')
                flags.ForVerbV();
            GoVerbs.Print(context, _output, operands[_operand++], verb, flags);
        }
    }

    private void PrintExtra()
    {
        if (_reordered || _operand >= operands.Length)
            return;
        _output.Append("%!(EXTRA ");
        for (var i = _operand; i < operands.Length; i++)
        {
            _output.Append(i > _operand ? ", " : "").Append(operands[i].TypeName).Append('=');
            GoVerbs.Print(context, _output, operands[i], new Rune('v'), default);
        }

        _output.Append(')');
    }

    private void ReadFlags(ref GoFlags flags)
    {
        for (; _at < _format.Length; _at++)
        {
            switch (_format[_at])
            {
                case '#':
                    flags.Sharp = true;
                    break;
                case '0':
                    flags.Zero = true;
                    break;
                case '+':
                    flags.Plus = true;
                    break;
                case '-':
                    flags.Minus = true;
                    break;
                case ' ':
                    flags.Space = true;
                    break;
                default:
                    return;
            }
        }
    }

    private void ReadWidth(ref GoFlags flags, ref bool afterIndex)
    {
        if (_at < _format.Length && _format[_at] == '*')
        {
            _at++;
            flags.Width = OperandAsNumber();
            if (flags.Width is null)
                _output.Append("%!(BADWIDTH)");
            if (flags.Width < 0)
            {
                flags.Width = -flags.Width;
                flags.Minus = true;
                flags.Zero = false;
            }

            afterIndex = false;
            return;
        }

        flags.Width = ReadNumber(_format.Length);
        if (afterIndex && flags.Width is not null)
            _isGoodIndex = false;
    }

    private void ReadPrecision(ref GoFlags flags, ref bool afterIndex)
    {
        if (_at >= _format.Length || _format[_at] != '.')
            return;
        _at++;
        if (afterIndex)
            _isGoodIndex = false;
        afterIndex = ReadIndex();
        if (_at < _format.Length && _format[_at] == '*')
        {
            _at++;
            var precision = OperandAsNumber();
            flags.Precision = precision < 0 ? null : precision;
            if (flags.Precision is null)
                _output.Append("%!(BADPREC)");
            afterIndex = false;
            return;
        }

        flags.Precision = ReadNumber(_format.Length) ?? 0;
    }

    private int? OperandAsNumber()
    {
        if (_operand >= operands.Length)
            return null;
        var operand = operands[_operand++];
        return operand.Kind == GoKind.Int && operand.Integer is >= -TooLarge and <= TooLarge ? (int)operand.Integer : null;
    }

    private int? ReadNumber(int end)
    {
        var start = _at;
        while (_at < end && char.IsAsciiDigit(_format[_at]))
            _at++;
        if (start == _at)
            return null;
        if (int.TryParse(_format.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= TooLarge)
            return number;
        _at = end;
        return null;
    }

    private bool ReadIndex()
    {
        if (_at >= _format.Length || _format[_at] != '[')
            return false;
        _reordered = true;
        var close = _format.IndexOf(']', _at);
        if (close < 0 || _format.Length - _at < 3)
        {
            _isGoodIndex = false;
            _at++;
            return false;
        }

        _at++;
        var index = ReadNumber(close);
        var wellFormed = index is not null && _at == close;
        _at = close + 1;
        if (wellFormed && index >= 1 && index <= operands.Length)
            _operand = index!.Value - 1;
        else
            _isGoodIndex = false;
        return wellFormed;
    }
}
