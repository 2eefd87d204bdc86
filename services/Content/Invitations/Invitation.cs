using Blog.Content.Data;
using Blog.Content.Publications;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Google.Protobuf.WellKnownTypes;

namespace Blog.Content.Invitations;

/// <summary>Somebody is asked to write an article with others, or to join a publication. Gone when answered, but for a refusal: nobody is asked the same twice.</summary>
sealed class Invitation
{
    public required Guid InviteeId { get; init; }
    public required Guid Id { get; init; }
    public required Guid InviterId { get; init; }
    public Guid? ArticleId { get; init; }
    public Guid? PublicationId { get; init; }
    public PublicationRole? Role { get; init; }
    public bool Declined { get; set; }
    public required DateTimeOffset CreateTime { get; init; }

    /// <param name="subject">The title of the article, or the name of the publication.</param>
    public V1.Invitation ToMessage(string subject) => new()
    {
        Id = Id.ToString(),
        InviteeId = InviteeId.ToString(),
        InviterId = InviterId.ToString(),
        ArticleId = ArticleId?.ToString() ?? "",
        ArticleTitle = ArticleId is null ? "" : subject,
        PublicationId = PublicationId?.ToString() ?? "",
        PublicationName = PublicationId is null ? "" : subject,
        PublicationRole = (int)(Role ?? 0),
        CreateTime = Timestamp.FromDateTimeOffset(CreateTime),
    };
}

static class InvitationNews
{
    /// <summary>Adds to the change being made: what became of an invitation.</summary>
    public static void Tell(this ContentDbContext db, Invitation invitation, InvitationChanged.Types.Change change, string subject, TimeProvider time) => db.Publish(
        Topics.Invitations, invitation.InviteeId,
        new InvitationChanged
        {
            InvitationId = invitation.Id.ToString(),
            InviteeId = invitation.InviteeId.ToString(),
            InviterId = invitation.InviterId.ToString(),
            Change = change,
            ArticleId = invitation.ArticleId?.ToString() ?? "",
            PublicationId = invitation.PublicationId?.ToString() ?? "",
            Subject = subject,
        }, time);
}
