using System.Buffers.Binary;
using System.Buffers.Text;
using Blog.Content.Articles;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Revisions;

/// <summary>Where the next page of a history begins.</summary>
/// <param name="Number">Of the last revision of this page.</param>
readonly record struct NumberToken(long Number)
{
    /// <summary>Null for the first page.</summary>
    public static NumberToken? Read(string token)
    {
        if (token.Length == 0)
            return null;
        Span<byte> bytes = stackalloc byte[8];
        return token.Length == 11 && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length == 8
            ? new NumberToken(BinaryPrimitives.ReadInt64BigEndian(bytes))
            : throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Number);
        return Base64Url.EncodeToString(bytes);
    }
}

partial class RevisionsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListRevisionsResponse> ListRevisions(V1.ListRevisionsRequest request, ServerCallContext context)
    {
        var (size, from, cancel) = (PageToken.Size(request.PageSize), NumberToken.Read(request.PageToken), context.CancellationToken);
        var article = await db.MineAsync(Person(context), request.ArticleId, cancel);
        var kept = db.Revisions.AsNoTracking().Where(r => r.AuthorId == article.AuthorId && r.ArticleId == article.Id);
        if (from is { Number: var before })
            kept = kept.Where(r => r.Number < before);
        // Everything but the texts.
        var rows = await kept.OrderByDescending(r => r.Number).Take(size + 1).Select(r => new Revision
        {
            AuthorId = r.AuthorId, ArticleId = r.ArticleId, Number = r.Number, PersonId = r.PersonId, CreateTime = r.CreateTime, RestoredNumber = r.RestoredNumber,
            WordCount = r.WordCount, Reason = r.Reason, IsKeyframe = r.IsKeyframe, Title = r.Title, Name = r.Name, Content = Array.Empty<byte>(),
        }).ToListAsync(cancel);
        var live = await LiveAsync(article, cancel);

        var all = rows.ConvertAll(r => ToMessage(r, article, live));
        if (from is null && article.KeptRevision != article.Revision)
            all.Insert(0, ToMessage(article, live));
        return new V1.ListRevisionsResponse { Revisions = { all.Take(size) }, NextPageToken = all.Count > size ? new NumberToken(all[size - 1].Number).ToString() : "" };
    }
}
