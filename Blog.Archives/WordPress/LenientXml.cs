namespace Blog.Archives.WordPress;

/// <summary>
/// XML as an <see cref="System.Xml.XmlReader"/> can read it whatever somebody put in: characters that XML forbids become blanks, a CDATA section ends where it gets too long (an XmlReader
/// holds all of one), and a tag without an end is refused.
/// </summary>
sealed class LenientXml(TextReader inner, int longestSection) : TextReader
{
    const int LongestTag = 1 << 20;
    const string Opening = "<![CDATA[";

    bool inSection;
    int length;
    // How much of the opening, or of "]]>", has come.
    int matched;
    bool inTag;

    public override int Read(char[] buffer, int index, int count)
    {
        while (true)
        {
            var read = inner.Read(buffer, index, count);
            if (read == 0) return 0;
            var kept = 0;
            for (var at = index; at < index + read; at++)
            {
                var c = buffer[at];
                if (c < ' ' && c is not ('\t' or '\n' or '\r') || c is '\uFFFE' or '\uFFFF') c = ' ';
                if (Takes(c)) buffer[index + kept++] = c;
            }
            if (kept > 0) return kept;
        }
    }

    public override int Read(Span<char> buffer)
    {
        var chars = new char[buffer.Length];
        var read = Read(chars, 0, chars.Length);
        chars.AsSpan(0, read).CopyTo(buffer);
        return read;
    }

    public override int Read()
    {
        var one = new char[1];
        return Read(one, 0, 1) == 0 ? -1 : one[0];
    }

    bool Takes(char c) => inSection ? InSection(c) : Outside(c);

    bool InSection(char c)
    {
        length++;
        if (c == '>' && matched == 2)
        {
            (inSection, matched, length) = (false, 0, 0);
            return true;
        }
        matched = c == ']' ? Math.Min(2, matched + 1) : 0;
        // Brackets go through, so that the end is one.
        return length <= longestSection || c == ']';
    }

    bool Outside(char c)
    {
        if (c == '<') (inTag, matched, length) = (true, 1, 0);
        else if (inTag && matched > 0 && matched < Opening.Length) matched = Opening[matched] == c ? matched + 1 : 0;
        if (matched == Opening.Length) (inSection, inTag, matched, length) = (true, false, 0, 0);
        else if (c == '>') inTag = false;
        if (inTag && ++length > LongestTag) throw new ArchiveRefusedException("A tag of the file has no end.");
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
