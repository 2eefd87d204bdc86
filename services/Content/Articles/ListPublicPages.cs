using Blog.Content.Translations;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    const int MaxPublicPages = 1_000, MaxPart = 50_000;

    public override async Task<V1.ListPublicPagesResponse> ListPublicPages(V1.ListPublicPagesRequest request, ServerCallContext context)
    {
        var size = request.PageSize is >= 0 and <= MaxPublicPages
            ? request.PageSize == 0 ? MaxPublicPages : request.PageSize
            : throw RpcErrors.InvalidArgument(("page_size", $"A page has 1 to {MaxPublicPages} entries."));
        // One more than asked for tells whether there are more.
        var rows = await db.Database.SqlQuery<PublicPageRow>(PagesOf(request, size + 1)).ToListAsync(context.CancellationToken);
        var pages = rows.Take(size).Select(ToMessage).ToArray();
        if (request.Kind == V1.PublicPageKind.Article)
        {
            var translations = await db.PublishedTranslationsAsync([.. pages.Select(page => Guid.Parse(page.Key))], context.CancellationToken);
            foreach (var page in pages)
                page.Translations.Add(translations.GetValueOrDefault(Guid.Parse(page.Key), []).Where(each => each.CanonicalUrl.Length == 0).Select(each => each.ToMessage()));
        }
        return new V1.ListPublicPagesResponse { Pages = { pages }, NextAfter = rows.Count > size ? rows[size - 1].Key : "" };
    }

    // Each walks an index from a key on, so a page costs the same wherever it is.
    static FormattableString PagesOf(V1.ListPublicPagesRequest request, int size) => request.Kind switch
    {
        V1.PublicPageKind.Article => $"""
            select article_id::text as "Key", author_id as "AuthorId", slug as "Slug", coalesce(edit_time, publish_time) as "ChangeTime",
                cover_media_id as "CoverMediaId", cover_width as "CoverWidth", cover_height as "CoverHeight", cover_alt as "CoverAlt"
            from publications where article_id > {Id(request.After, Guid.Empty)} and article_id <= {Id(request.Until, Guid.AllBitsSet)} and canonical_url = ''
            order by article_id limit {size}
            """,
        V1.PublicPageKind.Author => $"""
            select author_id::text as "Key", author_id as "AuthorId", '' as "Slug", max(coalesce(edit_time, publish_time)) as "ChangeTime",
                null::uuid as "CoverMediaId", 0 as "CoverWidth", 0 as "CoverHeight", '' as "CoverAlt"
            from publications where author_id > {Id(request.After, Guid.Empty)} and author_id <= {Id(request.Until, Guid.AllBitsSet)}
            group by author_id order by author_id limit {size}
            """,
        V1.PublicPageKind.Topic => $"""
            select t.slug as "Key", null::uuid as "AuthorId", t.slug as "Slug", newest.publish_time as "ChangeTime",
                null::uuid as "CoverMediaId", 0 as "CoverWidth", 0 as "CoverHeight", '' as "CoverAlt"
            from topics t cross join lateral (select publish_time from topic_articles a where a.topic_slug = t.slug order by publish_time desc, article_id desc limit 1) newest
            where t.slug > {Text(request.After)} and ({Text(request.Until)} = '' or t.slug <= {Text(request.Until)})
            order by t.slug limit {size}
            """,
        V1.PublicPageKind.Publication => $"""
            select p.id::text as "Key", null::uuid as "AuthorId", p.slug as "Slug", newest.changed as "ChangeTime",
                null::uuid as "CoverMediaId", 0 as "CoverWidth", 0 as "CoverHeight", '' as "CoverAlt"
            from publication_profiles p cross join lateral (select coalesce(edit_time, publish_time) as changed from publications a where a.publication_id = p.id order by publish_time desc, article_id desc limit 1) newest
            where p.id > {Id(request.After, Guid.Empty)} and p.id <= {Id(request.Until, Guid.AllBitsSet)}
            order by p.id limit {size}
            """,
        V1.PublicPageKind.Series => $"""
            select s.id::text as "Key", s.owner_id as "AuthorId", s.slug as "Slug", greatest(s.update_time, newest.changed) as "ChangeTime",
                null::uuid as "CoverMediaId", 0 as "CoverWidth", 0 as "CoverHeight", '' as "CoverAlt"
            from series s cross join lateral (
                select max(coalesce(p.edit_time, p.publish_time)) as changed from articles a join publications p on p.article_id = a.id where a.series_id = s.id) newest
            where s.id > {Id(request.After, Guid.Empty)} and s.id <= {Id(request.Until, Guid.AllBitsSet)} and newest.changed is not null
            order by s.id limit {size}
            """,
        _ => throw NoSuchKind(),
    };

    public override async Task<V1.ListPublicPagePartsResponse> ListPublicPageParts(V1.ListPublicPagePartsRequest request, ServerCallContext context)
    {
        var size = request.PartSize is >= 0 and <= MaxPart
            ? request.PartSize == 0 ? MaxPart : request.PartSize
            : throw RpcErrors.InvalidArgument(("part_size", $"A part has 1 to {MaxPart} pages."));
        var parts = await db.Database.SqlQuery<PartRow>(PartsOf(request.Kind, size)).ToListAsync(context.CancellationToken);
        return new V1.ListPublicPagePartsResponse
        {
            Parts = { parts.Select(part => new V1.ListPublicPagePartsResponse.Types.Part { LastKey = part.LastKey, PageCount = part.PageCount, ChangeTime = Timestamp.FromDateTimeOffset(part.ChangeTime) }) },
        };
    }

    static FormattableString PartsOf(V1.PublicPageKind kind, int size) => kind switch
    {
        // Canonical text of UUIDs has the order of UUIDs.
        V1.PublicPageKind.Article => $"""
            select max(key::text collate "C") as "LastKey", count(*)::int as "PageCount", max(changed) as "ChangeTime" from (
                select article_id as key, coalesce(edit_time, publish_time) as changed, (row_number() over (order by article_id) - 1) / {size} as part
                from publications where canonical_url = '') numbered
            group by part order by part
            """,
        V1.PublicPageKind.Author => $"""
            select max(key::text collate "C") as "LastKey", count(*)::int as "PageCount", max(changed) as "ChangeTime" from (
                select author_id as key, max(coalesce(edit_time, publish_time)) as changed, (row_number() over (order by author_id) - 1) / {size} as part
                from publications group by author_id) numbered
            group by part order by part
            """,
        V1.PublicPageKind.Topic => $"""
            select max(key) as "LastKey", count(*)::int as "PageCount", max(changed) as "ChangeTime" from (
                select topic_slug as key, max(publish_time) as changed, (row_number() over (order by topic_slug) - 1) / {size} as part
                from topic_articles group by topic_slug) numbered
            group by part order by part
            """,
        V1.PublicPageKind.Publication => $"""
            select max(key::text collate "C") as "LastKey", count(*)::int as "PageCount", max(changed) as "ChangeTime" from (
                select publication_id as key, max(coalesce(edit_time, publish_time)) as changed, (row_number() over (order by publication_id) - 1) / {size} as part
                from publications where publication_id is not null group by publication_id) numbered
            group by part order by part
            """,
        V1.PublicPageKind.Series => $"""
            select max(key::text collate "C") as "LastKey", count(*)::int as "PageCount", max(changed) as "ChangeTime" from (
                select s.id as key, greatest(s.update_time, newest.changed) as changed, (row_number() over (order by s.id) - 1) / {size} as part
                from series s cross join lateral (
                    select max(coalesce(p.edit_time, p.publish_time)) as changed from articles a join publications p on p.article_id = a.id where a.series_id = s.id) newest
                where newest.changed is not null) numbered
            group by part order by part
            """,
        _ => throw NoSuchKind(),
    };

    static Guid Id(string key, Guid otherwise) => key.Length == 0 ? otherwise
        : Guid.TryParseExact(key, "D", out var id) ? id
        : throw RpcErrors.InvalidArgument(("after", "The keys of this list are UUIDs."));

    // PostgreSQL holds no NUL; nothing that it holds comes after it.
    static string Text(string key) => key.Replace("\0", "", StringComparison.Ordinal);

    static RpcException NoSuchKind() => RpcErrors.InvalidArgument(("kind", "Say which pages: articles, authors, topics, publications or series."));

    static V1.PublicPage ToMessage(PublicPageRow row) => new()
    {
        Key = row.Key,
        AuthorId = row.AuthorId?.ToString() ?? "",
        Slug = row.Slug,
        ChangeTime = Timestamp.FromDateTimeOffset(row.ChangeTime),
        Image = row.CoverMediaId is { } cover ? new V1.Image { MediaId = cover.ToString(), Width = row.CoverWidth, Height = row.CoverHeight, Alt = row.CoverAlt } : null,
    };

    sealed record PublicPageRow(string Key, Guid? AuthorId, string Slug, DateTimeOffset ChangeTime, Guid? CoverMediaId, int CoverWidth, int CoverHeight, string CoverAlt);

    sealed record PartRow(string LastKey, int PageCount, DateTimeOffset ChangeTime);
}
