using System.CommandLine;
using ToolGateway.Host;
using ToolGateway.Host.Dev;
using ToolGateway.Host.Serve;

var root = new RootCommand("ToolGateway decides every tool call of an AI agent, forwards or blocks it, and records both.")
{
    ServeCommand.Create(),
    ConfigCommands.Create(),
    DevCommands.Create(),
};
return await root.Parse(args).InvokeAsync();
