namespace ToolGateway.Decisions.Shadow;

/// <summary>What a live call was answered, kept until the candidate has been asked the same.</summary>
/// <param name="Decision">The decision in effect; null when visibility was asked for.</param>
/// <param name="Visibility">The names in effect; null when a decision was asked for.</param>
internal readonly record struct ShadowQuestion(DecisionInput Input, Decision? Decision, Visibility? Visibility)
{
    /// <summary>What waiting for the candidate keeps in memory beside small objects.</summary>
    public int Bytes => Input.Call.Body.Length;
}
