using System.Globalization;
using System.Text;

namespace ToolGateway.Rego.Builtins.Regexp;

/// <summary>
/// Writes a pattern for .NET's non-backtracking engine that decides as Go does on ASCII text. On other text the two engines differ (word boundaries, code
/// points beyond 16 bits), so it is never used there.
/// </summary>
internal static class AsciiTranslator
{
    /// <summary>
    /// Whether .NET's engine finds what Go finds: with lazy repetitions, and repetitions of what can be empty, it was seen to choose other matches or none.
    /// </summary>
    public static bool Agrees(RegexNode node) => node switch
    {
        CaptureNode capture => Agrees(capture.Body),
        SequenceNode sequence => sequence.Items.All(Agrees),
        ChoiceNode choice => choice.Items.All(Agrees),
        RepeatNode repeat => repeat.Greedy && !RegexCompiler.IsNullable(repeat.Body) && Agrees(repeat.Body),
        _ => true,
    };

    public static string Translate(RegexNode node)
    {
        var text = new StringBuilder();
        Write(text, node);
        return text.ToString();
    }

    private static void Write(StringBuilder text, RegexNode node)
    {
        switch (node)
        {
            case EmptyNode empty:
                text.Append(Place(empty.At));
                break;
            case ClassNode one:
                WriteClass(text, one.Set);
                break;
            case CaptureNode capture:
                WriteGroup(text, capture.Body);
                break;
            case SequenceNode sequence:
                foreach (var item in sequence.Items)
                    Write(text, item);
                break;
            case ChoiceNode choice:
                text.Append("(?:");
                for (var i = 0; i < choice.Items.Count; i++)
                {
                    if (i > 0)
                        text.Append('|');
                    Write(text, choice.Items[i]);
                }

                text.Append(')');
                break;
            case RepeatNode repeat:
                WriteGroup(text, repeat.Body);
                text.Append(Counts(repeat)).Append(repeat.Greedy ? "" : "?");
                break;
        }
    }

    private static void WriteGroup(StringBuilder text, RegexNode body)
    {
        text.Append("(?:");
        Write(text, body);
        text.Append(')');
    }

    private static string Counts(RepeatNode repeat) => (repeat.Least, repeat.Most) switch
    {
        (0, -1) => "*",
        (1, -1) => "+",
        (0, 1) => "?",
        (_, -1) => string.Create(CultureInfo.InvariantCulture, $"{{{repeat.Least},}}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{{{repeat.Least},{repeat.Most}}}"),
    };

    private static string Place(RegexPlace place) => place switch
    {
        RegexPlace.TextStart => @"\A",
        RegexPlace.TextEnd => @"\z",
        RegexPlace.LineStart => "(?m:^)",
        RegexPlace.LineEnd => "(?m:$)",
        RegexPlace.WordBoundary => @"\b",
        RegexPlace.NoWordBoundary => @"\B",
        _ => "(?:)",
    };

    private static void WriteClass(StringBuilder text, RuneSet set)
    {
        text.Append('[');
        var empty = true;
        for (var i = 0; i < set.Bounds.Length && set.Bounds[i] < 128; i += 2)
        {
            empty = false;
            text.Append(CultureInfo.InvariantCulture, $@"\u{set.Bounds[i]:x4}");
            // What lies beyond ASCII never occurs; a range to the end keeps sets like "anything" simple.
            var high = set.Bounds[i + 1] >= 127 ? 0xFFFF : set.Bounds[i + 1];
            if (high > set.Bounds[i])
                text.Append(CultureInfo.InvariantCulture, $@"-\u{high:x4}");
        }

        text.Append(empty ? @"^\u0000-\uffff]" : "]");
    }
}
