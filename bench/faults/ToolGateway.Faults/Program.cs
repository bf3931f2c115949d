using System.Globalization;
using ToolGateway.Faults;
using ToolGateway.Testing;

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

var minutes = Option("--minutes") is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : 10;
var opa = Option("--opa") ?? Environment.GetEnvironmentVariable("OPA_BIN");
Fault[] all = [.. SidecarFaults.All, .. ToolFaults.All, .. ClientFaults.All, .. GatewayFaults.All, ClockFault.Fault, MemoryFault.Of(minutes)];
if (args.Contains("--list"))
{
    foreach (var fault in all)
        Console.WriteLine($"{fault.Name}: {fault.What}");
    return 0;
}

var only = Option("--only")?.Split(',');
if (only?.FirstOrDefault(name => all.All(fault => fault.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"there is no fault '{unknown}'; --list names them");
    return 2;
}

var scratch = Directory.CreateTempSubdirectory("toolgateway-faults-");
try
{
    var noClock = await ClockFault.PrepareAsync(Repository.Path("bench/faults/clock.c"), scratch.FullName);
    var results = new List<Result>();
    var skipped = new Dictionary<string, string>(StringComparer.Ordinal);
    foreach (var fault in all.Where(fault => only?.Contains(fault.Name, StringComparer.Ordinal) ?? true))
    {
        if (fault == ClockFault.Fault && noClock is not null)
        {
            skipped[fault.Name] = noClock;
            continue;
        }

        Console.Error.Write($"{fault.Name}: ");
        var result = await Runner.RunAsync(fault, opa is { Length: > 0 } ? opa : null);
        results.Add(result);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(result.Violations.Count == 0 ? "held" : "VIOLATED: " + string.Join("; ", result.Violations))}, {result.Seconds:0.0} s"));
    }

    Report.Write(Repository.Path("bench/results"), results, skipped, isWhole: only is null);
    return results.Any(result => result.Violations.Count > 0) ? 1 : 0;
}
finally
{
    scratch.Delete(recursive: true);
}
