using ToolGateway.Rego.Tracing;
using ToolGateway.Rego.Values;

namespace ToolGateway.Rego.Evaluation;

/// <summary>Before an expression: says that it is evaluated, and afterwards whether it had a solution.</summary>
internal sealed class TraceEvalNode(TraceSite site, int state) : Node
{
    public override bool Run(Frame frame)
    {
        var context = frame.Context;
        site.Emit(context.Trace, TraceEventKind.Eval, context.Depth, frame.Slots);
        frame.State[state] = null;
        var stop = Next.Run(frame);
        site.Emit(context.Trace, frame.State[state] is null ? TraceEventKind.Fail : TraceEventKind.Redo, context.Depth, frame.Slots);
        return stop;
    }
}

/// <summary>Within an expression: keeps the value of one of its parts for those who are told.</summary>
internal sealed class TracePeekNode(int slot, ValueExpression value) : Node
{
    public override bool Run(Frame frame)
    {
        frame.Slots[slot].Value = value.Evaluate(frame);
        return Next.Run(frame);
    }
}

/// <summary>After an expression: says that it has a solution.</summary>
internal sealed class TraceReachedNode(TraceSite site, int state) : Node
{
    public override bool Run(Frame frame)
    {
        frame.State[state] = this;
        site.Emit(frame.Context.Trace, TraceEventKind.Solution, frame.Context.Depth, frame.Slots);
        var stop = Next.Run(frame);
        frame.State[state] = this;
        return stop;
    }
}

/// <summary>Around the body of a rule.</summary>
internal sealed class TraceRuleNode(TraceSite site, int state) : Node
{
    public override bool Run(Frame frame)
    {
        var context = frame.Context;
        site.Emit(context.Trace, TraceEventKind.Enter, context.Depth, frame.Slots);
        frame.State[state] = null;
        var stop = Next.Run(frame);
        site.Emit(context.Trace, frame.State[state] is null ? TraceEventKind.Fail : TraceEventKind.Redo, context.Depth, frame.Slots);
        return stop;
    }
}

/// <summary>At the end of the body of a rule.</summary>
internal sealed class TraceExitNode(TraceSite site, int state) : Node
{
    public override bool Run(Frame frame)
    {
        frame.State[state] = this;
        site.Emit(frame.Context.Trace, TraceEventKind.Exit, frame.Context.Depth, frame.Slots);
        return Next.Run(frame);
    }
}

/// <summary><c>trace(note)</c></summary>
internal sealed class TraceNoteNode(TraceSite site, ValueExpression note) : Node
{
    public override bool Run(Frame frame)
    {
        if (note.Evaluate(frame) is RegoString text)
            site.Emit(frame.Context.Trace, TraceEventKind.Note, frame.Context.Depth, frame.Slots, text.Value);
        return Next.Run(frame);
    }
}
