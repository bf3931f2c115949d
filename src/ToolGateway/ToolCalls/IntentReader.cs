using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using ToolGateway.Enforcement;
using ToolGateway.Identity;

namespace ToolGateway.ToolCalls;

/// <summary>Reads what a call is for: from the credential when its issuer vouches for it, otherwise from what the caller says.</summary>
internal static class IntentReader
{
    public const string TaskHeader = "Agent-Task";
    public const string PurposeHeader = "Agent-Purpose";

    private const int MaxLength = 256;

    private static readonly CallRefusal BadText = new(
        400, ReasonCodes.IntentInvalid, "Task and purpose are given once each, as 1 to 256 printable characters.");

    private static readonly CallRefusal Conflict = new(
        400, ReasonCodes.IntentConflict, "The task or purpose differs from the one in the credential; leave it out.");

    /// <summary>The intent of an HTTP call, from its headers.</summary>
    public static CallRefusal? Read(IHeaderDictionary headers, VerifiedIntent? verified, out Intent intent)
    {
        intent = default;
        headers.TryGetValue(TaskHeader, out var task);
        headers.TryGetValue(PurposeHeader, out var purpose);
        if (!IsOneText(task) || !IsOneText(purpose))
            return BadText;
        return Combine(task.Count == 0 ? null : task[0], purpose.Count == 0 ? null : purpose[0], verified, out intent);
    }

    /// <summary>Puts together what the caller says (null: nothing) and what the issuer vouches for.</summary>
    public static CallRefusal? Combine(string? task, string? purpose, VerifiedIntent? verified, out Intent intent)
    {
        intent = new Intent(task, purpose, Verified: false);
        if ((task is not null && !IsText(task)) || (purpose is not null && !IsText(purpose)))
            return BadText;
        if (verified is null or { Task: null, Purpose: null })
            return null;
        intent = new Intent(verified.Task, verified.Purpose, Verified: true);
        return Differs(task, verified.Task) || Differs(purpose, verified.Purpose) ? Conflict : null;
    }

    private static bool Differs(string? said, string? verified) => said is not null && verified is not null && !string.Equals(said, verified, StringComparison.Ordinal);

    private static bool IsOneText(StringValues values) => values.Count == 0 || (values.Count == 1 && values[0] is not null);

    private static bool IsText(string text)
    {
        if (text.Length is 0 or > MaxLength)
            return false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (System.Text.Rune.IsControl(rune) || rune == System.Text.Rune.ReplacementChar)
                return false;
        }

        return true;
    }
}
