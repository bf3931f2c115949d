using System.Diagnostics;
using ToolGateway.Testing;

namespace ToolGateway.Tests.Decisions.Opa;

/// <summary>What ships passes OPA's own tools.</summary>
[Trait("Category", "Opa")]
public sealed class OpaToolTests
{
    [OpaTheory]
    [InlineData("fmt --fail --list policies samples/kubernetes/authz.rego")]
    [InlineData("check --strict policies")]
    [InlineData("check --strict samples/kubernetes/authz.rego")]
    [InlineData("test policies")]
    public async Task Opa_OfWhatShips_FindsNothing(string command)
    {
        using var opa = Process.Start(new ProcessStartInfo(RealOpa.Binary!, command.Split(' '))
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var problems = opa.StandardError.ReadToEndAsync();
        var output = await opa.StandardOutput.ReadToEndAsync();
        await opa.WaitForExitAsync();
        Assert.True(opa.ExitCode == 0, $"opa {command}\n{output}{await problems}");
    }
}
