using System.Text.Json.Nodes;
using ToolGateway.Host;
using ToolGateway.Host.Serve;
using ToolGateway.Hosting;
using ToolGateway.Quickstart;
using ToolGateway.Samples;

var once = args.Contains("--once");
Console.WriteLine("Starting the sample tools and the gateway on loopback, with fresh credentials …");
await using var crm = await StartToolAsync();
using var workspace = new Workspace(crm.Urls.First());
var configuration = GatewayConfiguration.Read(workspace.ConfigurationFile);
if (ConfigErrors.Report(configuration))
    return ExitCodes.Configuration;
await using var gateway = GatewayApplication.Build(configuration, builder => builder.Logging.ClearProviders()
    .AddSimpleConsole(console => console.SingleLine = true)
    .AddFilter((category, level) => level >= LogLevel.Error && category?.StartsWith("ToolGateway", StringComparison.Ordinal) == true));
await gateway.StartAsync();

using var caller = new Caller(workspace);

// The first TLS handshakes and compilations would drown the latency that the table is about.
await caller.SendAsync(Scenario.Calls[0]);
await caller.SendAsync(Scenario.Calls[1]);
var answers = new List<Answer>();
foreach (var step in Scenario.Calls)
    answers.Add(await caller.SendAsync(step));
RaiseLimit(workspace.GrantsFile, from: 100, to: 500);
answers.Add(await UntilChangedAsync(caller, Scenario.AfterChange));
Report.Calls(answers);

Console.WriteLine("The same over MCP, with the official SDK as client:");
Console.WriteLine();
var mcp = await McpCalls.RunAsync(workspace);
Console.WriteLine();
Console.WriteLine("The last records of the audit log (toolgateway audit tail):");
Console.WriteLine();
var tail = await ToolGatewayCommand.Create().Parse(["audit", "tail", workspace.AuditDirectory, "--lines", "6"]).InvokeAsync();
Console.WriteLine();
var verified = await ToolGatewayCommand.Create().Parse(["audit", "verify", workspace.AuditDirectory]).InvokeAsync();
Console.WriteLine();
if (once)
{
    await gateway.StopAsync();
    return answers.TrueForAll(answer => answer.IsExpected) && mcp && tail == 0 && verified == 0 ? ExitCodes.Success : ExitCodes.Fault;
}

Report.Try(workspace);
await gateway.WaitForShutdownAsync();
return ExitCodes.Success;

static async Task<WebApplication> StartToolAsync()
{
    var builder = WebApplication.CreateSlimBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    var tool = builder.Build();
    tool.MapFilesTool();
    tool.MapCrmTool(Workspace.ToolSecret);
    await tool.StartAsync();
    return tool;
}

static void RaiseLimit(string file, int from, int to)
{
    var data = JsonNode.Parse(File.ReadAllText(file))!;
    var limit = data["grants"]!["support"]!["crm"]!["refunds.create"]!["limits"]![0]!;
    if ((int)limit["max"]! != from)
        throw new InvalidOperationException($"{file}: the limit on refunds should be {from}");
    limit["max"] = to;
    File.WriteAllText(file, data.ToJsonString());
}

static async Task<Answer> UntilChangedAsync(Caller caller, Step step)
{
    var deadline = Environment.TickCount64 + 5_000;
    while (true)
    {
        var answer = await caller.SendAsync(step);
        if (answer.IsExpected || Environment.TickCount64 > deadline)
            return answer;
        await Task.Delay(100);
    }
}
