using System.Buffers.Text;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>How the candidates of a search were chosen.</summary>
enum Mode : byte
{
    /// <summary>All that have the words.</summary>
    Words = 1,

    /// <summary>Those whose key has the words.</summary>
    Key = 2,

    /// <summary>The best standing of those whose key has the words: most articles have.</summary>
    Standing = 3,

    /// <summary>In the order of time: all that have the words, or, where most have, the order of time itself.</summary>
    Time = 4,
    TimeWalk = 5,

    /// <summary>Those whose key has the words, and whose title has one of them at least; after these come the others.</summary>
    Titles = 6,

    /// <summary>Those whose key has the words, but whose title has none.</summary>
    BeyondTitles = 7,
}

/// <summary>
/// Where the next page begins, and what must not change between pages: the moment, how rare each word was, the words themselves where others were looked for than were typed.
/// Articles are ranked block by block (<see cref="PostgreSqlEngine.Block"/> candidates); a place is that of the last article within its block.
/// </summary>
/// <param name="Words">The query that was looked for instead; empty: the one that was typed.</param>
/// <param name="Expression">Not all of the words, but this (tsquery); empty: all.</param>
/// <param name="Floor">Of the last candidate of the block before this one.</param>
/// <param name="Place">Of the last article that was given out of this block.</param>
sealed record Cursor(Mode Mode, DateTimeOffset Now, string Words, string Expression, IReadOnlyList<float> Rarities, (double Score, Guid Id) Floor, (double Score, Guid Id) Place)
{
    public static readonly (double Score, Guid Id) Top = (double.MaxValue, new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"));

    public override string ToString()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write((byte)Mode);
            writer.Write(Now.UtcTicks);
            writer.Write(Words);
            writer.Write(Expression);
            writer.Write((byte)Rarities.Count);
            foreach (var rarity in Rarities)
                writer.Write(rarity);
            Write(Floor);
            Write(Place);
            void Write((double Score, Guid Id) place)
            {
                writer.Write(place.Score);
                writer.Write(place.Id.ToByteArray());
            }
        }
        return Base64Url.EncodeToString(stream.ToArray());
    }

    /// <exception cref="BadCursorException">It is none of ours.</exception>
    public static Cursor Read(string text)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(Base64Url.DecodeFromChars(text)));
            var (mode, now, words, expression) = ((Mode)reader.ReadByte(), new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero), reader.ReadString(), reader.ReadString());
            var rarities = new float[reader.ReadByte()];
            for (var i = 0; i < rarities.Length; i++)
                rarities[i] = reader.ReadSingle();
            var cursor = new Cursor(mode, now, words, expression, rarities, Place(), Place());
            return Enum.IsDefined(mode) ? cursor : throw new BadCursorException();
            (double, Guid) Place() => (reader.ReadDouble(), new Guid(reader.ReadBytes(16)));
        }
        catch (Exception problem) when (problem is FormatException or IOException or ArgumentException)
        {
            throw new BadCursorException();
        }
    }
}
