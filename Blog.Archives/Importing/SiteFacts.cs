using Blog.Content.V1;
using Blog.Interactions.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Archives.Importing;

/// <summary>Lists, responses and series of an archive as the services take them, whoever calls.</summary>
/// <param name="portability">blog.interactions.v1.Portability, called as a service.</param>
/// <param name="importSeries">blog.content.v1.ArticleSeries/ImportSeries; answers whether the series was not there before.</param>
/// <param name="importPublication">blog.content.v1.Publications/ImportPublication.</param>
public sealed class SiteFacts(Portability.PortabilityClient portability, Func<ImportSeriesRequest, Task<bool>> importSeries, Func<ImportPublicationRequest, Task<ImportPublicationResponse>> importPublication)
{
    const int AtOnce = 200;

    /// <summary>A long thread is rendered anew, response by response.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Brings in what is new of a fact.</summary>
    /// <exception cref="ImportRefusedException">It is not taken; a failure of the system itself is thrown as it is.</exception>
    public async Task<(ImportOutcome Outcome, IReadOnlyList<string> Notes)> SaveAsync(ReadyFact ready, CancellationToken cancel)
    {
        try
        {
            return ready.Fact switch
            {
                ArchiveSeries series => await SaveAsync(ready, series),
                ArchivePublication publication => await SaveAsync(ready, publication),
                ArchiveList list => await SaveAsync(ready, list, cancel),
                ArchiveThread thread => await SaveAsync(ready, thread, cancel),
                ArchiveOwnResponses own => await SaveAsync(ready, own, cancel),
                _ => throw new ImportRefusedException("nothing here knows what it is"),
            };
        }
        catch (RpcException refused) when (SiteRequests.IsRefusal(refused))
        {
            throw new ImportRefusedException(refused.Status.Detail, refused);
        }
    }

    async Task<(ImportOutcome, IReadOnlyList<string>)> SaveAsync(ReadyFact ready, ArchiveSeries series)
    {
        var parts = series.Parts.Where(ready.Articles.ContainsKey).Select(part => ready.Articles[part]).ToList();
        var created = await importSeries(new()
        {
            PersonId = ready.Owner.Id.ToString(),
            Source = ready.Source,
            Series = new() { Slug = series.Slug, Title = series.Title, Description = series.Description, FormerSlugs = { series.FormerSlugs }, ArticleIds = { parts } },
        });
        return (created ? ImportOutcome.Created : ImportOutcome.Unchanged, Missing(series.Parts.Count - parts.Count, "part of it was not imported", "parts of it were not imported"));
    }

    async Task<(ImportOutcome, IReadOnlyList<string>)> SaveAsync(ReadyFact ready, ArchivePublication publication)
    {
        var (stories, created, added) = (publication.Stories.Where(ready.Articles.ContainsKey).Select(story => ready.Articles[story]).ToList(), false, 0);
        // One without stories is a publication, too.
        foreach (var some in stories.Chunk(AtOnce).DefaultIfEmpty([]))
        {
            var answer = await importPublication(new()
            {
                OwnerId = ready.Owner.Id.ToString(),
                Source = ready.Source,
                Publication = new()
                {
                    Slug = publication.Slug, FormerSlugs = { publication.FormerSlugs }, Name = publication.Title, Description = publication.Description, PictureMediaId = ready.PictureMediaId, CreateTime = publication.Created?.ToTimestamp(),
                    Members =
                    {
                        ready.Members.Select(one => new Member
                        {
                            PersonId = one.Person.ToString(), JoinTime = one.Member.Since?.ToTimestamp(),
                            Role = one.Member.Role switch { ArchiveRole.Owner => PublicationRole.Owner, ArchiveRole.Editor => PublicationRole.Editor, _ => PublicationRole.Writer },
                        }),
                    },
                    ArticleIds = { some },
                },
            });
            (created, added) = (created || answer.Created, added + answer.Added);
        }
        return (created ? ImportOutcome.Created : added > 0 ? ImportOutcome.Updated : ImportOutcome.Unchanged, Missing(publication.Stories.Count - stories.Count, "story of it was not imported", "stories of it were not imported"));
    }

