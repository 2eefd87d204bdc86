using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Blog.Bff.Cache;

/// <summary>Accept-Encoding (RFC 9110 §12.5.3) among the encodings that are kept: brotli, gzip, none.</summary>
static class AcceptedEncoding
{
    /// <summary>"br", "gzip" or "" (identity): the one with the highest weight, brotli first among equals.</summary>
    public static string Best(StringValues accepted)
    {
        double brotli = -1, gzip = -1, any = -1;
        foreach (var line in accepted)
            foreach (var range in line.AsSpan().Split(','))
            {
                var token = line.AsSpan(range);
                var weight = 1.0;
                if (token.IndexOf(';') is >= 0 and var at)
                {
                    weight = Weight(token[(at + 1)..]);
                    token = token[..at];
                }

                token = token.Trim();
                if (token.Equals("br", StringComparison.OrdinalIgnoreCase)) brotli = weight;
                else if (token.Equals("gzip", StringComparison.OrdinalIgnoreCase)) gzip = weight;
                else if (token is "*") any = weight;
            }

        if (brotli < 0) brotli = any;
        if (gzip < 0) gzip = any;
        return brotli > 0 && brotli >= gzip ? "br" : gzip > 0 ? "gzip" : "";
    }

    static double Weight(ReadOnlySpan<char> parameters)
    {
        var trimmed = parameters.Trim();
        return trimmed.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(trimmed[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : 1.0;
    }
}
