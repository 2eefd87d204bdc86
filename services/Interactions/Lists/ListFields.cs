using Blog.ServiceDefaults.Grpc;

namespace Blog.Interactions.Lists;

/// <summary>What people write about lists, cleaned of what a database or a page cannot show, and checked.</summary>
static class ListFields
{
    public static string Name(string sent) => OneLine(sent) is { Length: > 0 and <= ReadingList.MaxName } name
        ? name
        : throw RpcErrors.InvalidArgument(("name", $"A list needs a name of at most {ReadingList.MaxName} characters."));

    public static string Description(string sent) => Text(sent) is { Length: <= ReadingList.MaxDescription } text
        ? text
        : throw RpcErrors.InvalidArgument(("description", $"A description has at most {ReadingList.MaxDescription} characters."));

    public static string Note(string sent) => NoteOrNull(sent) ?? throw RpcErrors.InvalidArgument(("note", $"A note has at most {ReadingListItem.MaxNote} characters."));

    /// <summary>Null: it is too long.</summary>
    public static string? NoteOrNull(string sent) => Text(sent) is { Length: <= ReadingListItem.MaxNote } text ? text : null;

    public static ListVisibility Visibility(V1.ListVisibility sent) => Enum.IsDefined(sent)
        ? sent == V1.ListVisibility.Unspecified ? ListVisibility.Private : (ListVisibility)sent
        : throw RpcErrors.InvalidArgument(("visibility", "A list is private, shared by link or public."));

    static string OneLine(string text) => string.Join(' ', Text(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static string Text(string text) => string.Concat(text.ReplaceLineEndings("\n").Where(c => c == '\n' || !char.IsControl(c))).Trim();
}
