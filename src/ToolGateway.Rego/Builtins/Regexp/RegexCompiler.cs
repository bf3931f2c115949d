namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>Makes a program of a parsed pattern, back to front: each part is compiled with the instruction that follows it known.</summary>
internal sealed class RegexCompiler
{
    /// <summary>Most instructions of a program; a larger one is refused.</summary>
    public const int MaxInstructions = 50_000;

    private readonly List<RegexInstruction> _code = [new(RegexOp.Match, 0, 0, null)];

    private bool TooLarge => _code.Count > MaxInstructions;

    /// <summary>The program, or null when it would be too large.</summary>
    public static RegexProgram? Compile(RegexNode node, int groups)
    {
        var compiler = new RegexCompiler();
        var start = compiler.Emit(node, 0);
        return compiler.TooLarge ? null : new RegexProgram([.. compiler._code], start, 2 * (groups + 1), compiler.FindFirst(start));
    }

    private RuneSet? FindFirst(int start)
    {
        var set = new RuneSet.Builder();
        var seen = new HashSet<int>();
        var pending = new Stack<int>([start]);
        while (pending.TryPop(out var at))
        {
            if (!seen.Add(at))
                continue;
            var instruction = _code[at];
            switch (instruction.Op)
            {
                case RegexOp.Take:
                    set.Add(instruction.Set!);
                    break;
                case RegexOp.Save:
                    pending.Push(instruction.Next);
                    break;
                case RegexOp.Split:
                    pending.Push(instruction.Next);
                    pending.Push(instruction.Other);
                    break;
                default:
                    return null;
            }
        }

        return set.ToSet();
    }

    private int Emit(RegexNode node, int next)
    {
        if (TooLarge)
            return next;
        switch (node)
        {
            case EmptyNode { At: RegexPlace.Anywhere }:
                return next;
            case EmptyNode empty:
                return Add(new(RegexOp.Assert, next, (int)empty.At, null));
            case ClassNode one:
                return Add(new(RegexOp.Take, next, 0, one.Set));
            case CaptureNode capture:
                var end = Add(new(RegexOp.Save, next, (2 * capture.Index) + 1, null));
                return Add(new(RegexOp.Save, Emit(capture.Body, end), 2 * capture.Index, null));
            case SequenceNode sequence:
                for (var i = sequence.Items.Count - 1; i >= 0; i--)
                    next = Emit(sequence.Items[i], next);
                return next;
            case ChoiceNode choice:
                var first = Emit(choice.Items[^1], next);
                for (var i = choice.Items.Count - 2; i >= 0; i--)
                    first = Add(new(RegexOp.Split, Emit(choice.Items[i], next), first, null));
                return first;
            default:
                return EmitRepeat((RepeatNode)node, next);
        }
    }

    private int EmitRepeat(RepeatNode repeat, int next)
    {
        var after = next;
        if (repeat.Most < 0)
        {
            if (repeat.Least == 0)
                next = IsNullable(repeat.Body) ? Optional(repeat, EmitLoop(repeat, next), next) : EmitStar(repeat, next);
            else
                next = EmitLoop(repeat, next);
        }

        for (var i = repeat.Least; i < repeat.Most && !TooLarge; i++)
            next = Optional(repeat, Emit(repeat.Body, next), after);
        // An open-ended repetition has emitted one of its copies with the loop.
        for (var i = repeat.Most < 0 ? 1 : 0; i < repeat.Least && !TooLarge; i++)
            next = Emit(repeat.Body, next);
        return next;
    }

    private int EmitStar(RepeatNode repeat, int next)
    {
        var split = Add(default);
        var body = Emit(repeat.Body, split);
        _code[split] = Branch(repeat, body, next);
        return split;
    }

    /// <summary>The body at least once; what it returns is the body's start.</summary>
    private int EmitLoop(RepeatNode repeat, int next)
    {
        var split = Add(default);
        var body = Emit(repeat.Body, split);
        _code[split] = Branch(repeat, body, next);
        return body;
    }

    private int Optional(RepeatNode repeat, int body, int next) => Add(Branch(repeat, body, next));

    private static RegexInstruction Branch(RepeatNode repeat, int body, int next) =>
        repeat.Greedy ? new(RegexOp.Split, body, next, null) : new(RegexOp.Split, next, body, null);

    public static bool IsNullable(RegexNode node) => node switch
    {
        EmptyNode => true,
        ClassNode => false,
        CaptureNode capture => IsNullable(capture.Body),
        SequenceNode sequence => sequence.Items.All(IsNullable),
        ChoiceNode choice => choice.Items.Any(IsNullable),
        RepeatNode repeat => repeat.Least == 0 || IsNullable(repeat.Body),
        _ => false,
    };

    private int Add(RegexInstruction instruction)
    {
        _code.Add(instruction);
        return _code.Count - 1;
    }
}
