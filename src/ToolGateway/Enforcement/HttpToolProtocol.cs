using Microsoft.AspNetCore.Http;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Enforcement;

/// <summary>Tools that are called by method, path, query and body.</summary>
internal sealed class HttpToolProtocol : IToolProtocol
{
    public bool Serves(Tool tool) => !tool.IsMcp;

    public ValueTask<Classification> ClassifyAsync(HttpContext context, GatewayCall call, ToolTarget target) => HttpCallClassifier.ClassifyAsync(
        context, call.Tool!, target, call.Caller!.Intent, call.Snapshot.Options.Limits.MaxBodyBytes, call.Open.Token);

    public ValueTask AnswerAsync(HttpContext context, GatewayCall call, Block block) => ProblemWriter.WriteAsync(context, call.Id, block);

    public ValueTask ShapeRequestAsync(HttpContext context, GatewayCall call, HttpRequestMessage request) => default;

    public ValueTask<bool> ShapeResponseAsync(HttpContext context, GatewayCall call, HttpResponseMessage response, CancellationToken cancellation) => new(true);
}
