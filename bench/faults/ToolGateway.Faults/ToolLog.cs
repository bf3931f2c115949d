using System.Text.RegularExpressions;
using ToolGateway.Testing;

namespace ToolGateway.Faults;

/// <summary>The tool: what reached it, and how it behaves.</summary>
internal sealed partial class ToolLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, int> _seen = [];

    public ToolLog(RawUpstream server)
    {
        Server = server;
        server.Respond = (request, stream, cancellation) =>
        {
            Note(request);
            server.Requests.Clear();
            return Behave(request, stream, cancellation);
        };
    }

    public RawUpstream Server { get; }

    /// <summary>What it does with a request; at first it answers.</summary>
    public Func<RawRequest, Stream, CancellationToken, Task> Behave { get; set; } = AnswerAsync;

    /// <summary>How often each call arrived, by the number that it carries.</summary>
    public IReadOnlyDictionary<int, int> Seen
    {
        get
        {
            lock (_gate)
                return new Dictionary<int, int>(_seen);
        }
    }

    public static Task AnswerAsync(RawRequest request, Stream stream, CancellationToken cancellation) =>
        stream.WriteAsync(RawUpstream.Answer("""{"id":"42","name":"Ada Lovelace"}"""), cancellation).AsTask();

    private void Note(RawRequest request)
    {
        var text = request.Body.Length > 0 ? System.Text.Encoding.UTF8.GetString(request.Body) : request.Line;
        var id = int.Parse(Number().Match(text).ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        lock (_gate)
            _seen[id] = _seen.GetValueOrDefault(id) + 1;
    }

    [GeneratedRegex("[0-9]{8}")]
    private static partial Regex Number();
}
