using System.Text.Json;
using Blog.Content.Media;
using Blog.Content.Text;
using Grpc.Core;

namespace Blog.Content.Links;

/// <summary>Finds out what an address leads to: files of gists, what oEmbed providers tell, what pages say of themselves.</summary>
sealed class LinkFinder(LinkClient client, MediaService media)
{
    const int LargestPage = 1024 * 1024, LargestAnswer = 512 * 1024, LargestGist = 2 * 1024 * 1024, LargestPicture = 5 * 1024 * 1024;
    const int MostFiles = 5, LongestFile = 20_000;

    /// <summary>Whose the pictures of cards are: nobody's.</summary>
    static readonly Guid PicturesOwner = Guid.Empty;

    /// <exception cref="LinkRefusedException">Nothing that could be shown.</exception>
    public async Task<LinkCard> FindAsync(string address, CancellationToken cancel)
    {
        var uri = new Uri(address);
        if (Providers.GistRequest(uri) is { } gist)
            return await GistAsync(uri, gist, cancel);
        if (Providers.OEmbedRequest(uri) is { } request)
            return await CardAsync(uri, await OEmbedAsync(request, cancel), null, cancel) ?? throw new LinkRefusedException($"{uri.Host} tells nothing of this address.");
        var page = await client.GetAsync(uri, "text/html,application/xhtml+xml", LargestPage, cancel);
        if (page.ContentType is not ("text/html" or "application/xhtml+xml"))
            throw new LinkRefusedException("This is no web page.");
        var facts = PageFacts.Read(page.Body, page.Charset, page.Address);
        return await CardAsync(uri, await MoreAsync(facts.OEmbed, cancel), facts, cancel) ?? throw new LinkRefusedException($"The page at {uri.Host} has no title.");
    }

    async Task<OEmbed?> OEmbedAsync(Uri request, CancellationToken cancel) =>
        OEmbed.Read((await client.GetAsync(request, "application/json", LargestAnswer, cancel)).Body, request);

    // A page is enough: that it could say more, and does not, changes nothing.
    async Task<OEmbed?> MoreAsync(Uri? request, CancellationToken cancel)
    {
        try
        {
            return request is null ? null : await OEmbedAsync(request, cancel);
        }
        catch (LinkRefusedException)
        {
            return null;
        }
    }

    async Task<LinkCard?> CardAsync(Uri address, OEmbed? embed, PageFacts? facts, CancellationToken cancel)
    {
        var site = embed?.Provider is { Length: > 0 } provider ? provider : facts?.Site ?? PageFacts.Host(address);
        if (embed is { Quote.Length: > 0, Frame: null })
            return new LinkCard(LinkKind.Post, embed.Author) { Description = embed.Quote, Site = site };
        var title = embed?.Title is { Length: > 0 } told ? told : facts?.Title ?? "";
        if (title.Length == 0)
            return null;
        return new LinkCard(embed?.Frame is null ? LinkKind.Page : LinkKind.Player, title)
        {
            // What can be watched is not described as well.
            Description = embed?.Frame is null ? facts?.Description ?? "" : "",
            Site = site,
            Author = embed?.Author is { } author && !author.Equals(site, StringComparison.OrdinalIgnoreCase) ? author : "",
            Frame = embed?.Frame is { } frame ? At(frame, Providers.Start(address)) : null,
            Picture = await PictureAsync(embed?.Frame is null ? facts?.Picture ?? embed?.Thumbnail : embed.Thumbnail ?? facts?.Picture, cancel),
        };
    }

    // It is asked for when somebody pressed it, so it need not be pressed again.
    static LinkFrame At(LinkFrame frame, int start)
    {
        var more = (new Uri(frame.Address).Host, start) switch
        {
            ("www.youtube-nocookie.com", > 0) => $"autoplay=1&start={start}",
            ("player.vimeo.com", > 0) => $"autoplay=1&dnt=1#t={start}s",
            ("player.vimeo.com", _) => "autoplay=1&dnt=1",
            ("www.youtube-nocookie.com", _) => "autoplay=1",
            _ => "",
        };
        return frame with
        {
            Address = more.Length == 0 ? frame.Address : $"{frame.Address}{(frame.Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{more}",
            Width = frame is { Width: > 0, Height: > 0 } ? frame.Width : 16,
            Height = frame is { Width: > 0, Height: > 0 } ? frame.Height : 9,
        };
    }

    /// <summary>A card without its picture is better than none.</summary>
    async Task<KnownPicture?> PictureAsync(Uri? address, CancellationToken cancel)
    {
        if (address is null)
            return null;
        try
        {
            var file = await client.GetAsync(address, "image/avif,image/webp,image/png,image/jpeg,image/gif", LargestPicture, cancel);
            if (file.Body.Length == LargestPicture)
                return null;
            var picture = await media.StoreAsync(PicturesOwner, file.Body, cancel);
            return new(picture.Id, picture.Width, picture.Height, picture.IsAnimated);
        }
        catch (Exception refused) when (refused is LinkRefusedException or RpcException { StatusCode: StatusCode.InvalidArgument })
        {
            return null;
        }
    }

    async Task<LinkCard> GistAsync(Uri address, Uri request, CancellationToken cancel)
    {
        var answer = await client.GetAsync(request, "application/vnd.github+json", LargestGist, cancel);
        try
        {
            using var gist = JsonDocument.Parse(answer.Body);
            var files = gist.RootElement.GetProperty("files").EnumerateObject()
                .Select(file => new LinkedFile(PageFacts.Line(file.Name, PageFacts.LongestName), (file.Value.GetProperty("content").GetString() ?? "").Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n").TrimEnd()))
                .Where(file => file.Text.Length is > 0 and <= LongestFile).Take(MostFiles).ToArray();
            if (files.Length == 0)
                throw new LinkRefusedException("The gist has no file that could be shown.");
            var description = gist.RootElement.TryGetProperty("description", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : "";
            return new LinkCard(LinkKind.Code, PageFacts.Line(description, PageFacts.LongestTitle)) { Site = PageFacts.Host(address), Files = files };
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new LinkRefusedException($"{request.Host} gave no gist.", mayPass: true, other);
        }
    }
}
