using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Search.Engines;
using Blog.Users.V1;
using Npgsql;

namespace Blog.Search.Indexing;

/// <summary>What became of a thing that was looked at.</summary>
/// <param name="Document">As it is now; null: it is not there (any more), or not for anybody to find.</param>
/// <param name="Deferred">It was not looked at, for the answer would have grown too large.</param>
readonly record struct Look(SearchDocument? Document, bool Deferred = false);

/// <summary>Asks the services that own them what things are now, many at a time, and makes documents of them.</summary>
sealed class DocumentSource(Texts.TextsClient texts, Articles.ArticlesClient articles, Publications.PublicationsClient publications, Users.V1.Users.UsersClient people, Relations.RelationsClient relations, TimeProvider time)
{
    /// <summary>A look at each of up to 100 things of one kind, in their order.</summary>
    /// <exception cref="Grpc.Core.RpcException">A service is away.</exception>
    public async Task<IReadOnlyList<Look>> LookAsync(DocumentKind kind, IReadOnlyList<Job> jobs, NpgsqlConnection connection, CancellationToken cancel)
    {
        var (found, deferred) = kind switch
        {
            DocumentKind.Article => await ArticlesAsync(jobs, connection, cancel),
            DocumentKind.Draft => await DraftsAsync(jobs, cancel),
            DocumentKind.Person => (await PeopleAsync(jobs, cancel), []),
            DocumentKind.Publication => (await PublicationsAsync(jobs, cancel), []),
            DocumentKind.Topic => (await TopicsAsync(jobs, cancel), []),
            _ => throw new InvalidOperationException($"Nobody makes documents of kind {kind} yet."),
        };
        var byId = found.ToDictionary(document => document.Id);
        return [.. jobs.Select(job => new Look(byId.GetValueOrDefault(job.Key), deferred.Contains(job.Key)))];
    }

    async Task<(IEnumerable<SearchDocument>, HashSet<string> Deferred)> ArticlesAsync(IReadOnlyList<Job> jobs, NpgsqlConnection connection, CancellationToken cancel)
    {
        var answer = await texts.BatchGetPublishedTextsAsync(new() { Ids = { jobs.Select(job => job.Key) } }, cancellationToken: cancel);
        var authors = await ProfilesAsync([.. answer.Texts.SelectMany(text => text.CoAuthorIds.Prepend(text.AuthorId)).Distinct()], cancel);
        var signals = await SignalsAsync(answer.Texts, connection, cancel);
        return (answer.Texts.Select(text => Document(text, authors, signals.GetValueOrDefault(text.Id))), [.. answer.DeferredIds]);
    }

    static ArticleDocument Document(PublishedText text, Dictionary<string, Profile> authors, (long Claps, int Responses) signals) => new(text.Id, text.Revision)
    {
        AuthorId = Guid.Parse(text.AuthorId),
        AuthorName = authors.GetValueOrDefault(text.AuthorId)?.Name ?? "",
        AuthorHandle = authors.GetValueOrDefault(text.AuthorId)?.Handle ?? "",
        CoAuthors = [.. text.CoAuthorIds.Where(authors.ContainsKey).Select(id => new CoAuthor(Guid.Parse(id), authors[id].Handle, authors[id].Name))],
        Slug = text.Slug,
        Title = text.Title,
        Description = text.Description,
        Body = text.Text,
        Topics = [.. text.Topics.Select(topic => new TopicName(topic.Slug, topic.Name))],
        Language = Language(text.Language, text.Title, text.Description, text.Text),
        PublishTime = text.PublishTime.ToDateTimeOffset(),
        Claps = signals.Claps,
        Responses = signals.Responses,
    };

    static string Language(string given, string title, string description, string body) =>
        given.Length > 0 ? given : LanguageDetector.Detect($"{title}\n{description}\n{body}");

