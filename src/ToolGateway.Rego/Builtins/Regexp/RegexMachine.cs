using System.Runtime.InteropServices;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>
/// Runs a program by keeping all its threads in step, in order of priority: time is linear in text and program, and each visited instruction is charged.
/// </summary>
internal sealed class RegexMachine(RegexProgram program, EvaluationBudget budget, int slots, bool anyMatch = false)
{
    private const int StepsPerCheck = 256;

    private readonly bool _anchored = program.Instructions[program.Start] is { Op: RegexOp.Assert, Other: (int)RegexPlace.TextStart };
    private readonly Stack<(int Instruction, int[]? Captures)> _pending = new();
    private List<(int Instruction, int[] Captures)> _current = [];
    private List<(int Instruction, int[] Captures)> _next = [];
    private readonly int[] _seen = Allocate(program, budget);
    private int[]? _spare;
    private int _generation;
    private int _work;

    /// <summary>Capture slots of the leftmost match at or after <paramref name="start"/>, or null.</summary>
    public int[]? Find(ReadOnlySpan<char> text, int start)
    {
        int[]? found = null;
        _current.Clear();
        for (var at = start; ;)
        {
            if (found is null)
            {
                if (_current.Count == 0 && program.First is { } first)
                    at = Skip(text, at, first);
                // A thread that starts here has less priority than those that began earlier.
                if (_current.Count == 0)
                    _generation++;
                Begin(text, at);
            }

            if (_current.Count == 0 && (found is not null || (at > 0 && _anchored)))
                break;
            var width = 1;
            var rune = at < text.Length ? RuneText.At(text, at, out width) : -1;
            found = Advance(text, at, rune, width) ?? found;
            if (anyMatch && found is not null)
                break;
            (_current, _next) = (_next, _current);
            if (rune < 0)
                break;
            at += width;
        }

        Flush();
        return found;
    }

    /// <summary>The next place where a match can begin, or the end.</summary>
    private int Skip(ReadOnlySpan<char> text, int at, RuneSet first)
    {
        while (at < text.Length && !first.Contains(RuneText.At(text, at, out var width)))
        {
            Count();
            at += width;
        }

        return at;
    }

    private void Begin(ReadOnlySpan<char> text, int at)
    {
        var before = _current.Count;
        var captures = _spare ?? NewCaptures();
        captures[0] = at;
        Follow(program.Start, captures, text, at, _current);
        _spare = _current.Count == before ? captures : null;
    }

    private int[]? Advance(ReadOnlySpan<char> text, int at, int rune, int width)
    {
        _next.Clear();
        _generation++;
        foreach (var (index, captures) in CollectionsMarshal.AsSpan(_current))
        {
            var instruction = program.Instructions[index];
            if (instruction.Op == RegexOp.Match)
            {
                var result = (int[])captures.Clone();
                result[1] = at;
                return result;
            }

            Count();
            if (rune >= 0 && instruction.Set!.Contains(rune))
                Follow(instruction.Next, captures, text, at + width, _next);
        }

        return null;
    }

    private void Follow(int index, int[] captures, ReadOnlySpan<char> text, int at, List<(int Instruction, int[] Captures)> threads)
    {
        _pending.Push((index, captures));
        while (_pending.TryPop(out var thread))
        {
            var (current, saved) = thread;
            while (_seen[current] != _generation)
            {
                _seen[current] = _generation;
                Count();
                var instruction = program.Instructions[current];
                if (instruction.Op is RegexOp.Match or RegexOp.Take)
                {
                    threads.Add((current, saved!));
                    break;
                }

                if (instruction.Op == RegexOp.Assert && !Holds((RegexPlace)instruction.Other, text, at))
                    break;
                if (instruction.Op == RegexOp.Split)
                    _pending.Push((instruction.Other, saved));
                else if (instruction.Op == RegexOp.Save && instruction.Other < slots)
                    saved = With(saved!, instruction.Other, at);
                current = instruction.Next;
            }
        }
    }

    private int[] With(int[] captures, int slot, int at)
    {
        budget.Charge(slots * sizeof(int));
        var copy = (int[])captures.Clone();
        copy[slot] = at;
        return copy;
    }

    private int[] NewCaptures()
    {
        budget.Charge(slots * sizeof(int));
        var captures = new int[slots];
        Array.Fill(captures, -1);
        return captures;
    }

    private static int[] Allocate(RegexProgram program, EvaluationBudget budget)
    {
        budget.Charge(64 + (program.Instructions.Length * sizeof(int)));
        return new int[program.Instructions.Length];
    }

    private static bool Holds(RegexPlace place, ReadOnlySpan<char> text, int at) => place switch
    {
        RegexPlace.TextStart => at == 0,
        RegexPlace.TextEnd => at == text.Length,
        RegexPlace.LineStart => at == 0 || text[at - 1] == '\n',
        RegexPlace.LineEnd => at == text.Length || text[at] == '\n',
        RegexPlace.WordBoundary => IsWord(text, at - 1) != IsWord(text, at),
        _ => IsWord(text, at - 1) == IsWord(text, at),
    };

    private static bool IsWord(ReadOnlySpan<char> text, int at) =>
        at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');

    private void Count()
    {
        if (++_work >= StepsPerCheck)
            Flush();
    }

    // Sixteen instructions are about as much work as one step of evaluation.
    private void Flush()
    {
        budget.Step(_work / 16);
        _work = 0;
    }
}
