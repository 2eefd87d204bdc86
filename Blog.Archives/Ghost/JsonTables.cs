using System.Text.Json;

namespace Blog.Archives.Ghost;

/// <summary>Reads the rows of the tables in a Ghost export (<c>db[0].data.posts[]</c> or <c>data.posts[]</c>) one after the other, however long the file is.</summary>
sealed class JsonTables(Stream stream)
{
    const int LargestRow = 32 * 1024 * 1024;

    readonly Stack<string?> names = new();
    byte[] buffer = new byte[64 * 1024];
    int start;
    int end;
    bool final;
    bool begun;
    JsonReaderState state = new(new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    string? name;
    string? table;

    /// <summary>The next row; false at the end. The caller disposes it.</summary>
    /// <exception cref="JsonException">It is no JSON from some place on.</exception>
    /// <exception cref="ArchiveRefusedException">A row is larger than can be.</exception>
    public bool TryRead(out string rowTable, out JsonDocument row)
    {
        while (true)
        {
            if (TryTake(out rowTable, out row, out var isOver)) return true;
            if (isOver) return false;
            Fill();
        }
    }

    bool TryTake(out string rowTable, out JsonDocument row, out bool isOver)
    {
        (rowTable, row, isOver) = ("", null!, false);
        var json = new Utf8JsonReader(buffer.AsSpan(start, end - start), final, state);
        while (true)
        {
            var before = json;
            if (!json.Read())
            {
                isOver = final;
                Commit(before);
                return false;
            }
            if (table is not null && json.TokenType is JsonTokenType.StartObject)
            {
                if (!JsonDocument.TryParseValue(ref json, out var found))
                {
                    Commit(before);
                    return false;
                }
                (rowTable, row) = (table, found);
                Commit(json);
                return true;
            }
            switch (json.TokenType)
            {
                // Half a character in a name names no table.
                case JsonTokenType.PropertyName: name = json.ValueIsEscaped ? "" : json.GetString(); break;
                case JsonTokenType.StartArray when table is null && names.TryPeek(out var around) && around == "data": table = name; break;
                case JsonTokenType.EndArray when table is not null: table = null; break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    names.Push(name);
                    name = null;
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray: names.Pop(); break;
            }
        }
    }

    void Commit(Utf8JsonReader json)
    {
        start += (int)json.BytesConsumed;
        state = json.CurrentState;
    }

    void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
        {
            if (buffer.Length >= LargestRow) throw new ArchiveRefusedException("A part of the file is larger than can be.");
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        // A row is parsed anew with each part of it, so the parts are as large as they can be.
        end += stream.ReadAtLeast(buffer.AsSpan(end), buffer.Length - end, throwOnEndOfStream: false);
        final = end < buffer.Length;
        // A byte order mark is no JSON.
        if (!begun && buffer.AsSpan(0, end).StartsWith("\uFEFF"u8)) start = 3;
        begun = true;
    }
}
