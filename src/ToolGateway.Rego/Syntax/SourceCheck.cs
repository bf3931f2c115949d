using System.Text;
using ToolGateway.Rego.Limits;
using ToolGateway.Rego.Text;

namespace ToolGateway.Rego.Syntax;

/// <summary>Refuses sources that are too large before a single token is read.</summary>
internal static class SourceCheck
{
    public static RegoError? Find(RegoSource source, SourceLimits limits)
    {
        if (source.Text.Length > limits.MaxBytes || Encoding.UTF8.GetByteCount(source.Text) > limits.MaxBytes)
            return Refuse(source, $"source is larger than {limits.MaxBytes} bytes");
        var lines = source.Text.AsSpan().Count('\n') + 1;
        return lines > limits.MaxLines ? Refuse(source, $"source has more than {limits.MaxLines} lines") : null;
    }

    private static RegoError Refuse(RegoSource source, string message) =>
        new(RegoErrorCodes.Parse, message, new SourceLocation(source.File, 1, 1, 0, ""));
}
