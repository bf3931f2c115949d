using System.Text;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Syntax;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Tests.Syntax;

/// <summary>Random and broken sources: whatever comes in, an answer or an error comes out, within the limits. Seeds are fixed, so that a failure repeats.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 1_500;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2.5);

    private static readonly RegoLimits Limits = new(20_000, TimeSpan.FromMilliseconds(250), 8 << 20, 64);

    private static readonly string[] Pieces =
    [
        "package a\n", "import data.b as c\n", "p", "q", "x", "_", " := ", " = ", " == ", " if ", " contains ", " in ", "some ", "every ", "not ", " with ", " as ",
        "else ", "default ", "{", "}", "[", "]", "(", ")", ",", ";", ":", ".", "|", "&", "+", "-", "*", "/", "%", "<", ">=", "\n", "1", "0.5", "1e9", "\"s\"", "`r`",
        "$\"t{", "}\"", "$`", "data.a.p", "input.x", "count(", "# METADATA\n", "# title: a\n", "true", "null", "set()", "walk(", "numbers.range(1, 1e9)", "\\", "\u0000", "é", "😀",
    ];

    [Fact]
    public void Parse_RandomText_NeverThrows() => Repeat(11, random =>
    {
        var text = new StringBuilder();
        for (var i = random.Next(60); i >= 0; i--)
            text.Append((char)random.Next(random.Next(2) == 0 ? 128 : 0x10000));
        Check(text.ToString());
    });

    [Fact]
    public void Parse_RandomTokens_NeverThrowsAndCompilesWithinLimits() => Repeat(12, random =>
    {
        var text = new StringBuilder("package a\n");
        for (var i = random.Next(40); i >= 0; i--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        Check(text.ToString());
        Evaluate(text.ToString(), RandomJson.Value(random, 3));
    });

    [Fact]
    public void Compile_MutatedPolicies_NeverThrowsAndKeepsLimits()
    {
        var seeds = Seeds();
        Repeat(13, random =>
        {
            var text = Mutate(seeds[random.Next(seeds.Count)], random);
            Check(text);
            Evaluate(text, RandomJson.Value(random, 4));
        });
    }

    [Fact]
    public void Json_RandomValues_SurviveTheTripThroughTextAndTerms() => Repeat(14, random =>
    {
        var value = RandomJson.Value(random, 5);
        Assert.Equal(value, RegoJson.Parse(value.ToJson()));
        var (term, errors) = RegoParser.ParseTerm(value.ToString());
        Assert.Empty(errors);
        Assert.NotNull(term);
    });

    [Fact]
    public void Json_MutatedText_IsReadOrRefused() => Repeat(15, random =>
    {
        var text = Mutate(RandomJson.Value(random, 5).ToJson(), random);
        try
        {
            Assert.NotNull(RegoJson.Parse(text).ToJson());
        }
        catch (System.Text.Json.JsonException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    });

    private static void Repeat(int seed, Action<Random> round)
    {
        var random = new Random(seed);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < Rounds && clock.Elapsed < Budget; i++)
            round(random);
    }

    private static void Check(string text)
    {
        var (module, errors) = RegoParser.ParseModule(new RegoSource("fuzz.rego", text));
        Assert.True(module is null == errors.Count > 0, text);
        Assert.All(errors, error => Assert.Equal(RegoErrorCodes.Parse, error.Code));
        if (module is not null)
            Assert.NotNull(ModuleJson.Of(module));
    }

    private static void Evaluate(string text, RegoValue input)
    {
        var compilation = new RegoCompiler().Compile([new RegoSource("fuzz.rego", text)]);
        if (compilation.Policy is not { } policy)
        {
            Assert.NotEmpty(compilation.Errors);
            return;
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        if (policy.Prepare("x = data").Query is { } query)
            Assert.NotNull(query.Evaluate(input, new RegoEvaluationOptions(Limits)));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), text);
    }

    private static string Mutate(string text, Random random)
    {
        var mutated = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0 && mutated.Length > 0; i--)
        {
            var at = random.Next(mutated.Length);
            var length = Math.Min(random.Next(1, 12), mutated.Length - at);
            switch (random.Next(4))
            {
                case 0:
                    mutated.Remove(at, length);
                    break;
                case 1:
                    mutated.Insert(at, mutated.ToString(at, length));
                    break;
                case 2:
                    mutated.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    mutated[at] = (char)random.Next(128);
                    break;
            }
        }

        return mutated.ToString();
    }

    private static List<string> Seeds() =>
        [.. Rego.Conformance.CaseReader.ReadAll(Path.Combine(AppContext.BaseDirectory, "cases")).SelectMany(static @case => @case.Modules)];
}
