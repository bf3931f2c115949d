using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Hosting;

public sealed class ManagementTests
{
    [Fact]
    public async Task Listeners_AreToldApartByTheSocket_WhateverHostSays()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var call = await gateway.SendRawAsync($"GET /configuration HTTP/1.1\r\nHost: 127.0.0.1:{gateway.AdministrationPort}\r\nConnection: close\r\n\r\n");
        var probe = await SendAsync(gateway.ProbesPort, $"GET /configuration HTTP/1.1\r\nHost: 127.0.0.1:{gateway.AdministrationPort}\r\nConnection: close\r\n\r\n");
        var tool = await SendAsync(gateway.AdministrationPort, $"GET /tools/crm/customers/42 HTTP/1.1\r\nHost: localhost:{gateway.Port}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401", call, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404", probe, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404", tool, StringComparison.Ordinal);
        Assert.Empty(gateway.Upstream.Requests);
    }

    [Fact]
    public async Task Probes_ServeLivenessReadinessAndMetrics()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var agent = gateway.Client(gateway.AgentCertificate("support"));
        (await agent.GetAsync("/tools/crm/customers/42")).EnsureSuccessStatusCode();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.ProbesPort}") };

        Assert.Equal("ok\n", await client.GetStringAsync("/livez"));
        using var ready = JsonDocument.Parse(await client.GetStringAsync("/readyz"));
        Assert.Equal("ok", ready.RootElement.GetProperty("status").GetString());
        var metrics = await client.GetStringAsync("/metrics");
        Assert.Contains("toolgateway_decisions_total{tool=\"crm\",action=\"customers.read\",outcome=\"allow\",reason=\"\",engine=\"embedded\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("toolgateway_stage_duration_seconds_count{stage=\"decide\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administration_ShowsConfigurationWithoutSecrets()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.AdministrationPort}") };

        var configuration = await client.GetStringAsync("/configuration");

        Assert.Contains("customers.read", configuration, StringComparison.Ordinal);
        Assert.DoesNotContain("the-tools-own-secret", configuration, StringComparison.Ordinal);
        using var version = JsonDocument.Parse(await client.GetStringAsync("/version"));
        Assert.Matches(@"^\d+\.\d+\.\d+$", version.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public async Task Reload_InvalidConfiguration_KeepsTheLastGoodOneAndSaysSo()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var agent = gateway.Client(gateway.AgentCertificate("support"));
        using var probes = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.ProbesPort}") };

        await gateway.AfterReloadAsync(() => File.WriteAllText(Path.Combine(gateway.Directory, "appsettings.json"), "{ not json"));

        Assert.Equal(HttpStatusCode.OK, (await agent.GetAsync("/tools/crm/customers/42")).StatusCode);
        var ready = await probes.GetStringAsync("/readyz");
        Assert.Contains("degraded", ready, StringComparison.Ordinal);
        Assert.Contains("not valid JSON", ready, StringComparison.Ordinal);

        await gateway.AfterReloadAsync(gateway.WriteConfiguration);
        Assert.Contains("\"status\":\"ok\"", await probes.GetStringAsync("/readyz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_AgentDisabled_IsRefusedAtOnce()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var agent = gateway.Client(gateway.AgentCertificate("support"));
        Assert.Equal(HttpStatusCode.OK, (await agent.GetAsync("/tools/crm/customers/42")).StatusCode);

        await gateway.WriteConfigurationAsync(configuration => configuration["Agents"]!["support"]!["Enabled"] = false);

        using var refused = await agent.GetAsync("/tools/crm/customers/42");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("agent_disabled", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_PolicyThatAllowsACallerThatNobodyKnows_IsRed()
    {
        await using var gateway = await GatewayFixture.StartAsync(fixture =>
        {
            var package = Path.Combine(fixture.PolicyDirectory, "toolgateway");
            foreach (var file in Directory.EnumerateFiles(package))
                File.Delete(file);
            File.WriteAllText(Path.Combine(package, "open.rego"), "package toolgateway\n\ndecision := {\"allow\": true}\n\nvisible contains a if some a in input.candidates\n");
        });
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.ProbesPort}") };

        using var ready = await client.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("the policy allows an unknown caller to use crm", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
