using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using ToolGateway.Audit;
using ToolGateway.Decisions;
using ToolGateway.Rego.Values;
using ToolGateway.ToolCalls;

namespace ToolGateway.Tests.Audit;

public sealed class PrivacyTests
{
    [Fact]
    public async Task Log_OfCallsFullOfSecrets_HoldsNoneOfThem()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        var call = TestCalls.Refund("""{"order":"A-17","card":"4111-secret-body","nested":{"pin":"secret-nested"}}""") with
        {
            PathArguments = One("id", "secret-path"),
            QueryArguments = One("q", "secret-query"),
            HeaderArguments = One("x-extra", "secret-header"),
            UpstreamTarget = "/customers/secret-path?q=secret-query",
        };
        var caller = TestLog.Support with { Claims = One("groups", "secret-claim") };
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("d-1") with { Call = call, Caller = caller }, Durability.Synced, default));
        log.Log.Outcome(TestLog.Outcome("d-1"));
        await log.Log.StopAsync();
        foreach (var file in Directory.GetFiles(log.Directory, "*", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("PRIVATE", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Arguments_ThatThePolicyNames_AreWrittenInClearAndNoOthers()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        var decision = new Decision
        {
            Allow = true,
            Engine = "embedded",
            Obligations = new Obligations { AuditArguments = ["/body/order", "/body/items/1/sku", "/body/a~1b~0c", "/query/dry", "/body/none", "", "/", "/body/items/9"] },
        };
        var call = TestCalls.Refund("""{"order":"A-\"17\u001b[31m","amount":40.50,"items":[{"sku":"no"},{"sku":"yes"}],"a/b~c":{"k":[1,null,true]}}""");
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("d-1") with { Call = call, Decision = decision }, Durability.Written, default));
        using var json = JsonDocument.Parse(log.Lines("decision").Single());
        var arguments = json.RootElement.GetProperty("arguments");
        Assert.Equal("""["/body/order","/body/items/1/sku","/body/a~1b~0c","/query/dry"]""", JsonSerializer.Serialize(arguments.EnumerateObject().Select(member => member.Name)));
        Assert.Equal("A-\"17\u001b[31m", arguments.GetProperty("/body/order").GetString());
        Assert.Equal("yes", arguments.GetProperty("/body/items/1/sku").GetString());
        Assert.Equal("""{"k":[1,null,true]}""", arguments.GetProperty("/body/a~1b~0c").GetRawText());
        Assert.Equal("no", arguments.GetProperty("/query/dry").GetString());
        Assert.DoesNotContain("40.50", log.Lines("decision").Single(), StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Keys_ThatAreMade_AreReadableByTheOwnerAloneAndNotInTheLogsDirectory()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        foreach (var path in new[] { log.Directory + ".signing-key.pem", log.Directory + ".digest-key" })
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.All(Directory.GetFiles(log.Directory, "audit-*.jsonl"), path => Assert.False(File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead)));
        Assert.Single(Directory.GetFiles(log.Directory, "*.public.pem"));
    }

    [Fact]
    public async Task Outcome_OfAStreamedBody_KeepsOnlyTheKeyedFormOfItsDigest()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        var plain = "sha-256:" + Convert.ToHexStringLower(SHA256.HashData("yes"u8));
        log.Log.Outcome(TestLog.Outcome("d-1") with { RequestDigest = plain });
        await log.Log.StopAsync();
        using var json = JsonDocument.Parse(log.Lines("outcome").Single());
        var key = Convert.FromBase64String(File.ReadAllText(log.Directory + ".digest-key"));
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(key, System.Text.Encoding.UTF8.GetBytes(plain)));
        Assert.Matches($"^hmac-sha-256:[0-9a-f]{{8}}:{expected}$", json.RootElement.GetProperty("request_digest").GetString());
    }

    [Fact]
    public async Task Text_FromCallers_CannotEndALineOrReachATerminalRaw()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        var hostile = "x\n{\"v\":1}\u001b[2J\u0085\u2028\u007f\ud800end\"\\";
        var call = TestCalls.Refund() with { Intent = new Intent(hostile, null, false) };
        Assert.True(await log.Log.DecisionAsync(TestLog.Decision("d-1") with { Call = call }, Durability.Written, default));
        var line = log.Lines("decision").Single();
        Assert.DoesNotContain(line, c => char.IsControl(c) || c == '\u2028');
        using var json = JsonDocument.Parse(line);
        Assert.Equal(hostile.Replace('\ud800', '\ufffd'), json.RootElement.GetProperty("intent").GetProperty("task").GetString());
    }

    private static RegoObject One(string name, string value) => RegoObject.From([new(new RegoString(name), new RegoString(value))]);
}
