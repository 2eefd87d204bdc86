namespace Blog.Archives.WordPress;

/// <summary>An <c>item</c> of a WordPress export: a post, a page, a picture, a part of a menu …</summary>
sealed class WxrItem
{
    public string Title { get; set; } = "";
    public string Link { get; set; } = "";
    public string Creator { get; set; } = "";
    public string Content { get; set; } = "";
    public string Excerpt { get; set; } = "";
    public string Id { get; set; } = "";
    public string Date { get; set; } = "";
    public string DateUtc { get; set; } = "";
    public string PublishDate { get; set; } = "";
    public string Name { get; set; } = "";
    public string Status { get; set; } = "";
    public string Type { get; set; } = "";
    public string Password { get; set; } = "";
    public string AttachmentUrl { get; set; } = "";
    /// <summary>What an attachment belongs to, and its place there.</summary>
    public string Parent { get; set; } = "";
    public int Order { get; set; }

    /// <summary>What people wrote under it and others saw.</summary>
    public int Comments { get; set; }

    /// <summary>What its address ended in before.</summary>
    public List<string> FormerNames { get; } = [];

    public List<(string Domain, string Name)> Categories { get; } = [];
    public Dictionary<string, string> Meta { get; } = new(StringComparer.Ordinal);

    /// <summary>What of it was too long to be read.</summary>
    public string? TooLong { get; set; }
}
