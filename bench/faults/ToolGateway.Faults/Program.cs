using System.Globalization;
using ToolGateway.Faults;
using ToolGateway.Testing;
using Arguments = ToolGateway.Load.Arguments;

var arguments = new Arguments(args, ["--list"], ["--only", "--minutes", "--opa"]);
var minutes = 10d;
if ((arguments.Error ?? (arguments["--minutes"] is { } text && !double.TryParse(text, CultureInfo.InvariantCulture, out minutes) ? $"--minutes takes a number, not '{text}'" : null)) is { } error)
{
    Console.Error.WriteLine(error);
    return 2;
}

var opa = arguments["--opa"] ?? Environment.GetEnvironmentVariable("OPA_BIN");
Fault[] all = [.. SidecarFaults.All, .. ToolFaults.All, .. ClientFaults.All, .. GatewayFaults.All, ClockFault.Fault, MemoryFault.Of(minutes)];
var only = arguments["--only"]?.Split(',');
if (only?.FirstOrDefault(name => all.All(fault => fault.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"there is no fault '{unknown}'; --list names them");
    return 2;
}

Fault[] chosen = [.. all.Where(fault => only?.Contains(fault.Name, StringComparer.Ordinal) ?? true)];
if (arguments.Has("--list"))
{
    foreach (var fault in chosen)
        Console.WriteLine($"{fault.Name}: {fault.What}");
    return 0;
}

var scratch = Directory.CreateTempSubdirectory("toolgateway-faults-");
try
{
    var noClock = await ClockFault.PrepareAsync(Repository.Path("bench/faults/clock.c"), scratch.FullName);
    var results = new List<Result>();
    var skipped = new Dictionary<string, string>(StringComparer.Ordinal);
    foreach (var fault in chosen)
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
