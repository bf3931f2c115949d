using System.Net;
using Microsoft.AspNetCore.Http;
using ToolGateway.Decisions;
using ToolGateway.Decisions.Embedded.Bundles;
using ToolGateway.Rego.Tests.Bundles;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Decisions;

/// <summary>A policy that comes from a bundle service: what is taken, what is refused, and what decides meanwhile.</summary>
public sealed class BundleServiceTests
{
    [Fact]
    public async Task Start_ServiceDelivers_PolicyDecidesAndUnchangedIsNotFetchedAgain()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(1)));

        await fixture.UntilAsync(static ready => ready is { Code: 200, Status: "ok" });

        Assert.Equal(HttpStatusCode.OK, await fixture.ReadAsync());
        Assert.Equal("403 bundle_1", await fixture.ExportAsync());
        while (fixture.Server.Questions.Count < 3)
            await Task.Delay(20);
        var questions = fixture.Server.Questions.ToArray();
        Assert.All(questions, static question => Assert.Equal(("/bundles/policy.tar.gz", "modes=snapshot", "Bearer the-token"), (question.Path, question.Prefer, question.Authorization)));
        Assert.Equal(["", "\"1\"", "\"1\""], questions.Take(3).Select(static question => question.IfNoneMatch ?? ""));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fixture.PersistPath));
        var metrics = await fixture.MetricsAsync("toolgateway_bundle_requests");
        Assert.Contains("toolgateway_bundle_requests_total{result=\"updated\"} 1", metrics);
        Assert.DoesNotContain("toolgateway_bundle_requests_total{result=\"unchanged\"} 0", metrics);
        Assert.Contains("toolgateway_bundle_requests_total{result=\"older\"} 0", metrics);
        foreach (var name in new[] { "toolgateway_bundle_fetched_seconds", "toolgateway_bundle_activated_seconds" })
            Assert.InRange(double.Parse((await fixture.MetricsAsync(name)).Single().Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), 1.7e9, 1e11);
    }

    [Fact]
    public async Task Service_NewerThenOlderBundle_NewerDecidesAndOlderIsRefused()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(5)));
        await fixture.UntilDecidesAsync(5);
        fixture.Server.Serve(fixture.Bundles.Pack(6), "\"6\"");
        await fixture.UntilDecidesAsync(6);
        await fixture.UntilAsync(static ready => ready.Status == "ok");

        fixture.Server.Serve(fixture.Bundles.Pack(4), "\"4\"");

        var ready = await fixture.UntilAsync(static ready => ready.Bundle.Contains("older: signed", StringComparison.Ordinal));
        Assert.Equal((200, "degraded"), (ready.Code, ready.Status));
        Assert.Equal("403 bundle_6", await fixture.ExportAsync());
        fixture.Server.Serve(fixture.Bundles.Pack(7), "\"7\"");
        await fixture.UntilDecidesAsync(7);
        await fixture.UntilAsync(static ready => ready.Status == "ok");
    }

    [Fact]
    public async Task Service_OlderBundleWithAllowRollback_Decides()
    {
        await using var fixture = await BundleFixture.StartAsync(
            static fixture => fixture.Server.Serve(fixture.Bundles.Pack(5)), static embedded => embedded["AllowRollback"] = true);
        await fixture.UntilDecidesAsync(5);

        fixture.Server.Serve(fixture.Bundles.Pack(4), "\"4\"");

        await fixture.UntilDecidesAsync(4);
    }

    /// <summary>The pause between polls is an hour, so that only a held answer can bring the second bundle.</summary>
    [Fact]
    public async Task LongPoll_ServiceHoldsItsAnswer_NewBundleDecidesAtOnce()
    {
        var release = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = await BundleFixture.StartAsync(
            fixture =>
            {
                var first = fixture.Bundles.Pack(1);
                fixture.Server.Respond = async context =>
                {
                    var body = context.Request.Headers.IfNoneMatch.Count == 0 ? first : await release.Task.WaitAsync(context.RequestAborted);
                    context.Response.Headers.ETag = body == first ? "\"1\"" : "\"2\"";
                    await BundleServer.Body(context, body, "application/vnd.openpolicyagent.bundles");
                };
            },
            static embedded =>
            {
                embedded["Bundle"]!["MinDelay"] = "01:00:00";
                embedded["Bundle"]!["MaxDelay"] = "01:00:00";
                embedded["Bundle"]!["LongPollingTimeout"] = "00:05:00";
            });
        await fixture.UntilDecidesAsync(1);

        release.SetResult(fixture.Bundles.Pack(2));

        await fixture.UntilDecidesAsync(2);
        Assert.All(fixture.Server.Questions, static question => Assert.Equal("modes=snapshot;wait=300", question.Prefer));
    }

    [Theory]
    [InlineData("application/vnd.openpolicyagent.bundles", true)]
    [InlineData("application/gzip", false)]
    public async Task LongPoll_OnlyAServiceThatSaysSo_IsAskedAgainAtOnce(string type, bool isLongPoll)
    {
        await using var server = new BundleServer { Respond = context => BundleServer.Body(context, [1], type) };
        using var authority = Host.Dev.DevCertificates.Create("acme.test");
        using var certificate = authority.IssueServer(["localhost"]);
        await server.StartAsync(certificate, GatewayFixture.FreePort());
        var ca = Path.GetTempFileName();
        await File.WriteAllTextAsync(ca, authority.Authority.ExportCertificatePem());
        var options = new BundleOptions { Url = server.Url, LongPollingTimeout = TimeSpan.FromSeconds(5), CaPath = ca };
        var credentials = BundleOptionsValidator.Credentials(options, static path => path);
        Assert.True(credentials.TryReload(out _));
        File.Delete(ca);
        using var client = new BundleClient(options, credentials);

        var answer = await client.AskAsync(null, CancellationToken.None);

        Assert.Equal((BundleResults.Updated, isLongPoll), (answer.Result, answer.IsLongPoll));
        server.Respond = static context => BundleServer.Status(context, 304);
        answer = await client.AskAsync("\"1\"", CancellationToken.None);
        Assert.Equal((BundleResults.Unchanged, isLongPoll), (answer.Result, answer.IsLongPoll));
    }

    public static TheoryData<string, string> Failures => new()
    {
        { "404", "status: localhost" },
        { "500", "answered 500" },
        { "401", "check TokenFile" },
        { "304 unasked", "answered 304" },
        { "cut", "connection: localhost" },
        { "hang", "timeout: localhost" },
        { "drip", "timeout: localhost" },
        { "announced too large", "too_large: the bundle is larger than 100000 bytes" },
        { "too large", "too_large: the bundle is larger than 100000 bytes" },
        { "garbage", "invalid: not a gzip-compressed tar archive" },
        { "truncated", "invalid: " },
        { "bad signature", "invalid: .signatures.json: policy.rego is not the file that was signed" },
        { "unsigned", "although a key is given; sign it" },
        { "other key", "invalid: .signatures.json: " },
        { "bomb", "unpacks to more than 300000 bytes" },
        { "entries", "more than 20 entries" },
        { "delta", "delta bundles are not supported" },
        { "does not compile", "invalid: bundle/policy.rego:2:13: rego_unsafe_var_error" },
        { "no decision", "invalid: " },
        { "redirect away", "never away from https" },
        { "redirect circle", "at most 3 redirects" },
    };

    /// <summary>One gateway sees every failure: each must be named, leave the last good bundle, and be forgotten when the service is well again.</summary>
    [Fact]
    public async Task Service_EveryFailure_LastGoodStaysAndReadinessSaysWhy()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(1)), static embedded =>
        {
            embedded["Bundle"]!["Timeout"] = "00:00:00.500";
            embedded["Bundle"]!["MaxBytes"] = 100_000;
            embedded["Bundle"]!["MaxUnpackedBytes"] = 300_000;
            embedded["Bundle"]!["MaxEntries"] = 20;
        });
        await fixture.UntilAsync(static ready => ready.Status == "ok");
        foreach (var (failure, detail) in Failures.Select(static row => ((string)row[0], (string)row[1])))
        {
            fixture.Server.Respond = Failing(fixture, failure);

            var ready = await fixture.UntilAsync(ready => ready.Bundle.Contains(detail, StringComparison.Ordinal));

            Assert.Equal((200, "degraded", ""), (ready.Code, ready.Status, ready.Configuration));
            Assert.Contains("last answer at", ready.Bundle, StringComparison.Ordinal);
            Assert.Equal("403 bundle_1", await fixture.ExportAsync());
            Assert.Equal(HttpStatusCode.OK, await fixture.ReadAsync());
            fixture.Server.Serve(fixture.Bundles.Pack(1));
            await fixture.UntilAsync(static ready => ready.Status == "ok");
        }

        var results = (await fixture.MetricsAsync("toolgateway_bundle_requests_total")).Where(static line => !line.EndsWith(" 0", StringComparison.Ordinal)).Select(static line => line.Split('"')[1]);
        Assert.Equal(["connection", "invalid", "status", "timeout", "too_large", "unchanged", "updated"], results.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Service_Redirect_IsFollowedAndTheTokenStaysAtItsPlace()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture =>
        {
            var bundle = fixture.Bundles.Pack(3);
            fixture.Server.Respond = context => context.Request.Path.Value switch
            {
                "/bundles/policy.tar.gz" => BundleServer.Redirect(context, "/here"),
                "/here" => BundleServer.Redirect(context, $"https://127.0.0.1:{fixture.Server.Port}/there"),
                _ => BundleServer.Body(context, bundle),
            };
        });

        await fixture.UntilDecidesAsync(3);

        Assert.Equal(
            [("/bundles/policy.tar.gz", "Bearer the-token"), ("/here", "Bearer the-token"), ("/there", "")],
            fixture.Server.Questions.Take(3).Select(static question => (question.Path, question.Authorization ?? "")));
    }

    [Fact]
    public async Task Service_ClientCertificate_IsPresented_AndAnotherAuthorityIsRefused()
    {
        await using var fixture = await BundleFixture.StartAsync(static fixture => fixture.Server.Serve(fixture.Bundles.Pack(1)), static embedded =>
        {
            embedded["Bundle"]!["ClientCertificatePath"] = "gateway.pem";
            embedded["Bundle"]!["ClientKeyPath"] = "gateway.key";
        });
        await fixture.UntilDecidesAsync(1);
        Assert.All(fixture.Server.Questions, static question => Assert.NotNull(question.ClientCertificate));
        Assert.Single(await fixture.MetricsAsync("toolgateway_credential_expiry_seconds{part=\"bundle_service\"}"));
        await fixture.Server.StopAsync();
        await fixture.UntilAsync(static ready => ready.Bundle.Contains("connection", StringComparison.Ordinal));
        using var stranger = Host.Dev.DevCertificates.Create("other.test");
        var file = Path.Combine(fixture.Gateway.Directory, "bundle-ca.pem");
        var right = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, stranger.Authority.ExportCertificatePem());
        fixture.Server.Serve(fixture.Bundles.Pack(2), "\"2\"");

        await fixture.StartServerAsync();

        await fixture.UntilAsync(static ready => ready.Bundle.Contains("certificate", StringComparison.Ordinal));
        Assert.Equal("403 bundle_1", await fixture.ExportAsync());
        await File.WriteAllTextAsync(file, right);
        await fixture.UntilDecidesAsync(2);
        await File.WriteAllTextAsync(file, "no certificate");
        await fixture.UntilAsync(static ready => ready.Bundle.Contains("credentials: TokenFile, CaPath", StringComparison.Ordinal));
    }

    private static Func<HttpContext, Task> Failing(BundleFixture fixture, string failure)
    {
        using var stranger = new SignedBundles();
        var body = failure switch
        {
            "garbage" => "this is not gzip"u8.ToArray(),
            "truncated" => fixture.Bundles.Pack(9)[..^200],
            "bad signature" => fixture.Bundles.Pack(9, SignedBundles.Rego(9), SignedBundles.Rego(9).Replace("customers.read", "customers.export", StringComparison.Ordinal)),
            "unsigned" => TestBundle.Pack(SignedBundles.Files(9, SignedBundles.Rego(9))),
            "other key" => stranger.Pack(9),
            "bomb" => fixture.Bundles.PackSigned(("data.json", $"\"{new string('x', 2_000_000)}\"")),
            "entries" => fixture.Bundles.PackSigned([.. Enumerable.Range(0, 30).Select(static i => ($"{i}.txt", ""))]),
            "delta" => TestBundle.Pack(("patch.json", """{"data":[]}""")),
            "does not compile" => fixture.Bundles.PackSigned(("policy.rego", "package toolgateway\ndecision := x\n")),
            "no decision" => fixture.Bundles.PackSigned(("policy.rego", "package other\nx := 1\n")),
            _ => new byte[200_000],
        };
        return failure switch
        {
            "404" => static context => BundleServer.Status(context, 404),
            "500" => static context => BundleServer.Status(context, 500),
            "401" => static context => BundleServer.Status(context, 401),

            // The first answer makes the gateway forget its tag, so that the second one answers no question.
            "304 unasked" => static context => BundleServer.Status(context, context.Request.Headers.IfNoneMatch.Count > 0 ? 500 : 304),
            "cut" => static context => BundleServer.Cut(context),
            "hang" => static context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default),
            "drip" => static context => BundleServer.Drip(context),
            "too large" => context => context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask(),
            "redirect away" => static context => BundleServer.Redirect(context, "http://127.0.0.1:1/bundle.tar.gz"),
            "redirect circle" => static context => BundleServer.Redirect(context, "/again"),
            _ => context => BundleServer.Body(context, body),
        };
    }
}
