using Blog.Bff.Api;
using Blog.Bff.Cache;
using Blog.Bff.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Blog.Bff.Tests;

public sealed class CacheRulesTests
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly TimeProvider Clock = TimeProvider.System;

    static PageCache NewCache(long maxBytes = 1_000_000) => new(Options.Create(new PageCacheOptions { MaxBytes = maxBytes }), Clock);

    static CachedAnswer Answer(int bytes = 10) => new(200, new byte[bytes], "text/html", null, []);

    static HashSet<string> Tags(params string[] tags) => [.. tags];

    [Fact]
    public void An_answer_whose_fetch_began_before_an_eviction_of_its_tag_is_not_served()
    {
        var cache = NewCache();
        var slot = cache.GetSlot("/a");
        long began = -1;
        _ = cache.FetchOnce(slot, at => { began = at; return Task.FromResult(Answer()); });

        cache.Evict("article:1");
        cache.Store(slot, Answer(), Tags("article:1"), Minute, began);

        cache.TryGetFresh("/a", out _).ShouldBeFalse();
    }

    [Fact]
    public void An_eviction_of_other_tags_does_not_concern_it()
    {
        var cache = NewCache();
        var slot = cache.GetSlot("/a");
        long began = -1;
        _ = cache.FetchOnce(slot, at => { began = at; return Task.FromResult(Answer()); });

        cache.Evict("article:2");
        cache.Store(slot, Answer(), Tags("article:1"), Minute, began);

        cache.TryGetFresh("/a", out _).ShouldBeTrue();
    }

    [Fact]
    public void A_fetch_that_began_before_an_eviction_is_not_joined_after_it()
    {
        var cache = NewCache();
        var slot = cache.GetSlot("/a");
        var fetches = 0;
        Task<CachedAnswer> Fetch(long _)
        {
            fetches++;
            return new TaskCompletionSource<CachedAnswer>().Task;
        }

        var first = cache.FetchOnce(slot, Fetch);
        cache.FetchOnce(slot, Fetch).ShouldBeSameAs(first);
        cache.Evict("anything");

        cache.FetchOnce(slot, Fetch).ShouldNotBeSameAs(first);
        fetches.ShouldBe(2);
    }

    [Fact]
    public void An_older_answer_does_not_replace_a_newer_one()
    {
        var cache = NewCache();
        var slot = cache.GetSlot("/a");
        var newer = Answer();

        cache.Store(slot, newer, Tags(), Minute, began: 5);
        cache.Store(slot, Answer(), Tags(), Minute, began: 4);

        slot.Answer.ShouldBeSameAs(newer);
    }

    [Fact]
    public void Memory_is_bounded_and_what_was_used_last_stays()
    {
        var cache = NewCache(maxBytes: 200_000);
        for (var i = 0; i < 100; i++)
        {
            cache.Store(cache.GetSlot($"/{i}"), Answer(10_000), Tags($"article:{i}"), Minute, 0);
            cache.TryGetFresh("/0", out _).ShouldBeTrue();
        }

        cache.Bytes.ShouldBeLessThanOrEqualTo(200_000);
        cache.Count.ShouldBeLessThan(20);
        cache.TryGetFresh("/99", out _).ShouldBeTrue();
    }

    [Fact]
    public void Removing_forgets_and_evicting_keeps_for_bad_times()
    {
        var cache = NewCache();
        var (evicted, removed) = (cache.GetSlot("/evicted"), cache.GetSlot("/removed"));
        cache.Store(evicted, Answer(), Tags("x"), Minute, 0);
        cache.Store(removed, Answer(), Tags("y"), Minute, 0);

        cache.Evict("x");
        cache.Remove("y");

        (cache.TryGetFresh("/evicted", out _), cache.IsServable(evicted), cache.IsServableOnError(evicted)).ShouldBe((false, false, true));
        cache.IsServableOnError(removed).ShouldBeFalse();
        cache.Count.ShouldBe(1);
    }

    [Fact]
    public void What_any_change_may_make_wrong_is_served_no_longer_than_it_is_good()
    {
        var cache = NewCache();
        var (search, page) = (cache.GetSlot("/search"), cache.GetSlot("/"));
        cache.Store(search, Answer(), Tags(), TimeSpan.Zero, 0, TimeSpan.Zero);
        cache.Store(page, Answer(), Tags(), TimeSpan.Zero, 0);

        SpinWait.SpinUntil(() => !cache.TryGetFresh("/search", out _) && !cache.TryGetFresh("/", out _));

        (cache.IsServable(search), cache.IsServable(page)).ShouldBe((false, true));
        cache.IsServableOnError(search).ShouldBeTrue();
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/topics", true)]
    [InlineData("/topics/rust", true)]
    [InlineData("/@ada", true)]
    [InlineData("/@ada/first", true)]
    [InlineData("/@ada/feed.xml", true)]
    [InlineData("/api/v1/people/ada/articles/first", true)]
    [InlineData("/offline", true)]
    [InlineData("/search", true)]
    [InlineData("/opensearch.xml", true)]
    [InlineData("/api/v1/search", true)]
    [InlineData("/api/v1/search/suggest", true)]
    [InlineData("/api/v1/me/search", false)]
    [InlineData("/manifest.webmanifest", true)]
    [InlineData("/icons/192.png", true)]
    [InlineData("/sw.js", false)]
    [InlineData("/@ada/", false)]
    [InlineData("/@ada/first/edit", false)]
    [InlineData("/@", false)]
    [InlineData("/write", false)]
    [InlineData("/write/1", false)]
    [InlineData("/me/stories", false)]
    [InlineData("/settings", false)]
    [InlineData("/api/v1/me", false)]
    [InlineData("/api/v1/me/articles", false)]
    [InlineData("/bff/user", false)]
    [InlineData("/account/login", false)]
    [InlineData("/media/x", false)]
    public void Only_what_is_the_same_for_everyone_is_kept(string path, bool kept) => (CacheRule.For(path) is not null).ShouldBe(kept);

    [Theory]
    [InlineData("?b=1&pageToken=x&author=a", "/api/v1/articles?author=a&pageToken=x")]
    [InlineData("?author=", "/api/v1/articles")]
    [InlineData("?author=a%26b", "/api/v1/articles?author=a%26b")]
    [InlineData("?author=a&author=b", null)]
    public void Each_address_has_one_form(string query, string? key)
    {
        var http = new DefaultHttpContext { Request = { Path = "/api/v1/articles", QueryString = new(query) } };

        CacheRule.For("/api/v1/articles")!.Key(http.Request).ShouldBe(key);
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("br;q=0.5, gzip;q=0.8", "gzip")]
    [InlineData("*", "br")]
    [InlineData("*;q=0", "")]
    [InlineData("identity", "")]
    [InlineData("brotli, x-gzip", "")]
    [InlineData("", "")]
    [InlineData("br;q=nonsense", "br")]
    public void The_readers_weights_choose_the_encoding(string header, string best) => AcceptedEncoding.Best(header).ShouldBe(best);

    [Theory]
    [InlineData("<p>no script</p>", 0)]
    [InlineData("<script nonce=\"N\">a</script>", 1)]
    [InlineData("<SCRIPT type='x>y' nonce=\"N\">a</SCRIPT>", 1)]
    [InlineData("<script>a</script><script nonce=\"M\">b</script>", 0)]
    [InlineData("<script nonce=\"N\">a</script><script nonce=\"N\">a</script>", 1)]
    [InlineData("<script nonce=\"N\" src=\"/x.js\"></script>", 0)]
    [InlineData("<script nonce=\"N\">a", 0)]
    [InlineData("<script nonce=\"N\"", 0)]
    [InlineData("<p title='<script nonce=\"M\">'>x</p>", 0)]
    public void Only_inline_scripts_with_the_nonce_get_a_hash(string html, int hashes)
    {
        var (kept, found) = ContentPolicy.ReplaceNonce(html, "N");

        found.Count.ShouldBe(hashes);
        kept.ShouldNotContain("nonce=\"N\"");
    }

    [Theory]
    [InlineData("content.cover_media_id", "coverMediaId")]
    [InlineData("profile.handle", "handle")]
    [InlineData("title", "title")]
    [InlineData("links[0].url", "links[0].url")]
    public void Fields_are_named_as_in_JSON(string field, string name) => ProblemMapping.JsonName(field).ShouldBe(name);
}
