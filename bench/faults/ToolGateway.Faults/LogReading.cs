using System.Globalization;
using System.Text;
using System.Text.Json;
using ToolGateway.Audit.Verification;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Faults;

/// <summary>What an audit log holds.</summary>
internal sealed class LogReading
{
    private readonly HashSet<string> _decisions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);

    private LogReading()
    {
    }

    public int Allowed { get; private set; }

    public int Denied { get; private set; }

    /// <summary>Calls that recovery records say have no outcome.</summary>
    public int Recovered { get; private set; }

    public int Recoveries { get; private set; }

    /// <summary>Calls that were counted and not recorded: without an identity, or while the log could not be written.</summary>
    public int Suppressed { get; private set; }

    public int Changes { get; private set; }

    /// <summary>Outcomes by how the call ended.</summary>
    public SortedDictionary<string, int> Ended { get; } = new(StringComparer.Ordinal);

    /// <summary>How often a call with this number was allowed.</summary>
    public Dictionary<int, int> AllowedIds { get; } = [];

    public List<string> Violations { get; } = [];

    public static LogReading Read(string directory)
    {
        var log = new LogReading();
        foreach (var line in SegmentNames.Segments(directory).SelectMany(File.ReadLines))
        {
            using var record = JsonDocument.Parse(line);
            log.Take(record.RootElement);
        }

        var open = log._decisions.Count - log._decisions.Intersect(log._closed).Count();
        if (open > 0)
            log.Violations.Add($"{open} decisions have neither an outcome nor a recovery note");
        if (log._closed.Count > log._decisions.Count - open)
            log.Violations.Add($"{log._closed.Count - log._decisions.Count + open} outcomes have no decision");
        var report = new AuditVerifier(VerifyInputs.Keys(directory, null), VerifyInputs.Anchors(directory, null)).Verify(directory, keysFromLog: true);
        log.Violations.AddRange(report.Faults.Take(3).Select(fault => $"audit verify: {fault.Kind} in {fault.File} line {fault.Line}: {fault.Detail}"));
        return log;
    }

    private void Take(JsonElement record)
    {
        switch (record.GetProperty("type").GetString())
        {
            case "decision":
                TakeDecision(record);
                break;
            case "outcome":
                Close(record.GetProperty("decision_id").GetString()!);
                var ended = record.GetProperty("ended").GetString()!;
                Ended[ended] = Ended.GetValueOrDefault(ended) + 1;
                break;
            case "recovery":
                Recoveries++;
                foreach (var id in record.GetProperty("closed").EnumerateArray())
                {
                    Recovered++;
                    Close(id.GetString()!);
                }

                break;
            case "suppressed":
                Suppressed += record.GetProperty("counts").EnumerateArray().Sum(count => count.GetProperty("count").GetInt32());
                break;
            case "change":
                Changes++;
                break;
        }
    }

    private void TakeDecision(JsonElement record)
    {
        var id = record.GetProperty("decision_id").GetString()!;
        if (!_decisions.Add(id))
            Violations.Add($"decision {id} stands twice");
        if (!record.GetProperty("allow").GetBoolean())
        {
            Denied++;
            return;
        }

        Allowed++;
        foreach (var argument in record.GetProperty("arguments").EnumerateObject())
        {
            var number = int.Parse(argument.Value.GetString()!, CultureInfo.InvariantCulture);
            AllowedIds[number] = AllowedIds.GetValueOrDefault(number) + 1;
        }
    }

    private void Close(string decision)
    {
        if (!_closed.Add(decision))
            Violations.Add($"decision {decision} has two ends");
    }

    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Allowed} allowed, {Denied} denied; ended ")
            .AppendJoin(", ", Ended.Select(ended => $"{ended.Key} {ended.Value}"));
        if (Recoveries > 0)
            text.Append(CultureInfo.InvariantCulture, $"; {Recoveries} recoveries close {Recovered}");
        if (Suppressed > 0)
            text.Append(CultureInfo.InvariantCulture, $"; suppressed {Suppressed}");
        if (Changes > 0)
            text.Append(CultureInfo.InvariantCulture, $"; changes {Changes}");
        return text.ToString();
    }
}
