using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using ToolGateway.Audit.Verification;

namespace ToolGateway.Host.Audit;

/// <summary><c>toolgateway audit verify</c>: 0 when the log is whole, 1 when anything is wrong with it, 2 when it cannot be read.</summary>
internal static class VerifyCommand
{
    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "Directory of the log, or one segment of it" };
        var key = new Option<string?>("--public-key") { Description = "PEM public key that checkpoints were signed with. Default: the keys that lie beside the log" };
        var anchor = new Option<string?>("--anchor") { Description = "File with checkpoints kept elsewhere, one a line, that the log must agree with" };
        var format = AuditOptionsOf.Format();
        var command = new Command("verify", "Check every hash, the chain, the signatures and the end of a log") { path, key, anchor, format };
        command.SetAction(result => Run(
            result.GetRequiredValue(path), result.GetValue(key), result.GetValue(anchor), result.GetValue(format) == "json",
            result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string path, string? key, string? anchor, bool json, TextWriter output, TextWriter error)
    {
        VerifyReport report;
        try
        {
            var verifier = new AuditVerifier(VerifyInputs.Keys(path, key), VerifyInputs.Anchors(path, anchor));
            report = verifier.Verify(path, keysFromLog: key is null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or InvalidDataException)
        {
            error.WriteLine($"{path} cannot be verified: {e.Message}");
            return ExitCodes.Usage;
        }

        if (json)
            output.WriteLine(JsonSerializer.Serialize(report, JsonOptions));
        else
            Print(report, output);
        return report.IsIntact ? ExitCodes.Success : ExitCodes.Fault;
    }

    private static void Print(VerifyReport report, TextWriter output)
    {
        foreach (var fault in report.Faults)
        {
            var place = fault.Line > 0 ? $"{fault.File} line {fault.Line}" : fault.File;
            output.WriteLine($"{fault.Kind.ToString().ToUpperInvariant()} {place}{(fault.Seq is { } seq ? $", record {seq}" : "")}: {fault.Detail}");
        }

        output.WriteLine($"{(report.IsIntact ? "intact" : $"{report.Faults.Count} faults")}: chain {report.Chain ?? "none"}, records {report.FirstSeq} to {report.LastSeq} in {report.Segments} segments");
        output.WriteLine(report.SignedSeq == 0
            ? "signed: nothing; no checkpoint that holds covers any record"
            : $"signed: up to record {report.SignedSeq} at {report.SignedTime}; unsigned tail: {(report.UnsignedTail == 0 ? "none" : $"{report.UnsignedTail} records, {report.SignedSeq + 1} to {report.LastSeq}")}");
        if (!report.Stopped && report.Chain is not null)
            output.WriteLine("the log does not end with a stop record: the gateway runs still, or died");
        if (report.KeysFromLog)
            output.WriteLine("the public key was taken from beside the log, where who changes the log can change it too; give a copy kept elsewhere with --public-key");
    }
}
