using System.Globalization;
using System.Text;

namespace TokenActors.Bench;

/// <summary>A line plot with a logarithmic axis to the right and a linear one from zero upwards.</summary>
internal static class SvgPlot
{
    private const int Width = 720;
    private const int Height = 400;
    private const int Left = 90;
    private const int Bottom = 60;
    private const int Top = 50;
    private const int Right = 190;

    private static readonly string[] Colours = ["#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df"];

    public static string Of(Curve curve)
    {
        var points = curve.Series.SelectMany(s => s.Points).ToList();
        var (low, high) = (Math.Log10(points.Min(p => p.X)), Math.Log10(points.Max(p => p.X)));
        var top = Ceiling(points.Max(p => p.Y));
        double X(double x) => Left + (Math.Log10(x) - low) / Math.Max(high - low, 1e-9) * (Width - Left - Right);
        double Y(double y) => Height - Bottom - y / top * (Height - Bottom - Top);

        var svg = new StringBuilder();
        void Write(FormattableString element) => svg.AppendLine(element.ToString(CultureInfo.InvariantCulture));
        Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Write($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        Write($"<text x=\"{Left}\" y=\"24\" font-size=\"15\">{Escaped(curve.Title)}</text>");
        for (var i = 0; i <= 4; i++)
        {
            var y = top * i / 4;
            Write($"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(y):0.#}\" y2=\"{Y(y):0.#}\" stroke=\"#ddd\"/>");
            Write($"<text x=\"{Left - 8}\" y=\"{Y(y) + 4:0.#}\" text-anchor=\"end\">{y:#,0.##}</text>");
        }

        foreach (var x in points.Select(p => p.X).Distinct().Order())
        {
            Write($"<text x=\"{X(x):0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{x:#,0}</text>");
        }

        Write($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 14}\" text-anchor=\"middle\">{Escaped(curve.XName)}</text>");
        const int middle = (Top + Height - Bottom) / 2;
        Write($"<text x=\"18\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 18 {middle})\">{Escaped(curve.YName)}</text>");
        for (var i = 0; i < curve.Series.Count; i++)
        {
            var (series, colour) = (curve.Series[i], Colours[i % Colours.Length]);
            var path = string.Join(' ', series.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.#},{Y(p.Y):0.#}")));
            Write($"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>");
            foreach (var point in series.Points)
            {
                Write($"<circle cx=\"{X(point.X):0.#}\" cy=\"{Y(point.Y):0.#}\" r=\"3\" fill=\"{colour}\"/>");
            }

            Write($"<text x=\"{Width - Right + 12}\" y=\"{Top + 14 + (i * 20)}\" fill=\"{colour}\">{Escaped(series.Name)}</text>");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    /// <summary>The next of 1, 2, 4, 8 times a power of ten.</summary>
    private static double Ceiling(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-9))));
        return new[] { 1, 2, 4, 8, 10 }.Select(step => step * power).First(step => step >= value);
    }

    private static string Escaped(string text) => System.Security.SecurityElement.Escape(text);
}
