using Blog.Recommendations.Data;
using Blog.Recommendations.Experiments;
using Blog.Recommendations.People;
using Blog.Recommendations.Ranking;
using Blog.Recommendations.Shelves;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.FeatureFlags;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.FeatureManagement;

namespace Blog.Recommendations.Serving;

/// <summary>blog.recommendations.v1.ForYou.</summary>
[Authorize(Policy = Policies.Person)]
sealed partial class ForYouService(
    Profiles profiles, Catalogue catalogue, Assignments assignments, IVariantFeatureManager features, Impressions impressions, Exposures exposures, Outcomes outcomes, RecommendationsDatabase database,
    RecommendationsDbContext db, IOptions<RecommendationsOptions> options, TimeProvider time) : V1.ForYou.ForYouBase
{
    static Guid Person(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    public override async Task<V1.ListForYouResponse> ListForYou(V1.ListForYouRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Person(context), context.CancellationToken);
        var size = PageToken.Size(request.PageSize);
        var session = ForYouToken.Read(request.PageToken) ?? Begin(person, time.GetUtcNow());
        await catalogue.LoadedAsync(cancel);
        var profile = await profiles.ReadAsync(person, cancel);
        var wanted = Math.Min(size, ForYouToken.Most - session.Before.Count);
        var assignment = await assignments.OfAsync(person, cancel);
        var explore = await features.IsEnabledAsync(Flag.Exploration.Name, cancel);
        var page = new Ranker(catalogue, options).Rank(profile, assignment.Formula, session.Started.UtcDateTime, session.Seed, session.Before, wanted, explore);
        impressions.Note(person, page.Select(r => r.Article));
        exposures.Note(person, assignment);
        int[] shown = [.. session.Before, .. page.Select(r => r.Article.Number)];
        return new V1.ListForYouResponse
        {
            Articles = { page.Select(Messages.ToMessage) },
            NextPageToken = page.Count < wanted || shown.Length >= ForYouToken.Most ? "" : (session with { Before = shown }).ToString(),
            Cold = profile.IsCold,
        };
    }

    /// <summary>A session of a person: the same for half an hour, so that a page read again is the same page.</summary>
    static ForYouToken Begin(Guid person, DateTimeOffset now) =>
        new(DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()), (uint)(Chance.Of((uint)Session.Of(now), person.GetHashCode()) * uint.MaxValue), []);
}

/// <summary>From what is ranked to what is said.</summary>
static class Messages
{
    public static V1.RecommendedArticle ToMessage(Recommendation recommendation) => new()
    {
        ArticleId = recommendation.Article.Id.ToString(),
        AuthorId = recommendation.Article.Author.ToString(),
        Reason = ToMessage(recommendation.Reason),
    };

    public static V1.Reason ToMessage(Reason reason) => new() { Kind = reason.Kind, SubjectId = reason.Subject, Count = reason.Count };
}
