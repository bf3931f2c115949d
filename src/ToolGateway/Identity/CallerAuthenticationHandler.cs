using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ToolGateway.Hosting;

namespace ToolGateway.Identity;

/// <summary>
/// <see cref="CallerIdentifier"/> as an ASP.NET Core authentication scheme. The principal says no more than the id; the <see cref="IdentityResult"/> travels in
/// <see cref="IdentityFeature"/>.
/// </summary>
internal sealed class CallerAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, CallerIdentifier identifier, SnapshotHolder snapshots)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "ToolGateway";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var call = Context.Features.Get<GatewayCall>();
        var result = await identifier.IdentifyAsync(Context, call?.Snapshot ?? snapshots.Current, call?.Tool);
        Context.Features.Set(new IdentityFeature(result));
        if (result.Caller is not { } caller)
            return result.Refusal!.ChallengeError is null ? AuthenticateResult.NoResult() : AuthenticateResult.Fail(result.Refusal.Detail);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Id)], caller.Authentication);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        var refusal = Context.Features.Get<IdentityFeature>()?.Result.Refusal ?? Refusals.CredentialMissing;
        var call = Context.Features.Get<GatewayCall>();
        Response.StatusCode = refusal.Status;
        Response.Headers.WWWAuthenticate = Challenge.For(refusal, call?.Tool, (call?.Snapshot ?? snapshots.Current).Options.PublicUrl);
    }
}

/// <summary>What identification found for the request.</summary>
internal sealed record IdentityFeature(IdentityResult Result);
