using System.Text.Json.Serialization;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Bff.Api;

/// <param name="Address">Absolute, http or https.</param>
/// <param name="Refresh">Ask again, even though it is known.</param>
public sealed record LinkCardInput(string Address, bool Refresh = false);

/// <param name="Html">What readers get in its place; null: it stays a link.</param>
/// <param name="Problem">Why it stays a link.</param>
public sealed record LinkCard(string? Html, string? Problem);

/// <param name="Addresses">Up to 100.</param>
public sealed record LinkCheckInput(IReadOnlyList<string> Addresses);

/// <summary>Unknown: the server wants to see a browser, was slow, or is not in the public internet.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LinkState>))]
public enum LinkState
{
    [JsonStringEnumMemberName("works")] Works,
    [JsonStringEnumMemberName("broken")] Broken,
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <param name="Address">As it was asked.</param>
/// <param name="State">Whether it leads anywhere.</param>
/// <param name="Problem">What its server said; null when it works.</param>
public sealed record CheckedLink(string Address, LinkState State, string? Problem);

public sealed record LinkCheck(IReadOnlyList<CheckedLink> Links);

/// <summary>What the addresses in a story lead to, for who writes it.</summary>
static class MyLinkEndpoints
{
    public static void MapMyLinks(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/links").WithTags("My articles").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/card", Card).WithName("resolveLink").WithSummary("What readers get in place of an address that is a paragraph of its own.");
        group.MapPost("/check", Check).WithName("checkLinks").WithSummary("Whether addresses lead anywhere.");
    }

    static async Task<Ok<LinkCard>> Card(LinkCardInput input, Links.LinksClient links, CancellationToken ct)
    {
        var card = await links.ResolveLinkAsync(new() { Address = input.Address, Refresh = input.Refresh }, cancellationToken: ct);
        return TypedResults.Ok(new LinkCard(card.Html.OrNull(), card.Problem.OrNull()));
    }

    static async Task<Ok<LinkCheck>> Check(LinkCheckInput input, Links.LinksClient links, CancellationToken ct)
    {
        var answer = await links.CheckLinksAsync(new() { Addresses = { input.Addresses } }, cancellationToken: ct);
        return TypedResults.Ok(new LinkCheck([.. answer.Links.Select(link => new CheckedLink(link.Address, link.State switch
        {
            Content.V1.LinkState.Works => LinkState.Works,
            Content.V1.LinkState.Broken => LinkState.Broken,
            _ => LinkState.Unknown,
        }, link.Problem.OrNull()))]));
    }
}
