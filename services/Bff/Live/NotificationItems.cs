using Blog.Bff.Api;
using Blog.Bff.Sessions;
using Grpc.Core;
using NotificationKind = Blog.Bff.Api.NotificationKind;
using Profile = Blog.Users.V1.Profile;
using V1 = Blog.Notifications.V1;

namespace Blog.Bff.Live;

/// <summary>Notifications as people see them: with names, pictures and addresses. One question to Users for a whole page or burst.</summary>
sealed class NotificationItems(Users.V1.Users.UsersClient users, KnownProfiles known)
{
    const int MaxBatch = 200;

    /// <param name="person">Whose list it is; null leaves out what only leads to their own pages.</param>
    public async Task<IReadOnlyList<NotificationItem>> FromAsync(IReadOnlyCollection<V1.Notification> notifications, string person, CancellationToken ct)
    {
        var profiles = await ProfilesAsync(IdsIn(notifications, person), ct);
        return [.. notifications.Select(notification => From(notification, person, profiles))];
    }

    /// <summary>Whose profiles these notifications need.</summary>
    public static IEnumerable<string> IdsIn(IEnumerable<V1.Notification> notifications, string person) =>
        notifications.SelectMany(n => n.ActorIds.Append(n.Article?.AuthorId ?? person));

    public static NotificationItem From(V1.Notification n, string person, IReadOnlyDictionary<string, Profile> profiles)
    {
        var actors = n.ActorIds.Where(profiles.ContainsKey).Select(id => profiles[id])
            .Select(profile => new NotificationActor(profile.Id, profile.Handle, profile.Name, Addresses.Media(profile.AvatarMediaId))).ToArray();
        var url = n.Kind is V1.NotificationKind.Invitation ? "/me/invitations"
            : n.Kind is V1.NotificationKind.InvitationAccepted ? "/me/publications"
            : n.Kind is V1.NotificationKind.Submission or V1.NotificationKind.SubmissionAnswered ? $"/me/submissions/{n.SubjectId}"
            : n.Kind is V1.NotificationKind.ReviewComment ? $"/write/{n.SubjectId}/review"
            : n.Kind is V1.NotificationKind.ScheduleMissed ? $"/write/{n.SubjectId}"
            : n.Kind is V1.NotificationKind.NewFollower
            ? n.ActorCount == 1 && actors is [var only] ? $"/@{only.Handle}" : profiles.TryGetValue(person, out var own) ? $"/@{own.Handle}/followers" : null
            : UrlOf(n.Article, profiles) is { } story && n.ResponseId is not "" ? $"{story}/responses/{n.ResponseId}" : UrlOf(n.Article, profiles);
        return new(n.Id, (NotificationKind)n.Kind, n.Position, actors, n.ActorCount, n.Article?.Id, n.Article?.Title, n.ResponseId is not "", n.Excerpt, url,
            n.UpdateTime.Utc(), n.Unread, n.Withdrawn);
    }

    public static string? UrlOf(V1.ArticleReference? article, IReadOnlyDictionary<string, Profile> profiles) =>
        article is { Published: true } && profiles.TryGetValue(article.AuthorId, out var author) ? Addresses.Article(author.Handle, article.Slug) : null;

    /// <summary>Those that are known. While Users is away, as they were last seen.</summary>
    public async Task<IReadOnlyDictionary<string, Profile>> ProfilesAsync(IEnumerable<string> ids, CancellationToken ct)
    {
        var found = new Dictionary<string, Profile>();
        var missing = new List<string>();
        foreach (var id in ids.Distinct())
        {
            var (last, isFresh) = known.Find(id);
            if (last is not null) found[id] = last;
            if (!isFresh) missing.Add(id);
        }
        try
        {
            foreach (var batch in missing.Chunk(MaxBatch))
                foreach (var profile in (await users.BatchGetProfilesAsync(new() { Ids = { batch } }, cancellationToken: ct)).Profiles)
                {
                    known.Keep(profile);
                    found[profile.Id] = profile;
                }
        }
        catch (RpcException away) when (away.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
        {
            // A notification without a name is better than none.
        }
        return found;
    }
}
