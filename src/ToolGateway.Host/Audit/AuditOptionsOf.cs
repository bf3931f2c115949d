using System.CommandLine;

namespace ToolGateway.Host.Audit;

/// <summary>Options that several commands share.</summary>
internal static class AuditOptionsOf
{
    public static Option<string> Format()
    {
        var format = new Option<string>("--format") { Description = "table or json", DefaultValueFactory = _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        return format;
    }
}
