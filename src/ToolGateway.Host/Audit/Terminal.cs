using System.Globalization;
using Spectre.Console;

namespace ToolGateway.Host.Audit;

/// <summary>Where text goes, and what of it a terminal may be shown.</summary>
internal static class Terminal
{
    /// <summary>A console that colours when <paramref name="output"/> is a terminal, and never breaks a line.</summary>
    public static IAnsiConsole Of(TextWriter output)
    {
        var isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = 4096;
        return console;
    }

    /// <summary>Text that callers had a part in: no control or formatting character reaches the terminal, and no markup is read in it.</summary>
    public static string Safe(string text) =>
        Markup.Escape(string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
                target[i] = IsShown(source[i]) ? source[i] : '\ufffd';
        }));

    private static bool IsShown(char c) =>
        char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
