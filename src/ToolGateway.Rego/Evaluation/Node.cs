namespace ToolGateway.Rego.Evaluation;

/// <summary>
/// One step of a planned body. It runs <see cref="Next"/> once for each of its solutions. <c>true</c> from <see cref="Run"/> means stop: the sink at the end of
/// the body wants no more solutions.
/// </summary>
internal abstract class Node
{
    public Node Next { get; set; } = null!;

    public abstract bool Run(Frame frame);
}
