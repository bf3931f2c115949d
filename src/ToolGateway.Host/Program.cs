using System.CommandLine;
using ToolGateway.Host;

// The library would end the process two seconds after a signal, with calls in flight and records unwritten. What runs has limits of its own, all shorter than this.
return await ToolGatewayCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
