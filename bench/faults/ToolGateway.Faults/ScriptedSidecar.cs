using System.Net.Sockets;
using System.Text;
using ToolGateway.Testing;

namespace ToolGateway.Faults;

/// <summary>Speaks as much of OPA's Data API as the gateway asks for, and can do it wrong.</summary>
internal sealed class ScriptedSidecar : ISidecar
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(5);

    private readonly string? _path;
    private volatile string _revision = "r1";

    public ScriptedSidecar(string? path)
    {
        _path = path;
        Server = RawUpstream.Start(path);
        Server.Respond = RespondAsync;
    }

    public RawUpstream Server { get; }

    public string Address => _path is null ? Server.Url.TrimEnd('/') : $"unix://{_path}";

    public string Name => _path is null ? "scripted, TCP" : "scripted, unix socket";

    /// <summary>How many times slower than usual it answers.</summary>
    public int Slowness { get; set; } = 1;

    /// <summary>Bytes instead of an answer; empty: none ever.</summary>
    public byte[]? Instead { get; set; }

    public Task KillAsync() => Server.KillAsync();

    public Task RestartAsync(bool denyAll)
    {
        _revision = denyAll ? "r2" : "r1";
        Server.Restart();
        return Task.CompletedTask;
    }

    public Task HangAsync()
    {
        Instead = [];
        return Task.CompletedTask;
    }

    public Task ResumeAsync()
    {
        Instead = null;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task RespondAsync(RawRequest request, NetworkStream stream, CancellationToken cancellation)
    {
        Server.Requests.Clear();
        await Task.Delay(Usual * Slowness, cancellation);
        if (Instead is { Length: 0 })
            await Task.Delay(Timeout.Infinite, cancellation);
        await stream.WriteAsync(Instead ?? RawUpstream.Answer(Decide(Encoding.UTF8.GetString(request.Body))), cancellation);
    }

    private string Decide(string question)
    {
        var allow = _revision == "r1" && question.Contains("\"name\":\"customers.read\"", StringComparison.Ordinal) && !question.Contains("\"canary\"", StringComparison.Ordinal);
        var result = allow
            ? """{"allow":true,"reasons":[],"obligations":[{"type":"audit_arguments","pointers":["/path/id"]}]}"""
            : """{"allow":false,"reasons":["not_granted"]}""";
        return $$$$"""{"decision_id":"d","provenance":{"version":"1","bundles":{"gateway":{"revision":"{{{{_revision}}}}"}}},"result":{{{{result}}}} }""";
    }
}
