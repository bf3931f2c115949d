using ToolGateway.Enforcement;

namespace ToolGateway.Decisions.Results;

/// <summary>Takes the members of one result as they are read, whatever they are read from, and judges them: the one place that says what a valid result is.</summary>
internal struct DecisionBuilder
{
    private const int MaxReasons = 16;
    private const int MaxReasonLength = 64;

    /// <summary>Longer lifetimes are cut, so that they fit a time span; the gateway's own limit is far below.</summary>
    private const double MaxLifetimeSeconds = 86_400;

    private bool? _allow;
    private List<string>? _reasons;
    private ObligationFold? _obligations;
    private double _seconds;
    private bool _invalid;
    private bool _unsupported;

    public readonly bool IsInvalid => _invalid;

    public void Allow(bool allow) => _allow = allow;

    public void Invalid() => _invalid = true;

    public void Reason(string? reason)
    {
        if (reason is null || !IsReason(reason) || ReasonCodes.All.Contains(reason) || _reasons is { Count: MaxReasons })
            _invalid = true;
        else
            (_reasons ??= []).Add(reason);
    }

    public void CacheSeconds(double seconds)
    {
        if (double.IsNaN(seconds) || seconds < 0)
            _invalid = true;
        else
            _seconds = Math.Min(seconds, MaxLifetimeSeconds);
    }

    public void Obligation(in ObligationItem item)
    {
        switch ((_obligations ??= new ObligationFold()).Add(item))
        {
            case ObligationProblem.Invalid:
                _invalid = true;
                break;
            case ObligationProblem.Unsupported:
                _unsupported = true;
                break;
        }
    }

    public readonly Decision Build(string engine, string? revision)
    {
        if (_invalid || _allow is not { } allow || (!allow && _reasons is null))
            return Decision.Denied(engine, ReasonCodes.PolicyInvalidResult, revision);
        if (_unsupported)
            return Decision.Denied(engine, ReasonCodes.ObligationUnsupported, revision);
        return new Decision
        {
            Allow = allow,
            Reasons = _reasons ?? (IReadOnlyList<string>)[],
            Obligations = _obligations?.ToObligations() ?? Obligations.None,
            Lifetime = TimeSpan.FromSeconds(_seconds),
            Engine = engine,
            PolicyRevision = revision,
        };
    }

    private static bool IsReason(string reason)
    {
        if (reason.Length is 0 or > MaxReasonLength || !char.IsAsciiLetterLower(reason[0]))
            return false;
        foreach (var c in reason)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
                return false;
        }

        return true;
    }
}
