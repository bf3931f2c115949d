using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;
using ToolGateway.Load;

namespace ToolGateway.Faults;

/// <summary>Calls at a steady pace and notes every answer.</summary>
/// <param name="target">What to call; another one from one call to the next takes a new connection.</param>
internal sealed partial class Caller(string kind, Func<Target> target, string expected, TimeSpan pace, Answers answers)
{
    public const string Allowed = "allowed", Denied = "denied", Fresh = "new connection", Bearer = "bearer";

    /// <summary>Longer than every limit of the gateway: who waits so long was forgotten.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken stop)
    {
        Client? client = null;
        Target? current = null;
        using var timer = new PeriodicTimer(pace);
        while (!stop.IsCancellationRequested)
        {
            var next = target();
            if (client is not null && (kind == Fresh || next != current))
            {
                await client.DisposeAsync();
                client = null;
            }

            var started = Stopwatch.GetTimestamp();
            client ??= new Client(next);
            current = next;
            var label = await AskAsync(client);
            answers.Add(kind, label, label == expected, started);
            if (!char.IsAsciiDigit(label[0]) || client.Response.IndexOf("\r\nConnection: close\r\n"u8) >= 0)
            {
                await client.DisposeAsync();
                client = null;
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        if (client is not null)
            await client.DisposeAsync();
    }

    /// <summary>One call, and its answer as a label.</summary>
    public static async Task<string> AskAsync(Client client)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await client.SendAsync(patience.Token);
            return Label(client.Response);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return "connection refused";
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException)
        {
            return "connection closed";
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
    }

    /// <summary>Status, and the first reason of a problem.</summary>
    public static string Label(ReadOnlySpan<byte> response)
    {
        var text = Encoding.UTF8.GetString(response);
        if (text.Length < 12)
            return "connection closed";
        return text[9] == '2' ? text[9..12] : $"{text[9..12]} {Reason().Match(text).Groups[1].Value}".TrimEnd();
    }

    [GeneratedRegex("\"reasons\":\\[\"([a-z_]+)\"")]
    private static partial Regex Reason();
}
