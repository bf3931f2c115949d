namespace ToolGateway.Faults;

/// <summary>An OPA beside the gateway.</summary>
internal interface ISidecar : IAsyncDisposable
{
    /// <summary>Value of <c>Decisions:Opa:Address</c>.</summary>
    string Address { get; }

    /// <summary>What it is, for the table.</summary>
    string Name { get; }

    Task KillAsync();

    /// <summary>Starts after <see cref="KillAsync"/>.</summary>
    /// <param name="denyAll">With a policy that allows nothing.</param>
    Task RestartAsync(bool denyAll);

    /// <summary>From now on nothing is answered.</summary>
    Task HangAsync();

    Task ResumeAsync();
}
