using System.Globalization;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Syntax;

/// <summary>Random JSON values.</summary>
internal static class RandomJson
{
    private static readonly string[] Names = ["x", "a", "b", "name", "é", "😀", "", "a\"b\\c\n", "if"];

    public static RegoValue Value(Random random, int depth)
    {
        switch (random.Next(depth > 0 ? 8 : 5))
        {
            case 0:
                return RegoNull.Value;
            case 1:
                return RegoBoolean.Of(random.Next(2) == 0);
            case 2:
                return RegoNumber.Of(random.Next(-5, 2000));
            case 3:
                return RegoNumber.Parse((random.NextDouble() * 1e6).ToString("R", CultureInfo.InvariantCulture));
            case 4:
                return new RegoString(Names[random.Next(Names.Length)]);
            case 5 or 6:
                return RegoObject.From(Enumerable.Range(0, random.Next(4)).Select(_ =>
                    KeyValuePair.Create<RegoValue, RegoValue>(new RegoString(Names[random.Next(Names.Length)]), Value(random, depth - 1))));
            default:
                return RegoJson.Parse("[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1).ToJson())) + "]");
        }
    }
}
