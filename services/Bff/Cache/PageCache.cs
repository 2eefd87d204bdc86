namespace Blog.Bff.Cache;

sealed class PageCache
{
    public void ArticleChanged(string articleId, string authorId, IEnumerable<string?> slugs) { }
    public void ArticleRemoved(string articleId, string authorId) { }
    public void ProfileChanged(string profileId, IEnumerable<string?> handles) { }
}
