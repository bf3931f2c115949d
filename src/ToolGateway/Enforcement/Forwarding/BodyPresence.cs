using Microsoft.AspNetCore.Http.Features;

namespace ToolGateway.Enforcement.Forwarding;

/// <summary>Says that there is no body to forward, once that is known.</summary>
internal sealed class BodyPresence : IHttpRequestBodyDetectionFeature
{
    public static BodyPresence None { get; } = new();

    public bool CanHaveBody => false;
}
