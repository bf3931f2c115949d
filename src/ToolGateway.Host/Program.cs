using ToolGateway.Host;

return await ToolGatewayCommand.Create().Parse(args).InvokeAsync();
