namespace ToolGateway.Audit;

/// <summary>How safe a record must be before the writer says so.</summary>
internal enum Durability
{
    /// <summary>Taken into the queue; outcome records only.</summary>
    Queued,

    /// <summary>In the kernel: survives the death of the process.</summary>
    Written,

    /// <summary>On disk.</summary>
    Synced,
}

/// <summary>The append-only log. Sequence numbers, chain and hashes are its own; callers give the content.</summary>
internal interface IAuditLog
{
    /// <summary>Records a decision. False: the log could not take it in time, and the call must be blocked.</summary>
    ValueTask<bool> DecisionAsync(in DecisionRecord record, Durability durability, CancellationToken cancellation);

    /// <summary>Records an outcome; never blocks the call, retried until written.</summary>
    void Outcome(in OutcomeRecord record);

    /// <summary>Records a decision and outcome of a call that was not identified, within the share such calls have; counts it as suppressed beyond.</summary>
    void Unidentified(in DecisionRecord decision, in OutcomeRecord outcome);

    /// <summary>Records a change of policy, agents, catalogue, keys or pins before it takes effect. False: it could not be recorded, and must not take effect.</summary>
    ValueTask<bool> ChangeAsync(ChangeRecord record, CancellationToken cancellation);

    /// <summary>Whether records are being taken; readiness looks at it.</summary>
    bool IsAvailable { get; }
}
