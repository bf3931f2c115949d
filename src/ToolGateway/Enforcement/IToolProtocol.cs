using Microsoft.AspNetCore.Http;
using ToolGateway.Enforcement.Blocking;
using ToolGateway.Hosting;
using ToolGateway.ToolCalls;
using ToolGateway.ToolCalls.Targets;

namespace ToolGateway.Enforcement;

/// <summary>
/// What differs between the protocols that tools speak: how a request is read as a call, how a block is said, and what must change between the tool and the caller.
/// </summary>
internal interface IToolProtocol
{
    bool Serves(Tool tool);

    /// <summary>Reads the request of an identified caller as a call of <paramref name="call"/>'s tool.</summary>
    ValueTask<Classification> ClassifyAsync(HttpContext context, GatewayCall call, ToolTarget target);

    /// <summary>Answers a call that the gateway blocks. The response has not started; a challenge, if due, and the decision id are set already.</summary>
    ValueTask AnswerAsync(HttpContext context, GatewayCall call, Block block);

    /// <summary>Changes the request for the tool after the header policy was applied.</summary>
    ValueTask ShapeRequestAsync(HttpContext context, GatewayCall call, HttpRequestMessage request);

    /// <summary>
    /// Looks at the tool's response after the header policy was applied. False: the protocol has answered the caller itself, or set
    /// <see cref="Forwarding.OpenCall.ResponseBlock"/>. It may replace <see cref="HttpResponseMessage.Content"/> by what the caller shall get.
    /// </summary>
    ValueTask<bool> ShapeResponseAsync(HttpContext context, GatewayCall call, HttpResponseMessage response, CancellationToken cancellation);
}
