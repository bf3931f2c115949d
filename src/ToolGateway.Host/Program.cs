using System.CommandLine;
using ToolGateway.Host;

// The runtime looks for certificates below the home directory, and fails where a user has none: one that only has a number, started without HOME.
if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")))
    Environment.SetEnvironmentVariable("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } home ? home : "/");

// The library would end the process two seconds after a signal, with calls in flight and records unwritten. What runs has limits of its own, all shorter than this.
return await ToolGatewayCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
