using System.Security.Cryptography;
using System.Text;
using Blog.ServiceDefaults.Net;

namespace Blog.Bff.Security;

/// <summary>
/// The Content Security Policy of pages. Scripts come from our own origin; inline ones run only when they carry the nonce of the fetch
/// (pages for one person) or have the hash computed here (pages for everyone, whose bytes must not change).
/// </summary>
static class ContentPolicy
{
    const string Nonce = " nonce=\"";

    /// <summary>Of what stands in frames of other people's pages (/embed/): drawn with our styles, and able to do nothing.</summary>
    public const string Framed = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

    /// <summary>
    /// Of the page in the frame of a diagram (/diagram): it draws with styles of its own, and for that has no origin and reaches no network.
    /// </summary>
    public const string Drawing = "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    public static string NewNonce() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));

    /// <param name="scripts">Further script sources: <c>'nonce-…'</c> or <c>'sha256-…'</c>.</param>
    /// <param name="https">Whether the public origin is https, so that nothing may be fetched without it.</param>
    public static string For(IEnumerable<string> scripts, bool https) =>
        $"default-src 'none'; script-src {string.Join(' ', scripts.Prepend("'self'"))}; style-src 'self'; img-src 'self' data: blob: https:; font-src 'self'; "
        + $"connect-src 'self'; frame-src 'self' {string.Join(' ', FrameHosts.All.Select(host => $"https://{host}"))}; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        + (https ? "; upgrade-insecure-requests" : "");

    /// <summary>
    /// Turns a page made with a nonce into one that can be kept: inline scripts that carry exactly this nonce are trusted by their hash, and the
    /// nonce disappears. A script without it, wherever it came from, gets no hash and does not run.
    /// </summary>
    public static (string Html, IReadOnlyList<string> Hashes) ReplaceNonce(string html, string nonce)
    {
        var attribute = $"{Nonce}{nonce}\"";
        var hashes = new List<string>();
        var at = 0;
        while ((at = html.IndexOf("<script", at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            var open = EndOfTag(html, at);
            if (open < 0) break;
            var tag = html.AsSpan(at, open - at);
            var end = html.IndexOf("</script", open, StringComparison.OrdinalIgnoreCase);
            if (end < 0) break;
            if (tag.Contains(attribute, StringComparison.Ordinal) && end > open + 1)
            {
                var hash = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(AsParsed(html[(open + 1)..end]))))}'";
                if (!hashes.Contains(hash)) hashes.Add(hash);
            }

            at = end;
        }

        return (html.Replace(attribute, "", StringComparison.Ordinal), hashes);
    }

    /// <summary>The parser normalises line ends before the browser hashes (HTML §13.2.3.5).</summary>
    static string AsParsed(string script) => script.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>The position of the <c>&gt;</c> that ends a tag; one inside a quoted attribute does not.</summary>
    static int EndOfTag(string html, int from)
    {
        var quote = '\0';
        for (var i = from; i < html.Length; i++)
        {
            var c = html[i];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '>')
            {
                return i;
            }
        }

        return -1;
    }
}
