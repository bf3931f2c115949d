namespace ToolGateway.Decisions.Caching;

/// <summary>A question as the cache sees it.</summary>
/// <param name="Revision">Revision of the policy that would answer.</param>
/// <param name="Facts">What the policy can read of <paramref name="Input"/>.</param>
internal readonly record struct CacheQuestion(string EntryPoint, string Engine, string? Revision, FactSelection Facts, DecisionInput Input)
{
    public DecisionKey Key() => Facts.Key(EntryPoint, Engine, Revision, Input);
}
