namespace ToolGateway.Audit;

/// <summary>The log cannot be opened. The message says where and what to repair; the process must not start.</summary>
internal sealed class AuditStartException(string message, Exception? inner = null) : Exception(message, inner);
