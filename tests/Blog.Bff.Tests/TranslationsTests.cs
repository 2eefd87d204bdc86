using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Cache;
using Blog.Bff.Tests.World;
using Blog.Content.V1;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

/// <summary>One story in several languages, at the entrance.</summary>
public sealed class TranslationsTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    BffWorld World => shared.World;

    async Task<JsonElement> StoryAsync(string handle, string slug)
    {
        var response = await World.Client.GetAsync($"/api/v1/people/{handle}/articles/{slug}", Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("translations");
    }

    void Together(params IReadOnlyList<(PublishedArticle Article, string Language)> stories)
    {
        foreach (var (article, _) in stories)
        {
            article.TranslationGroupId = stories[0].Article.Summary.Id;
            article.Translations.Clear();
            article.Translations.Add(stories.Select(each => new Translation
            {
                ArticleId = each.Article.Summary.Id, AuthorId = each.Article.Summary.AuthorId, Slug = each.Article.Summary.Slug, Title = each.Article.Summary.Title, Language = each.Language,
            }));
        }
    }

    [Fact]
    public async Task A_story_names_its_languages_and_names_them_anew_when_they_change()
    {
        using var me = await World.SignInAsync();
        var (ada, bo) = (World.Users.Add("tongue-ada"), World.Users.Add("tongue-bo"));
        var (english, german) = (World.Content.Publish(ada.Id, "pier"), World.Content.Publish(bo.Id, "mole"));
        (await StoryAsync("tongue-ada", "pier")).ValueKind.ShouldBe(JsonValueKind.Null);

        // Linked: both pages were kept without it.
        Together((english, "en"), (german, "de"));
        (await StoryAsync("tongue-ada", "pier")).ValueKind.ShouldBe(JsonValueKind.Null);
        var linked = await me.PutAsJsonAsync($"/api/v1/me/articles/{english.Summary.Id}/translations/{german.Summary.Id}", new { }, Cancel);
        linked.StatusCode.ShouldBe(HttpStatusCode.OK, await linked.Content.ReadAsStringAsync(Cancel));
        var items = (await StoryAsync("tongue-ada", "pier")).GetProperty("items").EnumerateArray().ToArray();
        items.Select(item => (item.GetProperty("language").GetString(), item.GetProperty("url").GetString(), item.GetProperty("current").GetBoolean()))
            .ShouldBe([("en", "/@tongue-ada/pier", true), ("de", "/@tongue-bo/mole", false)]);

        // Another one of the group is published elsewhere in the system: an event tells it.
        Together((english, "en"), (german, "de"), (World.Content.Publish(ada.Id, "jetee"), "fr"));
        (await StoryAsync("tongue-bo", "mole")).GetProperty("items").GetArrayLength().ShouldBe(3);
        (await StoryAsync("tongue-ada", "pier")).GetProperty("items").GetArrayLength().ShouldBe(2);
        var events = World.Bff.Services.GetRequiredService<CacheEvents>();
        events.Apply(Topics.Articles, new ArticleChanged { ArticleId = Guid.CreateVersion7().ToString(), AuthorId = bo.Id, Slug = "jetee", TranslationGroupId = english.Summary.Id, Change = ArticleChanged.Types.Change.Published }.ToByteArray());
        (await StoryAsync("tongue-ada", "pier")).GetProperty("items").GetArrayLength().ShouldBe(3);

        Together((english, "en"));
        events.Apply(Topics.Translations, new TranslationsChanged { GroupId = Guid.CreateVersion7().ToString(), ArticleIds = { english.Summary.Id } }.ToByteArray());
        (await StoryAsync("tongue-ada", "pier")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }
}
