using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.Lists;

/// <summary>Who may read a list. The numbers are stored, and are those of the contract.</summary>
enum ListVisibility : short
{
    Private = 1,
    Link = 2,
    Public = 3,
}

/// <summary>Articles a person keeps, in an order of their own.</summary>
sealed class ReadingList
{
    public const int MaxName = 100, MaxDescription = 500, MaxItems = 5_000, MaxLists = 100;
    public const string DefaultName = "Reading list";

    /// <summary>How long a deleted list can be brought back.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public required Guid OwnerId { get; init; }
    public required Guid Id { get; init; }
    public required string Slug { get; set; }
    public required string Name { get; set; }
    public required string Description { get; set; }
    public required ListVisibility Visibility { get; set; }
    public required bool IsDefault { get; init; }
    public string? LinkToken { get; set; }
    public long Revision { get; set; } = 1;
    public int ItemCount { get; set; }
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; set; }
    public DateTimeOffset? DeleteTime { get; set; }

    public bool IsPublic => Visibility == ListVisibility.Public && DeleteTime is null;

    /// <summary>Shares it or stops sharing it. A link lives as long as the list is shared in one way or the other, and never comes back.</summary>
    public void Show(ListVisibility visibility)
    {
        Visibility = visibility;
        LinkToken = visibility switch
        {
            ListVisibility.Private => null,
            ListVisibility.Link => LinkToken ?? NewToken(),
            _ => LinkToken,
        };
    }

    /// <summary>192 random bits, so that nobody finds a list by trying.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    /// <summary>The first free slug for a name.</summary>
    public static string SlugFor(string name, IReadOnlySet<string> taken)
    {
        var wanted = ServiceDefaults.Text.Slug.From(name) is { Length: > 0 } slug ? slug : "list";
        return Enumerable.Range(1, taken.Count + 1).Select(n => ServiceDefaults.Text.Slug.Numbered(wanted, n)).First(candidate => !taken.Contains(candidate));
    }
}

/// <summary>A slug that a list has or had.</summary>
sealed class ReadingListSlug
{
    public required Guid OwnerId { get; init; }
    public required string Slug { get; init; }
    public required Guid ListId { get; init; }
}

/// <summary>An article on a list.</summary>
sealed class ReadingListItem
{
    public const int MaxNote = 500, MaxTitle = 300, MaxAddress = 2_000;

    public required Guid OwnerId { get; init; }
    public required Guid ListId { get; init; }

    /// <summary>Of an article; of what came from elsewhere and is not here, a name of its own.</summary>
    public required Guid ArticleId { get; init; }

    /// <summary>The story is not here: what is known of it is its title and address, which may be empty.</summary>
    public bool Elsewhere { get; init; }

    public string Title { get; init; } = "";
    public string Address { get; init; } = "";
    public required long Position { get; set; }
    public required string Note { get; set; }
    public long Revision { get; set; } = 1;
    public required DateTimeOffset AddTime { get; init; }
}

sealed class ReadingListConfiguration :
    IEntityTypeConfiguration<ReadingList>, IEntityTypeConfiguration<ReadingListSlug>, IEntityTypeConfiguration<ReadingListItem>
{
    public void Configure(EntityTypeBuilder<ReadingList> list)
    {
        list.ToTable("reading_lists").HasKey(l => new { l.OwnerId, l.Id });
        list.Ignore(l => l.IsPublic);
    }

    public void Configure(EntityTypeBuilder<ReadingListSlug> slug) => slug.ToTable("reading_list_slugs").HasKey(s => new { s.OwnerId, s.Slug });

    public void Configure(EntityTypeBuilder<ReadingListItem> item) => item.ToTable("reading_list_items").HasKey(i => new { i.OwnerId, i.ListId, i.ArticleId });
}
