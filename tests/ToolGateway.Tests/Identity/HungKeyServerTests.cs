using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ToolGateway.Enforcement;
using ToolGateway.Host.Dev;
using ToolGateway.Identity;

namespace ToolGateway.Tests.Identity;

/// <summary>An issuer's server that takes requests and never answers: callers wait a bounded time, and nobody else notices.</summary>
public sealed class HungKeyServerTests
{
    [Theory]
    [InlineData("says nothing")]
    [InlineData("stops in the middle")]
    [InlineData("metadata says nothing")]
    public async Task Identify_ServerHangs_IsRefusedInTimeAndRecoversByItself(string how)
    {
        await using var server = await JwksServer.StartAsync();
        using var kit = Kit(options =>
        {
            if (how == "metadata says nothing")
                options.MetadataAddress = $"{server.Url}/.well-known/openid-configuration";
            else
                options.JwksUri = $"{server.Url}/jwks.json";
        });
        server.Answer = context => HangAsync(context, how);
        var first = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => kit.RefuseAsync(ReasonCodes.TokenInvalid, kit.Token())));
        Assert.InRange(first.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));

        // The wait is over for all of this fetch.
        var later = Stopwatch.StartNew();
        await kit.RefuseAsync(ReasonCodes.TokenInvalid, kit.Token());
        Assert.InRange(later.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));

        var metadata = new JsonObject { ["issuer"] = IdentityKit.IssuerUrl, ["jwks_uri"] = $"{server.Url}/keys" };
        server.Answer = context => context.Response.WriteAsync(context.Request.Path.Value!.Contains("well-known", StringComparison.Ordinal) ? metadata.ToJsonString() : kit.Tokens.JwksJson());
        await UntilAsync(async () =>
        {
            kit.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await kit.IdentifyAsync(kit.Token())).Caller is not null;
        });
    }

    [Fact]
    public async Task Identify_ServerHangs_DoesNotTouchKnownKeysAndOtherIssuers()
    {
        const string OtherUrl = "https://other.acme.test";
        await using var server = await JwksServer.StartAsync();
        await using var other = await JwksServer.StartAsync();
        using var kit = Kit(options => options.JwksUri = $"{server.Url}/jwks.json");
        using var otherTokens = DevTokens.Create(kit.Clock);
        server.Serve(kit.Tokens.JwksJson());
        other.Serve(otherTokens.JwksJson());
        kit.Options.Identity.Issuers["other"] = new IssuerOptions { Issuer = OtherUrl, Audience = "tool-gateway", JwksUri = $"{other.Url}/jwks.json", MaxLifetime = TimeSpan.FromDays(1) };
        kit.Reload();
        await kit.AcceptAsync(kit.Token());
        server.Answer = context => HangAsync(context, "says nothing");
        kit.Clock.Advance(TimeSpan.FromMinutes(6));
        using var unknown = DevTokens.Create(kit.Clock);
        var refused = kit.RefuseAsync(ReasonCodes.TokenInvalid, unknown.Sign(kit.Request()));

        // The set is due, and being fetched, all the while.
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            await kit.AcceptAsync(kit.Token());
            await kit.AcceptAsync(otherTokens.Sign(kit.Request() with { Issuer = OtherUrl }));
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
        await refused;
    }

    private static IdentityKit Kit(Action<IssuerOptions> change) => new(kit =>
    {
        kit.Issuer.JwksPath = null;
        kit.Issuer.MaxLifetime = TimeSpan.FromDays(1);
        change(kit.Issuer);
    });

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = Environment.TickCount64 + 20_000;
        while (!await condition())
        {
            Assert.True(Environment.TickCount64 < deadline, "it did not happen in time");
            await Task.Delay(50);
        }
    }

    private static async Task HangAsync(HttpContext context, string how)
    {
        try
        {
            if (how == "stops in the middle")
            {
                context.Response.ContentLength = 500;
                await context.Response.WriteAsync("{ \"keys\": [", context.RequestAborted);
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }
}
