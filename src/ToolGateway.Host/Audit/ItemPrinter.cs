using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using ToolGateway.Audit.Reading;

namespace ToolGateway.Host.Audit;

/// <summary>Prints items as they come.</summary>
internal abstract class ItemPrinter
{
    public static ItemPrinter Create(bool json, TextWriter output) => json ? new JsonItems(output) : new TableItems(Terminal.Of(output));

    public abstract void Print(LogItem item);

    /// <summary>One JSON object a line: a decision with its outcome, or another record as it is.</summary>
    private sealed class JsonItems(TextWriter output) : ItemPrinter
    {
        public override void Print(LogItem item)
        {
            var line = Encoding.UTF8.GetString(item.Line);
            var outcome = item.OutcomeLine is { } bytes ? Encoding.UTF8.GetString(bytes) : "null";
            output.WriteLine(item.Call is null ? line : $"{{\"decision\":{line},\"outcome\":{outcome}}}");
        }
    }

    /// <summary>Columns of fixed width, so that rows can be printed before later ones are known.</summary>
    private sealed class TableItems(IAnsiConsole console) : ItemPrinter
    {
        private bool _headed;

        public override void Print(LogItem item)
        {
            if (!_headed)
                console.MarkupLine($"[bold]{Columns("TIME", "DECISION", "HTTP", "AGENT", "TOOL", "ACTION", "MS")} REASONS, END, TASK, ID[/]");
            _headed = true;
            if (item.Call is { } call)
                Call(call, item.Outcome);
            else
                Event(item.Line);
        }

        private static string Columns(string time, string outcome, string status, string agent, string tool, string action, string ms) =>
            $"{Fit(time, 24)} {Fit(outcome, 8)} {Fit(status, 4)} {Fit(agent, 20)} {Fit(tool, 14)} {Fit(action, 24)} {ms,9}";

        private static string Fit(string text, int width) => text.Length > width ? text[..(width - 1)] + "…" : text.PadRight(width);

        private void Call(CallRow call, OutcomeRow? outcome)
        {
            var color = call.Outcome switch { "allow" => "green", "deny" => "red", _ => "yellow" };
            var ms = outcome is null ? "" : (outcome.DurationMicroseconds / 1000.0).ToString("0.00", CultureInfo.InvariantCulture);
            var columns = Columns(
                call.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), call.Outcome,
                outcome?.Status.ToString(CultureInfo.InvariantCulture) ?? "", call.Who, call.Tool ?? "", call.Action ?? "", ms);
            var notes = new List<string>();
            if (call.Reasons.Count > 0)
                notes.Add(string.Join(',', call.Reasons));
            if (outcome?.Reason is { } reason && !call.Reasons.Contains(reason))
                notes.Add(reason);
            notes.Add(outcome?.Ended ?? "no outcome");
            if (call.Task is { } task)
                notes.Add($"task={task}");
            notes.Add(call.DecisionId);
            console.MarkupLine($"[{color}]{Terminal.Safe(columns)}[/] {Terminal.Safe(string.Join(' ', notes))}");
        }

        private void Event(byte[] line)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var type = root.GetProperty("type").GetString()!;
            var members = root.EnumerateObject().Where(member => member.Name is not ("v" or "chain" or "time" or "type" or "instance" or "prev" or "hash"));
            var text = string.Join(' ', members.Select(member => $"{member.Name}={member.Value}"));
            console.MarkupLine($"[blue]{Terminal.Safe(Fit(root.GetProperty("time").GetString()![..23] + "Z", 24))} {type}[/] {Terminal.Safe(text)}");
        }
    }
}
