using ToolGateway.Host.Dev;
using ToolGateway.Hosting;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>What is kept across restarts, and what a kept bundle must prove.</summary>
public sealed class PersistedBundleTests
{
    [Fact]
    public async Task Start_ServiceDownNothingKept_IsNotReadyAndDeniesWithReason()
    {
        await using var fixture = await BundleFixture.StartAsync(isServiceUp: false);

        var ready = await fixture.UntilAsync(static ready => ready.Bundle.Contains("connection", StringComparison.Ordinal));

        Assert.Equal((503, "failing"), (ready.Code, ready.Status));
        Assert.Contains("no valid policy is loaded: the bundle service has delivered nothing yet", ready.Policy, StringComparison.Ordinal);
        Assert.StartsWith("no answer since the start; connection: ", ready.Bundle, StringComparison.Ordinal);
        Assert.Equal("503 policy_unavailable", await fixture.ExportAsync());
        Assert.Equal(["toolgateway_bundle_fetched_seconds 0"], await fixture.MetricsAsync("toolgateway_bundle_fetched_seconds"));
        fixture.Server.Serve(fixture.Bundles.Pack(1));
        await fixture.StartServerAsync();
        await fixture.UntilAsync(static ready => ready is { Code: 200, Status: "ok" });
        Assert.Equal("403 bundle_1", await fixture.ExportAsync());
    }

    [Fact]
    public async Task Restart_ServiceDown_KeptBundleDecidesDegraded_AndOlderOneIsRefusedAfterwards()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(5)));
        await fixture.UntilDecidesAsync(5);
        await fixture.Server.StopAsync();

        await fixture.Gateway.RestartAsync();

        Assert.Equal("403 bundle_5", await fixture.ExportAsync());
        var ready = await fixture.UntilAsync(static ready => ready.Bundle.Contains("connection", StringComparison.Ordinal));
        Assert.Equal((200, "degraded"), (ready.Code, ready.Status));
        fixture.Server.Serve(fixture.Bundles.Pack(4), "\"4\"");
        await fixture.StartServerAsync();
        await fixture.UntilAsync(static ready => ready.Bundle.Contains("older: signed", StringComparison.Ordinal));
        Assert.Equal("403 bundle_5", await fixture.ExportAsync());
    }

    [Fact]
    public async Task Restart_TamperedKeptBundle_IsNotReadyUntilTheServiceDelivers()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(5)));
        await fixture.UntilDecidesAsync(5);
        await fixture.Server.StopAsync();
        await fixture.Gateway.StopAsync();
        var open = SignedBundles.Rego(5).Replace("customers.read", "customers.export", StringComparison.Ordinal);
        await File.WriteAllBytesAsync(fixture.PersistPath, fixture.Bundles.Pack(5, SignedBundles.Rego(5), open));

        var check = GatewayConfiguration.Read(Path.Combine(fixture.Gateway.Directory, "appsettings.json"));
        Assert.Empty(check.Errors);
        Assert.Contains("Decisions:Embedded:Bundle: the kept bundle: .signatures.json: policy.rego is not", Assert.Single(check.FindWarnings()), StringComparison.Ordinal);
        await fixture.Gateway.RestartAsync();

        var ready = await fixture.UntilAsync(static ready => ready.Code == 503);
        Assert.Contains("the kept bundle: .signatures.json: policy.rego is not the file that was signed", ready.Policy, StringComparison.Ordinal);
        Assert.Equal("503 policy_unavailable", await fixture.ExportAsync());
        await fixture.StartServerAsync();
        await fixture.UntilDecidesAsync(5);
        await fixture.UntilAsync(static ready => ready is { Code: 200, Status: "ok" });
    }

    [Fact]
    public async Task Run_KeptBundleTamperedOrGone_LastGoodStaysAndItIsFetchedAgain()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(5)));
        await fixture.UntilDecidesAsync(5);
        var good = await File.ReadAllBytesAsync(fixture.PersistPath);
        foreach (var change in new Action[] { () => File.WriteAllText(fixture.PersistPath, "garbage"), () => File.Delete(fixture.PersistPath) })
        {
            change();

            for (var deadline = Environment.TickCount64 + 20_000; !File.Exists(fixture.PersistPath) || Convert.ToHexString(good) != Convert.ToHexString(await File.ReadAllBytesAsync(fixture.PersistPath)); await Task.Delay(20))
                Assert.True(Environment.TickCount64 < deadline, "the kept bundle is not restored");
            Assert.Equal("403 bundle_5", await fixture.ExportAsync());
            await fixture.UntilAsync(static ready => ready is { Code: 200, Status: "ok" });
        }
    }

    [Fact]
    public async Task Run_KeptBundleTamperedWhileTheServiceIsDown_LastGoodStays()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(5)));
        await fixture.UntilAsync(static ready => ready.Status == "ok");
        await fixture.Server.StopAsync();
        var open = SignedBundles.Rego(5).Replace("customers.read", "customers.export", StringComparison.Ordinal);
        await File.WriteAllBytesAsync(fixture.PersistPath, fixture.Bundles.Pack(5, SignedBundles.Rego(5), open));

        var ready = await fixture.UntilAsync(static ready => ready.Configuration.Contains("policy.rego is not the file that was signed", StringComparison.Ordinal));

        Assert.Equal((200, "degraded"), (ready.Code, ready.Status));
        Assert.Equal("403 bundle_5", await fixture.ExportAsync());
        await fixture.StartServerAsync();
        await fixture.UntilAsync(static ready => ready.Status == "ok");
    }

    [Fact]
    public async Task Run_KeptBundleCannotBeWritten_IsNotTaken()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(5)));
        await fixture.UntilDecidesAsync(5);
        Directory.CreateDirectory(fixture.PersistPath + ".new");

        fixture.Server.Serve(fixture.Bundles.Pack(6), "\"6\"");

        await fixture.UntilAsync(static ready => ready is { Code: 200, Status: "degraded" } && ready.Bundle.Contains("not_kept: ", StringComparison.Ordinal));
        Assert.Equal("403 bundle_5", await fixture.ExportAsync());
        Directory.Delete(fixture.PersistPath + ".new");
        await fixture.UntilDecidesAsync(6);
    }

    [Fact]
    public async Task BundleFile_OlderAfterRestart_IsRefusedWhereTheLastOneIsKept()
    {
        using var bundles = new SignedBundles();
        await using var gateway = await GatewayFixture.StartAsync(fixture =>
        {
            DevFiles.Write(fixture.Directory, "bundle.pub", bundles.PublicKey);
            File.WriteAllBytes(Path.Combine(fixture.Directory, "policy.tar.gz"), bundles.Pack(5));
            fixture.Configuration["Decisions"]!["Embedded"] = System.Text.Json.Nodes.JsonNode.Parse("""
                { "PolicyPath": "policy.tar.gz", "VerificationKeyPath": "bundle.pub", "Timeout": "00:00:05", "Bundle": { "PersistPath": "state/bundle.tar.gz" } }
                """);
        });
        await gateway.AfterReloadAsync(() => File.WriteAllBytes(Path.Combine(gateway.Directory, "policy.tar.gz"), bundles.Pack(6)));
        await gateway.StopAsync();
        File.WriteAllBytes(Path.Combine(gateway.Directory, "policy.tar.gz"), bundles.Pack(5));

        var errors = GatewayConfiguration.Read(Path.Combine(gateway.Directory, "appsettings.json")).Errors;

        Assert.Contains("before the bundle in use (6,", Assert.Single(errors), StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(gateway.Directory, "policy.tar.gz"), bundles.Pack(6));
        await gateway.RestartAsync();
    }
}
