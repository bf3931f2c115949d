using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ToolGateway.Hosting;
using ToolGateway.Identity.Tokens;

namespace ToolGateway.Identity;

/// <summary>Registers identification.</summary>
internal static class IdentityServices
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RememberedTokens>();
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<CallerIdentifier>();
        services.AddSingleton<ICallerIdentifier>(provider => provider.GetRequiredService<CallerIdentifier>());
        services.AddSingleton<IHealthCheck, IssuerHealth>();
        services.AddAuthentication(CallerAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthenticationHandler>(CallerAuthenticationHandler.SchemeName, configureOptions: null);
        return services;
    }
}
