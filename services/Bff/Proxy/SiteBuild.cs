using Blog.Bff.Cache;

namespace Blog.Bff.Proxy;

/// <summary>
/// Which build of the site answers. A kept page names scripts and styles of the build that drew it, which the next one does not have: with
/// the first answer of another build every kept page goes. While two builds run side by side (a rollout) pages are kept for moments only.
/// </summary>
sealed class SiteBuild(PageCache cache, ILogger<SiteBuild> logger)
{
    public const string Header = "X-Site-Build";

    string? present;

    public void Seen(string build)
    {
        var former = Interlocked.Exchange(ref present, build);
        if (former is null || former == build) return;
        logger.LogInformation("Another build of the site answers; every cached page will be fetched anew");
        cache.EvictEverything();
    }
}
