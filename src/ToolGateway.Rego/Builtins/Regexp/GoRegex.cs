using System.Text;
using System.Text.RegularExpressions;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>
/// A regular expression with the meaning of Go's regexp package. Whether ASCII text matches is told by .NET's non-backtracking engine once the pattern has proved
/// to be used; where a match lies, and other text, is found by <see cref="RegexMachine"/>.
/// </summary>
internal sealed class GoRegex
{
    /// <summary>Longest pattern, in UTF-16 units.</summary>
    public const int MaxPattern = 16 * 1024;

    private const int UsesBeforeEngine = 2;
    private const int LongText = 256;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly RegexNode _node;
    private readonly RegexProgram _program;
    private readonly bool _engineAgrees;
    private Regex? _engine;
    private int _uses;

    private GoRegex(RegexNode node, RegexProgram program, IReadOnlyList<string?> names)
    {
        _node = node;
        _program = program;
        _engineAgrees = AsciiTranslator.Agrees(node);
        Names = names;
    }

    /// <summary>Names of the groups by number; null for those without.</summary>
    public IReadOnlyList<string?> Names { get; }

    public int Groups => Names.Count - 1;

    /// <summary>Memory that the compiled form holds, roughly.</summary>
    public int Size => _program.Instructions.Length * 64;

    public static GoRegex? Compile(string pattern, EvaluationBudget budget, out string error)
    {
        var node = Parse(pattern, budget, out var names, out error);
        return node is null ? null : Compile(node, names, pattern, out error);
    }

    public static GoRegex? Compile(RegexNode node, IReadOnlyList<string?> names, string pattern, out string error)
    {
        error = "";
        if (RegexCompiler.Compile(node, names.Count - 1) is { } program)
            return new GoRegex(node, program, names);
        error = $"error parsing regexp: expression too large: `{pattern}`";
        return null;
    }

    public static RegexNode? Parse(string pattern, EvaluationBudget budget, out IReadOnlyList<string?> names, out string error)
    {
        names = [];
        if (pattern.Length > MaxPattern)
        {
            error = $"error parsing regexp: expression too large: {pattern.Length} characters, at most {MaxPattern}";
            return null;
        }

        budget.Step(1 + (pattern.Length / 16));
        budget.Charge(pattern.Length * 64L);
        var parser = new RegexParser(pattern);
        var node = parser.Parse();
        names = parser.Names;
        error = parser.Error ?? "";
        return node;
    }

    public bool IsMatch(string text, EvaluationBudget budget) =>
        EngineFor(text, budget) is { } engine ? Try(engine, text) : new RegexMachine(_program, budget, 2, anyMatch: true).Find(text, 0) is not null;

    /// <summary>A search for the matches in <paramref name="text"/>, or null when there are none.</summary>
    public RegexMachine? Search(string text, bool groups, EvaluationBudget budget)
    {
        // .NET's engine was seen to choose other matches than Go (not the leftmost, or of another length), so it only tells whether there is one.
        if (text.Length >= LongText && EngineFor(text, budget) is { } engine && !Try(engine, text))
            return null;
        return new RegexMachine(_program, budget, groups ? _program.Slots : 2);
    }

    private static bool Try(Regex engine, string text)
    {
        try
        {
            return engine.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TookTooLong();
        }
    }

    private static RegoHaltException TookTooLong() =>
        new(RegoErrorCodes.EvalCancel, $"a regular expression took longer than {MatchTimeout.TotalMilliseconds:0} ms");

    /// <summary>The engine for <paramref name="text"/>, whose length is charged; null when the text needs the machine.</summary>
    private Regex? EngineFor(string text, EvaluationBudget budget)
    {
        if (!_engineAgrees || !Ascii.IsValid(text))
            return null;
        budget.Step(1 + (text.Length / 64));
        if (_engine is null && Interlocked.Increment(ref _uses) <= UsesBeforeEngine && text.Length < LongText)
            return null;
        return _engine ??= new Regex(AsciiTranslator.Translate(_node), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MatchTimeout);
    }
}
