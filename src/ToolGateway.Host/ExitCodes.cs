namespace ToolGateway.Host;

/// <summary>Exit codes of the executable.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command ran and found a fault: failing tests, a broken log, differing decisions.</summary>
    public const int Fault = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The configuration is invalid (EX_CONFIG).</summary>
    public const int Configuration = 78;
}
