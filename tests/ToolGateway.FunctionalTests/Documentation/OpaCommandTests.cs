using System.Security.Cryptography;
using ToolGateway.Testing;
using ToolGateway.Tests.Decisions.Opa;

namespace ToolGateway.FunctionalTests.Documentation;

/// <summary>Commands of OPA that pages show. Reported as skipped where there is no OPA.</summary>
public sealed class OpaCommandTests
{
    [OpaTheory]
    [InlineData("^opa build ")]
    [InlineData("^opa run ")]
    [InlineData("^opa [a-z]+$")]
    public async Task Opa_OfEveryPage_Runs(string pattern)
    {
        var lines = ShellLines.Of(nameof(Opa_OfEveryPage_Runs));
        Assert.All(lines, static line => Assert.Matches("^opa (build |run |[a-z]+$)", line));
        var folder = Directory.CreateTempSubdirectory("toolgateway-opa-").FullName;
        try
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            await File.WriteAllTextAsync(Path.Combine(folder, "key.pem"), key.ExportECPrivateKeyPem());
            var prepare = $$"""
                set -e
                ln -sf '{{RealOpa.Binary}}' opa
                PATH=$PWD:$PATH
                cp -r '{{Repository.Path("policies")}}' policies
                git init -q . && git -c user.name=test -c user.email=test@acme.test commit -q --allow-empty -m test
                opa build -b policies -o bundle.tar.gz
                """;
            foreach (var line in lines.Where(line => System.Text.RegularExpressions.Regex.IsMatch(line, pattern)))
            {
                var (code, output) = await Shell.RunAsync($"{prepare}\n{Bounded(line, folder)}", folder);
                Assert.True(code == 0, $"{line}\nexits with {code}\n{output}");
                Directory.Delete(Path.Combine(folder, "policies"), recursive: true);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A server is asked for its health and ended; a command that is only named is asked for its help.</summary>
    private static string Bounded(string line, string folder) => line.Split(' ') switch
    {
        [_, "run", ..] => $"""
            {line.Replace("/run/opa/opa.sock", $"{folder}/opa.sock", StringComparison.Ordinal)} &
            trap 'kill $!' EXIT
            curl --silent --fail --retry 50 --retry-delay 1 --retry-all-errors --unix-socket '{folder}/opa.sock' http://opa/health
            """,
        [_, _] => $"{line} --help",
        _ => $"{line}\ntest -s bundle.tar.gz",
    };
}
