using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using static Blog.Notifications.V1.Channel;
using static Blog.Notifications.V1.NotificationKind;
using Kind = Blog.Notifications.V1.NotificationKind;

namespace Blog.Notifications.Choices;

/// <summary>When a person wants to be told outside the site. Who never chose has no row: <see cref="Default"/>.</summary>
sealed class Preferences
{
    public required Guid PersonId { get; init; }
    /// <summary>IANA name.</summary>
    public required string TimeZone { get; set; }
    /// <summary>Minutes since local midnight; both null: no quiet hours.</summary>
    public short? QuietFrom { get; set; }
    public short? QuietTo { get; set; }
    public required V1.EmailCadence EmailCadence { get; set; }
    /// <summary>Local hour of the digest.</summary>
    public required short DigestHour { get; set; }
    /// <summary>ISO 8601: 1 is Monday.</summary>
    public required short DigestDay { get; set; }
    public required long Revision { get; set; }

    /// <summary>A digest in the morning: no mail interrupts somebody who did not ask for that.</summary>
    public static Preferences Default(Guid person) => new()
    {
        PersonId = person, TimeZone = "Etc/UTC", EmailCadence = V1.EmailCadence.Daily, DigestHour = 8, DigestDay = 1, Revision = 0,
    };
}

sealed class PreferencesConfiguration : IEntityTypeConfiguration<Preferences>
{
    public void Configure(EntityTypeBuilder<Preferences> preferences)
    {
        preferences.ToTable("preferences").HasKey(p => p.PersonId);
        preferences.Property(p => p.PersonId).ValueGeneratedNever();
        preferences.Property(p => p.EmailCadence).HasConversion<short>();
        preferences.Property(p => p.Revision).IsConcurrencyToken();
    }
}

/// <summary>Where a person's choice for a kind and channel differs from the default.</summary>
sealed class Choice
{
    public required Guid PersonId { get; init; }
    public required Kind Kind { get; init; }
    public required V1.Channel Channel { get; init; }
    public required bool Enabled { get; set; }

    public static readonly Kind[] Kinds = [.. Enum.GetValues<Kind>().Where(kind => kind != Kind.Unspecified)];
    public static readonly V1.Channel[] Channels = [InApp, Email, Push];

    /// <summary>Everything in the site; by mail and push what somebody said or wrote, not how many liked it.</summary>
    public static bool IsOnByDefault(Kind kind, V1.Channel channel) => channel switch
    {
        InApp => true,
        Email => kind is NewFollower or Response or Reply or Mention or ArticlePublished or Invitation or InvitationAccepted or Submission or SubmissionAnswered or ScheduleMissed or ReviewComment,
        Push => kind is Response or Reply or Mention or ArticlePublished or Invitation or SubmissionAnswered or ScheduleMissed or ReviewComment,
        _ => false,
    };
}

sealed class ChoiceConfiguration : IEntityTypeConfiguration<Choice>
{
    public void Configure(EntityTypeBuilder<Choice> choice)
    {
        choice.ToTable("choices").HasKey(c => new { c.PersonId, c.Kind, c.Channel });
        choice.Property(c => c.Kind).HasConversion<short>();
        choice.Property(c => c.Channel).HasConversion<short>();
    }
}

/// <summary>Nothing more about this article reaches the person.</summary>
sealed class MutedArticle
{
    public required Guid PersonId { get; init; }
    public required Guid ArticleId { get; init; }
    public required DateTimeOffset Time { get; init; }
}

sealed class MutedArticleConfiguration : IEntityTypeConfiguration<MutedArticle>
{
    public void Configure(EntityTypeBuilder<MutedArticle> muted) => muted.ToTable("muted_articles").HasKey(m => new { m.PersonId, m.ArticleId });
}
