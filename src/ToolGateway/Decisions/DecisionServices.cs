using Microsoft.Extensions.DependencyInjection;
using ToolGateway.Decisions.Caching;
using ToolGateway.Decisions.Embedded;
using ToolGateway.Decisions.Embedded.Bundles;
using ToolGateway.Decisions.Opa;
using ToolGateway.Decisions.Shadow;
using ToolGateway.Hosting;

namespace ToolGateway.Decisions;

/// <summary>Registers the decision point.</summary>
internal static class DecisionServices
{
    /// <summary>Adds <see cref="IDecisionPoint"/>. Needs the snapshot holder, a clock, logging and metrics.</summary>
    public static IServiceCollection AddDecisions(this IServiceCollection services) => services
        .AddSingleton<DecisionMetrics>()
        .AddSingleton<DecisionCache>()
        .AddSingleton<EmbeddedEngine>()
        .AddSingleton<OpaEngineHolder>()
        .AddSingleton<BundleStatus>()
        .AddSingleton<IHealthCheck>(static provider => provider.GetRequiredService<BundleStatus>())
        .AddHostedService<BundleDownloads>()
        .AddHostedService<BundleKeeper>()
        .AddSingleton<ShadowMetrics>()
        .AddSingleton<ShadowDecisions>()
        .AddSingleton<IDecisionPoint, DecisionPoint>();
}
