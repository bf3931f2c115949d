namespace ToolGateway.FunctionalTests.Samples;

/// <summary>A test that needs to be root, reported as skipped otherwise.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    /// <param name="mounts">Whether it also needs a mount namespace of its own, and to give up its privileges in there.</param>
    public RootFactAttribute(bool mounts = false)
    {
        Mounts = mounts;
        Skip = !Environment.IsPrivilegedProcess ? "not root"
            : mounts && !(Tool.Exists("unshare") && Tool.Exists("setpriv")) ? "no unshare or setpriv on the PATH"
            : mounts && Tool.RunAsync("", "unshare", "--mount", "mount", "--bind", "/", "/").GetAwaiter().GetResult() is { Code: not 0 } refused ? $"unshare --mount is refused: {refused.Output.Trim()}"
            : null;
    }

    public bool Mounts { get; }
}
