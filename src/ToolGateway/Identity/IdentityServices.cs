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
        services.AddSingleton<ICallerIdentifier>(static provider => provider.GetRequiredService<CallerIdentifier>());
        services.AddSingleton<IHealthCheck, IssuerHealth>();

        // The core alone: nothing here needs the data protection keys that AddAuthentication would set up.
        services.AddWebEncoders();
        services.AddTransient<CallerAuthenticationHandler>();
        services.AddAuthenticationCore(static options =>
        {
            options.AddScheme<CallerAuthenticationHandler>(CallerAuthenticationHandler.SchemeName, displayName: null);
            options.DefaultScheme = CallerAuthenticationHandler.SchemeName;
        });
        return services;
    }
}
