using System.Globalization;
using System.Text;
using Blog.ServiceDefaults.Grpc;

namespace Blog.Interactions.Responses;

/// <summary>The rules for what a response may say.</summary>
static class ResponseText
{
    /// <summary>How a text is kept: lines ended by a line feed, no invisible control characters, no space around.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT on <c>markdown</c>, in words for the person.</exception>
    public static string Checked(string written)
    {
        var text = Normalize(written);
        return Problem(text) is { } problem ? throw RpcErrors.InvalidArgument(("markdown", problem)) : text;
    }

    public static string Normalize(string written)
    {
        var kept = new StringBuilder(written.Length);
        foreach (var c in written.ReplaceLineEndings("\n"))
            if (!char.IsControl(c) || c is '\n' or '\t') kept.Append(c);
        return kept.ToString().Trim();
    }

    /// <summary>What is wrong with a normalized text; null when nothing is.</summary>
    public static string? Problem(string text) => text switch
    {
        "" => "Write something before you respond.",
        { Length: > Response.LongestText } => string.Create(CultureInfo.GetCultureInfo("en"),
            $"A response has up to {Response.LongestText:N0} characters; this one has {text.Length:N0}. Shorten it, or write a story of your own."),
        _ => null,
    };

    /// <summary>The beginning of the words alone, up to 200 characters, cut between words where there are any.</summary>
    public static string Excerpt(string text)
    {
        if (text.Length <= Response.LongestExcerpt) return text;
        var end = text.LastIndexOf(' ', Response.LongestExcerpt - 1);
        if (end < Response.LongestExcerpt / 2) end = Response.LongestExcerpt - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end] + "…";
    }
}
