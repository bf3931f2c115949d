using System.CommandLine;
using ToolGateway.Audit.Reading;

namespace ToolGateway.Host.Audit;

/// <summary><c>toolgateway audit query</c> and <c>tail</c>: calls with their outcomes, one a line.</summary>
internal static class QueryCommand
{
    private const int BytesPerCall = 4096;

    public static Command Create() => Make("query", "Print the calls that match, each with its outcome", last: null);

    public static Command CreateTail() =>
        Make("tail", "Print the last calls that match", new Option<int>("--lines", "-n") { Description = "How many", DefaultValueFactory = _ => 20 });

    private static Command Make(string name, string description, Option<int>? last)
    {
        var path = new Argument<string>("PATH") { Description = "Directory of the log, or one segment of it" };
        var filters = new FilterOptions();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is written from now on, until interrupted" };
        var format = AuditOptionsOf.Format();
        var command = new Command(name, description) { path, follow, format };
        filters.AddTo(command);
        if (last is not null)
            command.Add(last);
        command.SetAction(async (result, cancellation) =>
        {
            var file = result.GetRequiredValue(path);
            if (!Directory.Exists(file) && !File.Exists(file))
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"{file} does not exist; give the directory of an audit log");
                return ExitCodes.Usage;
            }

            var printer = ItemPrinter.Create(result.GetValue(format) == "json", result.InvocationConfiguration.Output);
            await RunAsync(file, filters.Of(result), last is null ? null : result.GetValue(last), result.GetValue(follow), printer, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string path, CallFilter filter, int? last, bool follow, ItemPrinter printer, CancellationToken cancellation)
    {
        using var cursor = new LogCursor(path);
        var reader = new CallReader(filter);
        if (last is { } count)
            Tail(cursor, reader, filter, count, printer);
        else
            Drain(cursor, reader, printer.Print);
        try
        {
            while (follow)
            {
                await Task.Delay(200, cancellation);
                Drain(cursor, reader, printer.Print);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is how following ends.
        }

        foreach (var item in reader.Open())
            printer.Print(item);
    }

    /// <summary>Without a filter the end of the log is enough; with one, all of it is read and the last matches are kept.</summary>
    private static void Tail(LogCursor cursor, CallReader reader, CallFilter filter, int count, ItemPrinter printer)
    {
        if (filter == new CallFilter())
            cursor.SeekFromEnd((long)count * BytesPerCall);
        var kept = new Queue<LogItem>();
        Drain(cursor, reader, item =>
        {
            kept.Enqueue(item);
            if (kept.Count > count)
                kept.Dequeue();
        });
        foreach (var item in kept)
            printer.Print(item);
    }

    private static void Drain(LogCursor cursor, CallReader reader, Action<LogItem> print)
    {
        while (cursor.TryRead(out var line))
        {
            foreach (var item in reader.Take(line))
                print(item);
        }
    }
}
