using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ToolGateway.FunctionalTests.Audit;
using ToolGateway.FunctionalTests.Samples;
using ToolGateway.Host;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Hosting;

/// <summary>The gateway as the container runs it: nobody special, no capabilities, and nothing that can be written but the audit log.</summary>
[Collection(nameof(ReadOnlyDiskTests))]
public sealed class ReadOnlyTests
{
    private const string User = "65532";

    /// <summary>
    /// Becomes the gateway in a mount namespace where all is read-only; root itself may write nothing there. Runtime and program are mounted where that user may read them,
    /// wherever they are. What has another mount above it cannot be reached, and is passed over.
    /// </summary>
    private const string Seal = """
        set -eu
        fixture=$1 dotnet=$(readlink -f "$(command -v "$2")") program=$3
        mount --bind "$fixture/audit" "$fixture/audit"
        mount --bind "$(dirname "$dotnet")" "$fixture/runtime"
        mount --bind "$(dirname "$program")" "$fixture/app"
        while read -r _ _ _ _ target _; do
          target=$(printf '%b' "$target")
          [ "$target" = "$fixture/audit" ] || mount -o remount,bind,ro "$target" || echo "not sealed: $target"
        done <<< "$(cat /proc/self/mountinfo)"
        for place in / /tmp /var/tmp /dev/shm "$fixture" "$fixture/app" "$fixture/policies" "$fixture/audit"; do
          if (: > "$place/.probe") 2>/dev/null; then echo "writable: $place"; rm "$place/.probe"; fi
        done
        cd /
        exec env -i PATH=/usr/bin:/bin DOTNET_EnableDiagnostics=0 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true \
          setpriv --reuid=65532 --regid=65532 --clear-groups --inh-caps=-all --ambient-caps=-all --bounding-set=-all --no-new-privs \
          "$fixture/runtime/dotnet" "$fixture/app/$(basename "$program")" "${@:4}"
        """;

    /// <summary>As the samples have it: the log and its keys lie on a volume.</summary>
    [RootFact(mounts: true)]
    public Task Serve_NothingWritableButTheVolume_ServesRecordsAndStops() => ServeAsync("audit/log", static _ => { }, static output =>
        Assert.DoesNotContain("Sessions of MCP", output, StringComparison.Ordinal));

    /// <summary>The volume is the log itself, and its keys are mounted read-only.</summary>
    [RootFact(mounts: true)]
    public Task Serve_KeysFromElsewhere_ServesAndSaysThatSessionsEnd() => ServeAsync(
        "audit",
        static fixture =>
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            File.WriteAllText(Path.Combine(fixture.Directory, "signing.pem"), key.ExportPkcs8PrivateKeyPem());
            File.WriteAllText(Path.Combine(fixture.Directory, "digest.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            fixture.Configuration["Audit"]!["SigningKeyPath"] = "signing.pem";
            fixture.Configuration["Audit"]!["DigestKeyPath"] = "digest.key";
        },
        static output => Assert.Contains("Sessions of MCP end with this process", output, StringComparison.Ordinal));

    private static async Task ServeAsync(string log, Action<GatewayFixture> configure, Action<string> assertOutput)
    {
        await using var fixture = GatewayFixture.Prepare(fixture =>
        {
            fixture.Configuration["Audit"]!["Path"] = log;
            configure(fixture);
        });
        using var gateway = await LaunchAsync(fixture);
        await gateway.ReadyAsync(fixture);
        Assert.Equal([$"writable: {fixture.AuditDirectory}"], gateway.Output.Split('\n').Where(static line => line.StartsWith("writable: ", StringComparison.Ordinal)));
        AssertSealed(gateway.Id, fixture.AuditDirectory);
        using var certificate = fixture.AgentCertificate("support");
        using var agent = fixture.Client(certificate);
        using (var response = await agent.GetAsync(new Uri("/tools/crm/customers/42", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, await gateway.TerminateAsync());
        Assert.DoesNotContain("DataProtection", gateway.Output, StringComparison.Ordinal);
        assertOutput(gateway.Output);
        AssertRecorded(fixture);
        Assert.Equal(0, await ToolGatewayCommand.Create().Parse(["audit", "verify", Path.Combine(fixture.Directory, log)]).InvokeAsync());
    }

    private static async Task<GatewayProcess> LaunchAsync(GatewayFixture fixture)
    {
        foreach (var folder in new[] { "audit", "runtime", "app" })
            Directory.CreateDirectory(Path.Combine(fixture.Directory, folder));
        var seal = Path.Combine(fixture.Directory, "seal.sh");
        await File.WriteAllTextAsync(seal, Seal);
        Assert.Equal((0, ""), await Tool.RunAsync("", "chown", "-R", $"{User}:{User}", fixture.Directory));
        return GatewayProcess.Launch(fixture, shell: $"exec unshare --mount bash '{seal}' '{fixture.Directory}' \"$0\" \"$@\"");
    }

    private static void AssertRecorded(GatewayFixture fixture)
    {
        var records = Directory.EnumerateFiles(fixture.AuditDirectory, "*.jsonl", SearchOption.AllDirectories).SelectMany(File.ReadLines).Select(static line => JsonNode.Parse(line)!).ToArray();
        var decision = Assert.Single(records, static record => record["type"]!.GetValue<string>() == "decision");
        Assert.Equal("allow", decision["outcome"]!.GetValue<string>());
        var outcome = Assert.Single(records, static record => record["type"]!.GetValue<string>() == "outcome");
        Assert.Equal((decision["decision_id"]!.GetValue<string>(), 200), (outcome["decision_id"]!.GetValue<string>(), outcome["status"]!.GetValue<int>()));
    }

    /// <summary>What the kernel says of the process.</summary>
    private static void AssertSealed(int process, string audit)
    {
        var status = File.ReadLines($"/proc/{process}/status").Select(static line => line.Split(':', 2)).ToDictionary(static pair => pair[0], static pair => pair[1].Trim(), StringComparer.Ordinal);
        Assert.Equal(string.Join('\t', Enumerable.Repeat(User, 4)), status["Uid"]);
        Assert.Equal(string.Join('\t', Enumerable.Repeat(User, 4)), status["Gid"]);
        Assert.Equal("1", status["NoNewPrivs"]);
        Assert.All(new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }, set => Assert.Equal(0UL, Convert.ToUInt64(status[set], 16)));
        var mounts = File.ReadLines($"/proc/{process}/mountinfo").Select(static line => line.Split(' ')).ToLookup(static fields => fields[4], static fields => fields[5].Split(',')[0]);
        Assert.Equal("rw", mounts[audit].Last());
        Assert.All(mounts.Where(mount => mount.Key != audit), static mount => Assert.True(mount.Last() == "ro", $"{mount.Key} may be written"));
    }
}
