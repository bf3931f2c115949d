using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ToolGateway.Hosting;
using ToolGateway.Identity;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Identity;

/// <summary>The authentication scheme for endpoints that stand beside the calls.</summary>
public sealed class AuthenticationHandlerTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private WebApplication _app = null!;

    private GatewayFixture Gateway => shared.Gateway;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton((SnapshotHolder)Gateway.Services.GetService(typeof(SnapshotHolder))!);
        builder.Services.AddIdentity();
        builder.Services.AddAuthorization();
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapGet("/whoami", static (HttpContext context) =>
            $"{context.User.FindFirstValue(ClaimTypes.NameIdentifier)} {context.Features.Get<IdentityFeature>()!.Result.Caller!.Agent!.Name}").RequireAuthorization();
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Endpoint_GoodToken_SeesPrincipalAndCaller()
    {
        using var response = await GetAsync("/whoami", $"Bearer {Gateway.Token()}");
        Assert.Equal($"{GatewayFixture.Issuer}#support support", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/whoami", null, 401, "Bearer")]
    [InlineData("/whoami", "Bearer x", 401, "Bearer error=\"invalid_token\", error_description=\"the token is not a signed JWT in compact form\"")]
    [InlineData("/whoami?access_token=x", null, 400, "Bearer error=\"invalid_request\"")]
    public async Task Endpoint_BadCredential_IsChallenged(string path, string? authorization, int status, string challenge)
    {
        using var response = await GetAsync(path, authorization);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.StartsWith(challenge, response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? authorization)
    {
        using var client = new HttpClient();
        if (authorization is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        return await client.GetAsync(new Uri(_app.Urls.Single() + path));
    }
}
