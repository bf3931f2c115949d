using System.Globalization;
using System.Security;
using System.Text;

namespace ToolGateway.Load;

/// <summary>Small plots without a library.</summary>
internal static class Svg
{
    private const int Width = 900;

    private static readonly string[] Colours = ["#1b6ca8", "#c0392b", "#27864a", "#8e44ad", "#b9770e", "#117a7a", "#555555", "#d35fa0", "#3d3db8"];

    public static string Bars(string title, IReadOnlyList<(string Name, double Value)> bars)
    {
        const int Left = 260, RowHeight = 30;
        var largest = Math.Max(1e-9, bars.Select(bar => bar.Value).DefaultIfEmpty(1).Max());
        var svg = Begin(title, 60 + (bars.Count * RowHeight));
        for (var i = 0; i < bars.Count; i++)
        {
            var y = 50 + (i * RowHeight);
            var length = (Width - Left - 110) * bars[i].Value / largest;
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{y + 15}" text-anchor="end">{SecurityElement.Escape(bars[i].Name)}</text>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<rect x="{Left}" y="{y}" width="{length:0.0}" height="20" fill="{Colours[i % Colours.Length]}"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left + length + 6:0.0}" y="{y + 15}">{bars[i].Value:0.#}</text>""");
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>One line for each row over the percentiles of the matrix.</summary>
    public static string Curves(string title, IReadOnlyList<(string Name, IReadOnlyList<double> Values)> curves)
    {
        var quantiles = Matrix.Quantiles;
        double X(int index) => index / (double)(quantiles.Count - 1);
        return Lines(
            title,
            [.. quantiles.Select((quantile, i) => (X(i), string.Create(CultureInfo.InvariantCulture, $"{quantile * 100:0.##}")))],
            [.. curves.Select(curve => (curve.Name, (IReadOnlyList<(double, double)>)[.. curve.Values.Select((value, i) => (X(i), value))]))]);
    }

    /// <summary>Lines over marks between 0 and 1; the vertical axis shows orders of magnitude.</summary>
    public static string Lines(
        string title, IReadOnlyList<(double X, string Label)> marks, IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> lines)
    {
        const int Left = 70, Right = 260, Top = 50, Height = 360;
        var values = lines.SelectMany(line => line.Points).Select(point => point.Y).Where(value => value > 0).DefaultIfEmpty(1).ToArray();
        double low = Math.Floor(Math.Log10(values.Min())), high = Math.Ceiling(Math.Log10(values.Max()));
        double X(double x) => Left + (x * (Width - Left - Right));
        double Y(double value) => Top + Height - ((Math.Log10(Math.Max(value, 1)) - low) / Math.Max(1, high - low) * Height);
        var svg = Begin(title, Top + Height + 50);
        for (var power = low; power <= high; power++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{Left}" x2="{Width - Right}" y1="{Y(Math.Pow(10, power)):0.0}" y2="{Y(Math.Pow(10, power)):0.0}" stroke="#ddd"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{Y(Math.Pow(10, power)) + 4:0.0}" text-anchor="end">{Math.Pow(10, power):0}</text>""");
        }

        foreach (var (x, label) in marks)
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{X(x):0.0}" y="{Top + Height + 20}" text-anchor="middle">{label}</text>""");
        for (var i = 0; i < lines.Count; i++)
        {
            var colour = Colours[i % Colours.Length];
            var points = string.Join(' ', lines[i].Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.0},{Y(point.Y):0.0}")));
            svg.Append(CultureInfo.InvariantCulture, $"""<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Width - Right + 10}" y="{Top + 15 + (i * 20)}" fill="{colour}">{SecurityElement.Escape(lines[i].Name)}</text>""");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static StringBuilder Begin(string title, int height) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="white"/>""")
        .Append(CultureInfo.InvariantCulture, $"""<text x="20" y="28" font-size="17">{SecurityElement.Escape(title)}</text>""");
}
