using System.Text;

namespace ToolGateway.Host.Policy;

/// <summary>Indents compact JSON by two spaces, as OPA's tools do, without touching any token.</summary>
internal static class JsonIndent
{
    public static string Format(string compact)
    {
        var text = new StringBuilder(compact.Length * 2);
        var depth = 0;
        for (var i = 0; i < compact.Length; i++)
        {
            var c = compact[i];
            switch (c)
            {
                case '"':
                    i = AppendString(text, compact, i);
                    break;
                case '{' or '[' when compact[i + 1] is '}' or ']':
                    text.Append(c).Append(compact[++i]);
                    break;
                case '{' or '[':
                    NewLine(text.Append(c), ++depth);
                    break;
                case '}' or ']':
                    NewLine(text, --depth).Append(c);
                    break;
                case ',':
                    NewLine(text.Append(c), depth);
                    break;
                case ':':
                    text.Append(": ");
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }

        return text.ToString();
    }

    private static int AppendString(StringBuilder text, string compact, int start)
    {
        var end = start + 1;
        while (compact[end] != '"')
            end += compact[end] == '\\' ? 2 : 1;
        text.Append(compact, start, end - start + 1);
        return end;
    }

    private static StringBuilder NewLine(StringBuilder text, int depth) => text.Append('\n').Append(' ', depth * 2);
}
