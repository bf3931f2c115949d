using ToolGateway.Rego.Conformance;

const string Usage = "usage: ToolGateway.Rego.Conformance DIR [--filter text] [--list-failures]";

string? directory = null;
string? filter = null;
var listFailures = false;
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--list-failures")
        listFailures = true;
    else if (args[i] == "--filter" && i + 1 < args.Length)
        filter = args[++i];
    else if (directory is null && !args[i].StartsWith('-'))
        directory = args[i];
    else
        return Fail(Usage);
}

if (directory is null)
    return Fail(Usage);
if (!Directory.Exists(directory))
    return Fail($"'{directory}' is not a folder");

var cases = CaseReader.ReadAll(directory);
if (filter is not null)
    cases = [.. cases.Where(@case => @case.Note.Contains(filter, StringComparison.Ordinal))];
var known = KnownFailures.Load();
var results = ConformanceSuite.Run(cases);
Report.Write(Console.Out, results, known, listFailures);
return known.Surprises(results).Count == 0 ? 0 : 1;

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
