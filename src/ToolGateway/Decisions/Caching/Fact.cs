using ToolGateway.Decisions.Input;

namespace ToolGateway.Decisions.Caching;

/// <summary>Writes one fact into a key.</summary>
internal delegate void FactWriter(ref KeyEncoder encoder, DecisionInput input);

/// <summary>One fact of the input document: its path, and how it becomes part of a key.</summary>
internal sealed record Fact(string Path, FactWriter Write)
{
    /// <summary>What differs in every call, so that a policy that reads it gains nothing from reuse.</summary>
    public bool IsUnique { get; private init; }

    /// <summary>Every fact that can differ between two calls, in a fixed order.</summary>
    public static IReadOnlyList<Fact> All { get; } =
    [
        Text("subject.type", i => i.Caller.Type),
        Text("subject.id", i => i.Caller.Id),
        Text("subject.properties.authentication", i => i.Caller.Authentication),
        Text("subject.properties.name", i => i.Caller.Agent?.Name),
        Boolean("subject.properties.registered", i => i.Caller.Agent is not null),
        Text("subject.properties.owner", i => i.Caller.Agent?.Owner),
        Text("subject.properties.environment", i => i.Caller.Agent?.Environment),
        Text("subject.properties.tenant", i => i.Caller.Agent?.Tenant),
        Boolean("subject.properties.review_overdue", InputNames.IsReviewOverdue),
        Text("subject.properties.issuer", i => i.Caller.Issuer),
        new("subject.properties.claims", static (ref e, i) => e.Value(i.Caller.Claims)),
        Text("action.name", i => i.Call.Action),
        Text("action.properties.method", i => i.Call.Method),
        Text("action.properties.risk", i => InputNames.Of(i.Call.Risk)),
        Text("action.properties.effect", i => i.Call.Effect),
        Text("resource.id", i => i.Call.Tool.Name),
        Text("resource.properties.protocol", i => InputNames.Protocol(i.Call.Tool)),
        Text("resource.properties.owner", i => i.Call.Tool.Owner),
        Text("resource.properties.environment", i => i.Call.Tool.Environment),
        Text("resource.properties.tenant", i => i.Call.Tool.Tenant),
        new("resource.properties.data", static (ref e, i) => e.Texts(i.Call.Tool.Data)),
        Text("resource.properties.destination", i => i.Call.Tool.Destination),
        new("context.arguments.path", static (ref e, i) => e.Value(i.Call.PathArguments)),
        new("context.arguments.query", static (ref e, i) => e.Value(i.Call.QueryArguments)),
        new("context.arguments.body", WriteBody),
        new("context.arguments.headers", static (ref e, i) => e.Value(i.Call.HeaderArguments)),
        Text("context.intent.task", i => i.Call.Intent.Task),
        Text("context.intent.purpose", i => i.Call.Intent.Purpose),
        Boolean("context.intent.verified", i => i.Call.Intent.Verified),
        new("context.delegation", WriteDelegation),
        new("context.mcp", WriteMcp),
        Text("context.request.remote_address", i => i.RemoteAddress),
        Text("context.request.id", i => i.Id) with { IsUnique = true },
        Text("context.request.time", i => InputNames.Time(i.Time)) with { IsUnique = true },
        new("candidates", WriteCandidates),
    ];

    private static Fact Text(string path, Func<DecisionInput, string?> read) => new(path, (ref e, i) => e.Text(read(i)));

    private static Fact Boolean(string path, Func<DecisionInput, bool> read) => new(path, (ref e, i) => e.Boolean(read(i)));

    private static void WriteBody(ref KeyEncoder encoder, DecisionInput input)
    {
        if (input.Call.Mcp is { } mcp)
            encoder.Value(mcp.Arguments);
        else
            encoder.Json(input.Call.Body.Span);
    }

    private static void WriteDelegation(ref KeyEncoder encoder, DecisionInput input)
    {
        encoder.Text(input.Caller.Delegation?.Type);
        encoder.Text(input.Caller.Delegation?.Id);
    }

    private static void WriteMcp(ref KeyEncoder encoder, DecisionInput input)
    {
        if (input.Call.Mcp is not { } mcp)
        {
            encoder.Text(null);
            return;
        }

        encoder.Text(mcp.Method);
        encoder.Text(mcp.Version);
        encoder.Value(mcp.InputResponses);
        encoder.Text(mcp.RequestStateDigest);
        encoder.Value(mcp.PinnedAnnotations);
    }

    private static void WriteCandidates(ref KeyEncoder encoder, DecisionInput input)
    {
        if (input.Candidates is { } candidates)
            encoder.Texts(candidates);
        else
            encoder.Absent();
    }
}
