using Blog.Notifications.Deliveries;
using Blog.Notifications.Mail;
using Blog.Notifications.V1;
using Blog.Users.V1;
using Notification = Blog.Notifications.Bells.Notification;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Notifications.Telling;

/// <summary>What a notification says outside the site.</summary>
/// <param name="Title">One sentence: who did what to what.</param>
/// <param name="Detail">The words concerned; empty when there are none.</param>
/// <param name="Url">Where it is to be seen.</param>
sealed record Told(string Title, string Detail, string Url);

/// <summary>Finds the words for notifications; names and handles are asked from Users, all at once.</summary>
sealed class NotificationWords(UsersClient users, MailLinks links)
{
    const int AtOnce = 200;

    public async Task<IReadOnlyList<Told>> OfAsync(IReadOnlyList<DueItem> items, CancellationToken cancel)
    {
        var ids = items.SelectMany(item => item.Notification.Actors.Concat(item.Article is { } article ? [article.AuthorId] : [])).Distinct().Select(id => id.ToString()).ToList();
        var people = new Dictionary<Guid, Profile>();
        foreach (var chunk in ids.Chunk(AtOnce))
            foreach (var profile in (await users.BatchGetProfilesAsync(new() { Ids = { chunk } }, cancellationToken: cancel)).Profiles)
                people[Guid.Parse(profile.Id)] = profile;
        return [.. items.Select(item => Of(item, people))];
    }

    Told Of(DueItem item, Dictionary<Guid, Profile> people)
    {
        var (notification, article) = item;
        var who = Who(notification, people);
        var story = article is null ? "a story" : $"“{article.Title}”";
        var many = notification.ActorCount > 1;
        var title = notification.Kind switch
        {
            NotificationKind.NewFollower => many ? $"{who} follow you" : $"{who} follows you",
            NotificationKind.Claps => notification.ResponseId is null ? $"{who} clapped for {story}" : $"{who} clapped for your response to {story}",
            NotificationKind.Response => $"{who} responded to {story}",
            NotificationKind.Reply => $"{who} answered your response to {story}",
            NotificationKind.Mention => $"{who} mentioned you in a response to {story}",
            NotificationKind.ArticlePublished => $"{who} published {story}",
            NotificationKind.Highlight => $"{who} highlighted {story}",
            NotificationKind.Invitation => $"{who} asks you to take part",
            NotificationKind.InvitationAccepted => $"{who} accepted your invitation",
            NotificationKind.Submission => $"{who} submitted a story to your publication",
            NotificationKind.SubmissionAnswered => $"{who} answered your submission",
            NotificationKind.ReviewComment => $"{who} commented on your draft",
            NotificationKind.ScheduleMissed => "Your story could not be published at its time",
            _ => $"{who} did something that concerns you",
        };
        return new(title, notification.Excerpt, UrlOf(item, people));
    }

    static string Who(Notification notification, Dictionary<Guid, Profile> people)
    {
        var names = notification.Actors.Where(people.ContainsKey).Select(id => people[id].Name).Take(notification.ActorCount > 3 ? 2 : 3).ToList();
        var others = notification.ActorCount - names.Count;
        if (names.Count == 0) return others == 1 ? "Someone" : $"{others} people";
        if (others > 0) return $"{string.Join(", ", names)} and {(others == 1 ? "one other" : $"{others} others")}";
        return names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";
    }

    string UrlOf(DueItem item, Dictionary<Guid, Profile> people)
    {
        var (notification, article) = item;
        if (notification.Kind is NotificationKind.Invitation)
            return links.Home + "/me/invitations";
        if (notification.Kind is NotificationKind.Submission or NotificationKind.SubmissionAnswered)
            return $"{links.Home}/me/submissions/{notification.SubjectId}";
        if (notification.Kind is NotificationKind.ReviewComment)
            return $"{links.Home}/write/{notification.SubjectId}/review";
        if (notification.Kind is NotificationKind.ScheduleMissed)
            return $"{links.Home}/write/{notification.SubjectId}";
        if (article is { Published: true } && people.TryGetValue(article.AuthorId, out var author))
            return links.Article(author.Handle, article.Slug) + (notification.ResponseId is { } response ? $"/responses/{response}" : "");
        if (notification.Kind is NotificationKind.NewFollower && notification.ActorCount == 1 && people.TryGetValue(notification.Actors[0], out var follower))
            return links.Person(follower.Handle);
        return links.Home + "/me/notifications";
    }
}
