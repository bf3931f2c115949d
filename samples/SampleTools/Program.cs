using ToolGateway.Samples;

var builder = WebApplication.CreateSlimBuilder(args);
var app = builder.Build();
app.MapCrmTool(builder.Configuration["secret"]);
app.MapFilesTool();
await app.RunAsync();
