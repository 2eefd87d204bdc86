using Blog.ServiceDefaults.Text;

namespace Blog.Archives.Importing;

/// <summary>To whom an article belongs here.</summary>
/// <param name="Id">Their profile's.</param>
/// <param name="Handle">Without '@'; links between imported articles name it.</param>
public sealed record ArticleAuthor(Guid Id, string Handle);

/// <summary>What became of one item of an archive.</summary>
public enum ImportOutcome { Created, Updated, Unchanged, Skipped, Failed }

/// <summary>An article as it is to be kept: pictures and links lead to this site.</summary>
/// <param name="Author">Whose it becomes.</param>
/// <param name="Article">What the archive says; the slug is free among the archive's articles of the author.</param>
/// <param name="CoverMediaId">An uploaded picture, or empty.</param>
/// <param name="FormerPaths">Paths on the former site, as <see cref="FormerAddress.PathOf"/> gives them.</param>
public sealed record ReadyArticle(ArticleAuthor Author, ArchiveArticle Article, string CoverMediaId, IReadOnlyList<string> FormerPaths)
{
    /// <summary>Of <see cref="ArchiveArticle.Changes"/>; an uploaded picture, or empty.</summary>
    public string ChangesCoverMediaId { get; init; } = "";

    /// <summary>The same for all that came together and say the same in several languages; null: none does.</summary>
    public Guid? TranslationGroup { get; init; }
}

/// <summary>Something beside stories as it is to be kept: the stories that it names are known by their ids here.</summary>
/// <param name="Owner">Whose it becomes.</param>
/// <param name="Source">Names it in its archive, so that a second import knows it again.</param>
/// <param name="Fact">What the archive says.</param>
/// <param name="Articles">The ids here of the stories that it names, by their address in the archive; what did not come is missing.</param>
public sealed record ReadyFact(ArticleAuthor Owner, string Source, ArchiveFact Fact, IReadOnlyDictionary<string, string> Articles)
{
    /// <summary>Of a publication: an uploaded picture, or empty.</summary>
    public string PictureMediaId { get; init; } = "";

    /// <summary>Of a publication: its people here.</summary>
    public IReadOnlyList<(Guid Person, ArchiveMember Member)> Members { get; init; } = [];
}

/// <summary>The site that is imported into.</summary>
public interface IImportTarget
{
    /// <summary>Who imports: two archives of one name that different people bring are two.</summary>
    string Importer { get; }

    /// <summary>Whose the article becomes.</summary>
    Task<ArticleAuthor> AuthorAsync(ArchiveArticle article, CancellationToken cancel);

    /// <summary>Keeps a picture; the same bytes of one owner are the same picture.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ImportRefusedException">It is no picture that can be kept.</exception>
    Task<string> UploadAsync(Guid owner, string fileName, Stream picture, CancellationToken cancel);

    /// <summary>Creates or updates the article that <see cref="ArchiveArticle.Source"/> names.</summary>
    /// <exception cref="ImportRefusedException">It cannot be kept as it is.</exception>
    Task<(ImportOutcome Outcome, string ArticleId)> SaveAsync(ReadyArticle article, CancellationToken cancel);

    /// <summary>Whose everything beside stories becomes; null: nobody's, it is left out.</summary>
    Task<ArticleAuthor?> OwnerAsync(CancellationToken cancel);

    /// <summary>Who a member of a publication becomes here; null: nobody, since people join by consent. The first owner owns the archive.</summary>
    Task<ArticleAuthor?> MemberAsync(string name, CancellationToken cancel);

    /// <summary>Brings in a series, a list or responses: what is new of it.</summary>
    /// <returns>What was left out is among the notes.</returns>
    /// <exception cref="ImportRefusedException">It cannot be kept as it is.</exception>
    Task<(ImportOutcome Outcome, IReadOnlyList<string> Notes)> SaveAsync(ReadyFact fact, CancellationToken cancel);
}

/// <summary>One article or picture cannot be taken; the message says why, and the rest goes on.</summary>
public sealed class ImportRefusedException(string message, Exception? inner = null) : Exception(message, inner);
