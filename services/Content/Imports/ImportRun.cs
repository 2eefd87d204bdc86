namespace Blog.Content.Imports;

enum ImportState : short
{
    Reading = 1,
    Ready = 2,
    Running = 3,
    Done = 4,
    Cancelled = 5,
    Failed = 6,
}

/// <summary>An archive that somebody brings in, and how far it has come.</summary>
sealed class ImportRun
{
    public required Guid OwnerId { get; init; }
    public required Guid Id { get; init; }
    public required ImportState State { get; set; }
    public required string FileName { get; init; }
    public required string Handle { get; init; }
    public required long SizeBytes { get; init; }
    public string Format { get; set; } = "";
    public bool AsDrafts { get; set; }
    public string Site { get; set; } = "";
    public string Problem { get; set; } = "";

    /// <summary>How often somebody began to work on it; whoever holds an older number has lost it to another.</summary>
    public int Attempts { get; set; }

    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; set; }
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>It was read, so it can be started.</summary>
    public bool CanStart => State == ImportState.Ready || State == ImportState.Cancelled && Format.Length > 0;

    public bool CanStop => State is ImportState.Reading or ImportState.Running;
}

/// <summary>A piece of an archive in the object storage.</summary>
sealed class ImportPart
{
    public required Guid OwnerId { get; init; }
    public required Guid ImportId { get; init; }
    public required int Number { get; init; }
    public required Guid ObjectId { get; init; }
    public required long SizeBytes { get; init; }
}

/// <summary>What will become, or became, of one item of an archive.</summary>
sealed class ImportItem
{
    public required Guid OwnerId { get; init; }
    public required Guid ImportId { get; init; }
    public required int Number { get; init; }
    public required string Path { get; init; }
    public required string Title { get; init; }
    public bool Draft { get; init; }
    public DateTimeOffset? PublishTime { get; init; }
    public int Pictures { get; init; }

    /// <summary>0: not yet; else as in the contract.</summary>
    public short Outcome { get; init; }

    public required string Reason { get; init; }
    public required string[] Notes { get; init; }
    public Guid? ArticleId { get; init; }

    /// <summary>As in the contract.</summary>
    public short Kind { get; init; }

    /// <summary>Of a series, a list, responses or a publication.</summary>
    public int Entries { get; init; }

    public bool IsRemark { get; init; }
    public bool IsFailure { get; init; }
}
