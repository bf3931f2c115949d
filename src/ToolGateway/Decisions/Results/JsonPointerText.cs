namespace ToolGateway.Decisions.Results;

/// <summary>Checks the text of JSON pointers (RFC 6901). The empty pointer, the whole document, is refused: that is what a denial is for.</summary>
internal static class JsonPointerText
{
    public static bool IsValid(string pointer)
    {
        if (pointer.Length == 0 || pointer[0] != '/')
            return false;
        for (var i = pointer.IndexOf('~', StringComparison.Ordinal); i >= 0; i = pointer.IndexOf('~', i + 1))
        {
            if (i + 1 == pointer.Length || pointer[i + 1] is not ('0' or '1'))
                return false;
        }

        return true;
    }
}
