return await ToolGateway.Samples.FilesAgent.RunAsync(args, Console.Out, Environment.GetEnvironmentVariable);