    /// <summary>Notes whose article it is as well, for articles whose events this service never saw.</summary>
    static async Task<Dictionary<string, (long Claps, int Responses)>> SignalsAsync(IReadOnlyCollection<PublishedText> texts, NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            """
            with noted as (
                insert into article_signals (article_id, author_id)
                select article_id, author_id from unnest($1, $2) as article (article_id, author_id) order by article_id on conflict do nothing)
            select article_id, claps, responses from article_signals where article_id = any($1)
            """, connection)
        {
            Parameters = { new() { Value = texts.Select(text => Guid.Parse(text.Id)).ToArray() }, new() { Value = texts.Select(text => Guid.Parse(text.AuthorId)).ToArray() } },
        };
        var signals = new Dictionary<string, (long, int)>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            signals[row.GetGuid(0).ToString()] = (row.GetInt64(1), row.GetInt32(2));
        return signals;
    }

    async Task<(IEnumerable<SearchDocument>, HashSet<string> Deferred)> DraftsAsync(IReadOnlyList<Job> jobs, CancellationToken cancel)
    {
        var answer = await texts.BatchGetDraftTextsAsync(new() { Keys = { jobs.Select(job => new DraftKey { AuthorId = job.Owner?.ToString() ?? "", ArticleId = job.Key }) } }, cancellationToken: cancel);
        return (answer.Texts.Select(text => new DraftDocument(text.Id, text.Revision)
        {
            OwnerId = Guid.Parse(text.AuthorId),
            CoOwnerIds = [.. text.CoAuthorIds.Select(Guid.Parse)],
            Title = text.Title,
            Description = text.Description,
            Body = text.Text,
            Language = Language(text.Language, text.Title, text.Description, text.Text),
            UpdateTime = text.UpdateTime.ToDateTimeOffset(),
        }), [.. answer.DeferredKeys.Select(key => key.ArticleId)]);
    }

    async Task<IEnumerable<SearchDocument>> PeopleAsync(IReadOnlyList<Job> jobs, CancellationToken cancel)
    {
        var profiles = await ProfilesAsync([.. jobs.Select(job => job.Key)], cancel);
        var counts = await relations.BatchGetFollowCountsAsync(new() { Targets = { profiles.Keys.Select(id => new Target { Kind = FollowTarget.Person, Id = id }) } }, cancellationToken: cancel);
        var followers = counts.Counts.ToDictionary(count => count.Target.Id, count => count.Followers);
        return profiles.Values.Select(profile => new PersonDocument(profile.Id, profile.Revision)
        {
            Name = profile.Name, Handle = profile.Handle, Bio = profile.Bio, Followers = followers.GetValueOrDefault(profile.Id),
        });
    }

    async Task<IEnumerable<SearchDocument>> PublicationsAsync(IReadOnlyList<Job> jobs, CancellationToken cancel)
    {
        var found = (await publications.BatchGetPublicationsAsync(new() { Ids = { jobs.Select(job => job.Key) } }, cancellationToken: cancel)).Publications;
        if (found.Count == 0)
            return [];
        var counts = await relations.BatchGetFollowCountsAsync(new() { Targets = { found.Select(publication => new Target { Kind = FollowTarget.Publication, Id = publication.Id }) } }, cancellationToken: cancel);
        var followers = counts.Counts.ToDictionary(count => count.Target.Id, count => count.Followers);
        return found.Select(publication => new PublicationDocument(publication.Id, publication.Revision)
        {
            Name = publication.Name, Handle = publication.Slug, Description = publication.Description, Followers = followers.GetValueOrDefault(publication.Id),
        });
    }

    async Task<Dictionary<string, Profile>> ProfilesAsync(string[] ids, CancellationToken cancel) => ids.Length == 0 ? []
        : (await people.BatchGetProfilesAsync(new() { Ids = { ids } }, cancellationToken: cancel)).Profiles.ToDictionary(profile => profile.Id);

    // A topic has no revision of its own: what was looked at later is newer.
    async Task<IEnumerable<SearchDocument>> TopicsAsync(IReadOnlyList<Job> jobs, CancellationToken cancel)
    {
        var now = Moment();
        var answer = await articles.BatchGetTopicsAsync(new() { Slugs = { jobs.Select(job => job.Key) } }, cancellationToken: cancel);
        return answer.Topics.Select(topic => new TopicDocument(topic.Slug, now) { Name = topic.Name, ArticleCount = topic.ArticleCount });
    }

    /// <summary>What takes the thing out of an index: nothing older comes back after it.</summary>
    public Removal Removal(DocumentKind kind, Job job) => new(kind, job.Key, kind == DocumentKind.Topic ? Moment() : job.Revision);

    long Moment() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
