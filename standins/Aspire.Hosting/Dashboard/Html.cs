using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.Dashboard;

/// <summary>A piece of HTML. Made from an interpolated string, whose values are encoded unless they are HTML themselves.</summary>
readonly struct Html
{
    readonly string? text;

    Html(string text) => this.text = text;

    public static Html Empty => default;

    public static Html Of(Handler handler) => new(handler.Text);

    public static Html Join(IEnumerable<Html> parts) => new(string.Concat(parts.Select(p => p.text)));

    public override string ToString() => text ?? "";

    [InterpolatedStringHandler]
    public readonly ref struct Handler(int literalLength, int formattedCount)
    {
        readonly StringBuilder builder = new(literalLength + (formattedCount * 16));

        public string Text => builder.ToString();

        public void AppendLiteral(string value) => builder.Append(value);

        public void AppendFormatted(Html value) => builder.Append(value.text);

        public void AppendFormatted(IEnumerable<Html> values)
        {
            foreach (var value in values)
                builder.Append(value.text);
        }

        public void AppendFormatted(string? value) => builder.Append(WebUtility.HtmlEncode(value));

        public void AppendFormatted<T>(T value, string? format = null)
            where T : IFormattable => builder.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
