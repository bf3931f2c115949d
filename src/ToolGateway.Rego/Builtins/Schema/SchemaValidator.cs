using System.Globalization;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Builtins.Schema;

/// <summary>Validates a document, with the errors, their order and their words as OPA's library gives them.</summary>
internal sealed partial class SchemaValidator(BuiltinContext context)
{
    private const string Root = "(Root)";

    public SchemaReport Validate(SchemaNode schema, RegoValue value)
    {
        var report = new SchemaReport();
        Check(schema, value, report, Root);
        return report;
    }

    private static string Below(string path, string name) => path == Root ? name : $"{path}.{name}";

    private SchemaReport Sub(SchemaNode schema, RegoValue value, string path)
    {
        var report = new SchemaReport();
        Check(schema, value, report, path);
        return report;
    }

    private void Check(SchemaNode schema, RegoValue value, SchemaReport report, string path)
    {
        context.Budget.Step();
        context.Budget.Enter();
        CheckNode(schema, value, report, path);
        context.Budget.Leave();
    }

    private void CheckNode(SchemaNode schema, RegoValue value, SchemaReport report, string path)
    {
        if (schema.Pass is { } pass)
        {
            if (!pass)
                report.Add(context, path, "false", "False always fails validation");
            return;
        }

        if (schema.Reference is { } target)
        {
            Check(target, value, report, path);
            return;
        }

        var kind = KindOf(value);
        if (schema.Types.Count > 0 && !schema.Types.Contains(kind) && !(kind == "integer" && schema.Types.Contains("number")))
        {
            var expected = schema.Types.Count == 1 ? schema.Types[0] : $"[{string.Join(',', schema.Types)}]";
            report.Add(context, path, "invalid_type", $"Invalid type. Expected: {expected}, given: {kind}");
            return;
        }

        CheckCombinations(schema, value, report, path);
        if (value is RegoArray array)
            CheckArray(schema, array, report, path);
        CheckCommon(schema, value, report, path);
        if (value is RegoObject map)
            CheckObject(schema, map, report, path);
        else if (value is RegoNumber number)
            CheckNumber(schema, number, report, path);
        else if (value is RegoString text)
            CheckText(schema, text.Value, report, path);
        report.Passed();
    }

    private static string KindOf(RegoValue value) => value switch
    {
        RegoNumber number => number.TryGetBigInteger(out _) ? "integer" : "number",
        _ => BuiltinContext.KindName(value),
    };

    private void CheckCommon(SchemaNode schema, RegoValue value, SchemaReport report, string path)
    {
        if (schema.Const is { } constant && !RegoOrder.Equal(constant, value))
            report.Add(context, path, "const", $"{path} does not match: {constant.ToJson()}");
        if (schema.Enum is { } options && !options.Any(option => RegoOrder.Equal(option, value)))
            report.Add(context, path, "enum", $"{path} must be one of the following: {(options.Count == 0 ? "(none)" : string.Join(", ", options.Select(option => option.ToJson())))}");
        if (schema.Format is { } format && value is RegoString text && !SchemaFormats.Matches(format, text.Value, context.Budget))
            report.Add(context, path, "format", $"Does not match format '{format}'");
        report.Passed();
    }

    private void CheckText(SchemaNode schema, string text, SchemaReport report, string path)
    {
        var length = Runes.Count(text);
        if (length < schema.MinLength)
            report.Add(context, path, "string_gte", $"String length must be greater than or equal to {schema.MinLength}");
        if (length > schema.MaxLength)
            report.Add(context, path, "string_lte", $"String length must be less than or equal to {schema.MaxLength}");
        if (schema.Pattern is { } pattern && !pattern.Regex.IsMatch(text, context.Budget))
            report.Add(context, path, "pattern", $"Does not match pattern '{pattern.Text}'");
        report.Passed();
    }

    private void CheckNumber(SchemaNode schema, RegoNumber number, SchemaReport report, string path)
    {
        if (schema.MultipleOf is { } multiple && !IsMultiple(number, multiple))
            report.Add(context, path, "multiple_of", $"Must be a multiple of {Show(multiple)}");
        if (schema.Maximum is { } maximum && number.CompareTo(maximum) > 0)
            report.Add(context, path, "number_lte", $"Must be less than or equal to {Show(maximum)}");
        if (schema.ExclusiveMaximum is { } above && number.CompareTo(above) >= 0)
            report.Add(context, path, "number_lt", $"Must be less than {Show(above)}");
        if (schema.Minimum is { } minimum && number.CompareTo(minimum) < 0)
            report.Add(context, path, "number_gte", $"Must be greater than or equal to {Show(minimum)}");
        if (schema.ExclusiveMinimum is { } below && number.CompareTo(below) <= 0)
            report.Add(context, path, "number_gt", $"Must be greater than {Show(below)}");
        report.Passed();
    }

    private bool IsMultiple(RegoNumber number, RegoNumber multiple)
    {
        var x = DecimalText.Parse(number.ToText());
        var y = DecimalText.Parse(multiple.ToText());
        if (x.Sign == 0)
            return true;
        if (!x.IsModerate || !y.IsModerate)
            return false;
        context.StepDigits(number);
        context.StepDigits(multiple);
        var scale = Math.Min(x.Magnitude - x.Digits.Length, y.Magnitude - y.Digits.Length);
        context.Budget.Step(Math.Abs(scale) >> 4);
        return (Scaled(x, scale) % Scaled(y, scale)).IsZero;
    }

    private static System.Numerics.BigInteger Scaled(DecimalText value, long scale) =>
        System.Numerics.BigInteger.Parse(value.Digits, NumberStyles.None, CultureInfo.InvariantCulture) *
        System.Numerics.BigInteger.Pow(10, (int)(value.Magnitude - value.Digits.Length - scale));

    // As Go prints a big.Float: all its digits, with an exponent from a million on.
    private static string Show(RegoNumber number)
    {
        var value = DecimalText.Parse(number.ToText());
        var exponent = value.Sign == 0 ? 0 : value.Magnitude - 1;
        if (exponent is >= -4 and < 6)
            return Format.GoFloat.Text(number.ToDouble(), 'g', new Format.GoFlags { Precision = 17 - (int)Math.Max(0, 17 - value.Digits.Length) })!;
        var fraction = value.Digits.Length > 1 ? "." + value.Digits[1..] : "";
        return string.Create(CultureInfo.InvariantCulture, $"{(value.Sign < 0 ? "-" : "")}{value.Digits[0]}{fraction}e{exponent:+00;-00}");
    }
}