    async Task<(ImportOutcome, IReadOnlyList<string>)> SaveAsync(ReadyFact ready, ArchiveList list, CancellationToken cancel)
    {
        var (items, created, added, refused) = (list.Items.Where(item => item.Story is null || ready.Articles.ContainsKey(item.Story)).ToList(), false, 0, 0);
        // A list without items is a list, too.
        foreach (var some in items.Chunk(AtOnce).DefaultIfEmpty([]))
        {
            var answer = await portability.ImportListAsync(new()
            {
                OwnerId = ready.Owner.Id.ToString(),
                Source = ready.Source,
                List = new()
                {
                    Slug = list.Slug, FormerSlugs = { list.FormerSlugs }, Name = list.Title, Description = list.Description, IsDefault = list.IsDefault,
                    Visibility = list.Visibility switch { ArchiveVisibility.Public => ListVisibility.Public, ArchiveVisibility.Link => ListVisibility.Link, _ => ListVisibility.Private },
                },
                Items =
                {
                    some.Select(item => new ExportedListItem
                    {
                        ArticleId = item.Story is null ? "" : ready.Articles[item.Story], Title = item.Title, Address = item.Address, Note = item.Note, AddTime = item.Added?.ToTimestamp(),
                    }),
                },
            }, cancellationToken: cancel);
            (created, added, refused) = (created || answer.Created, added + answer.Added, refused + answer.Refused);
        }
        return (created ? ImportOutcome.Created : added > 0 ? ImportOutcome.Updated : ImportOutcome.Unchanged,
            [.. Missing(list.Items.Count - items.Count, "story on it was not imported", "stories on it were not imported"), .. Missing(refused, "entry did not fit", "entries did not fit")]);
    }

    async Task<(ImportOutcome, IReadOnlyList<string>)> SaveAsync(ReadyFact ready, ArchiveThread thread, CancellationToken cancel)
    {
        if (!ready.Articles.TryGetValue(thread.Story, out var article)) throw new ImportRefusedException("the story that it belongs to was not imported");
        using var call = portability.ImportResponses(deadline: DateTime.UtcNow + Longest, cancellationToken: cancel);
        await call.RequestStream.WriteAsync(new() { Head = new() { OwnerId = ready.Owner.Id.ToString(), ArticleId = article, Locked = thread.Locked } }, cancel);
        foreach (var response in thread.Responses)
            await call.RequestStream.WriteAsync(new()
            {
                Response = new()
                {
                    Number = response.Number, Answers = response.Answers, Own = response.Own, AuthorName = response.By, Markdown = response.Text,
                    CreateTime = response.Date.ToTimestamp(), EditTime = response.Edited?.ToTimestamp(),
                    State = response.State switch { ArchiveResponseState.Deleted => ResponseState.Deleted, ArchiveResponseState.Hidden => ResponseState.Hidden, _ => ResponseState.Visible },
                },
            }, cancel);
        await call.RequestStream.CompleteAsync();
        var answer = await call;
        return (answer.Created == 0 ? ImportOutcome.Unchanged : answer.Unchanged == 0 ? ImportOutcome.Created : ImportOutcome.Updated, Missing(answer.Refused, "response has no words that can be kept", "responses have no words that can be kept"));
    }

    async Task<(ImportOutcome, IReadOnlyList<string>)> SaveAsync(ReadyFact ready, ArchiveOwnResponses own, CancellationToken cancel)
    {
        var (created, refused) = (0, 0);
        foreach (var some in own.Responses.Chunk(AtOnce))
        {
            var answer = await portability.ImportOwnResponsesAsync(new()
            {
                OwnerId = ready.Owner.Id.ToString(),
                Responses =
                {
                    some.Select(response => new OwnResponse
                    {
                        StoryTitle = response.StoryTitle, StoryAddress = response.StoryAddress, Markdown = response.Text, CreateTime = response.Date.ToTimestamp(), EditTime = response.Edited?.ToTimestamp(),
                    }),
                },
            }, cancellationToken: cancel);
            (created, refused) = (created + answer.Created, refused + answer.Refused);
        }
        return (created > 0 ? ImportOutcome.Created : ImportOutcome.Unchanged, Missing(refused, "response has no words that can be kept", "responses have no words that can be kept"));
    }

    static string[] Missing(int count, string one, string many) => count == 0 ? [] : [$"{count} {(count == 1 ? one : many)}"];
}
