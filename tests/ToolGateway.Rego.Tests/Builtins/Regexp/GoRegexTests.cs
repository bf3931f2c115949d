using System.Text;
using System.Text.RegularExpressions;
using ToolGateway.Rego.Builtins.Regexp;

namespace ToolGateway.Rego.Tests.Builtins.Regexp;

public sealed class GoRegexTests
{
    private static readonly string[] Atoms = ["a", "b", ".", "[ab]", "[^a]", @"\w", "^", "$", @"\b", @"\B", "1", "(?m:^)", "(?m:$)", ""];
    private static readonly string[] Repeats = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}"];

    // The same pattern decided by the machine, by the engine behind IsMatch (after its first uses), and, where their meanings agree, by .NET's backtracking.
    [Fact]
    public void IsMatch_RandomPatterns_MachineAndEnginesAgree()
    {
        var random = new Random(11);
        var compared = 0;
        for (var i = 0; i < 1500; i++)
        {
            var pattern = Pattern(random, 3);
            var budget = JsonCall.Context().Budget;
            if (GoRegex.Compile(pattern, budget, out _) is not { } regex)
                continue;
            compared++;
            var comparable = AsciiTranslator.Agrees(GoRegex.Parse(pattern, budget, out _, out _)!);
            for (var k = 0; k < 6; k++)
            {
                var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "aab1 \n"[random.Next(6)]));
                var machine = regex.Search(text, groups: true, budget)!.Find(text, 0);
                Assert.Equal(machine is not null, regex.IsMatch(text, budget));
                if (!comparable)
                    continue;
                var expected = Regex.IsMatch(text, pattern.Replace("$", @"\z", StringComparison.Ordinal).Replace(@"(?m:\z)", "(?m:$)", StringComparison.Ordinal));
                Assert.True(expected == (machine is not null), $"{pattern} on {text}");
            }
        }

        Assert.InRange(compared, 500, 1500);
    }

    [Fact]
    public void Compile_RandomText_NeverThrows()
    {
        var random = new Random(12);
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder();
            for (var k = random.Next(20); k > 0; k--)
                text.Append(@"ab(?)[]{}*+|\^$.-:,19pPQELxi<>=!"[random.Next(32)]);
            var regex = GoRegex.Compile(text.ToString(), JsonCall.Context().Budget, out var error);
            Assert.Equal(regex is null, error.Length > 0);
        }
    }

    private static string Pattern(Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0)
            return Atoms[random.Next(Atoms.Length)];
        return random.Next(6) switch
        {
            0 => $"({Pattern(random, depth - 1)}|{Pattern(random, depth - 1)})",
            1 => $"(?:{Pattern(random, depth - 1)}){Repeats[random.Next(Repeats.Length)]}",
            2 => $"({Pattern(random, depth - 1)}){Repeats[random.Next(Repeats.Length)]}",
            _ => Pattern(random, depth - 1) + Pattern(random, depth - 1),
        };
    }
}
