using System.Globalization;
using System.Net;
using System.Text;
using System.Xml;

namespace Blog.Archives.WordPress;

/// <summary>
/// XML as an <see cref="XmlReader"/> can read it whatever somebody put in: characters that XML forbids become blanks, an ampersand that begins no reference is one, names of characters
/// that only HTML knows are these characters, a CDATA section ends where it gets too long (an XmlReader holds all of one), and a tag without an end is refused.
/// </summary>
sealed class LenientXml(TextReader inner, int longestSection) : TextReader
{
    const int LongestTag = 1 << 20, LongestReference = 32;
    const string Opening = "<![CDATA[";

    readonly char[] input = new char[4096];
    // What may be read, and how much of it was.
    readonly StringBuilder ready = new();
    int taken;
    // From an ampersand on, until it is known what it begins.
    readonly StringBuilder reference = new();

    bool inSection;
    int length;
    // How much of the opening, or of "]]>", has come.
    int matched;
    bool inTag;

    public override int Read(char[] buffer, int index, int count)
    {
        while (taken == ready.Length)
        {
            ready.Clear();
            taken = 0;
            var read = inner.Read(input, 0, input.Length);
            foreach (var c in input.AsSpan(0, read)) Take(c);
            if (read == 0)
            {
                Bare();
                if (ready.Length == 0) return 0;
            }
        }
        var given = Math.Min(count, ready.Length - taken);
        ready.CopyTo(taken, buffer, index, given);
        taken += given;
        return given;
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

    void Take(char c)
    {
        if (!IsAllowed(c)) c = ' ';
        if (reference.Length > 0 && Continues(c)) return;
        Bare();
        if (!(inSection ? InSection(c) : Outside(c))) return;
        (c == '&' && !inSection ? reference : ready).Append(c);
    }

    static bool IsAllowed(int c) => c is >= ' ' and not ('\uFFFE' or '\uFFFF') or '\t' or '\n' or '\r';

    bool Continues(char c)
    {
        if (c != ';')
        {
            if (reference.Length == LongestReference || !char.IsAsciiLetterOrDigit(c) && !(c == '#' && reference.Length == 1)) return false;
            reference.Append(c);
            return true;
        }
        var text = reference.Append(c).ToString();
        if (text is "&amp;" or "&lt;" or "&gt;" or "&quot;" or "&apos;")
            ready.Append(text);
        else if (text[1] == '#' && Number(text) is { } number)
            ready.Append(IsAllowed(number) && number is < 0xD800 or > 0xDFFF and <= 0x10FFFF ? text : " ");
        else if (text[1] != '#' && WebUtility.HtmlDecode(text) is var meant && meant != text)
            ready.Append(meant);
        else
            ready.Append("&amp;").Append(text.AsSpan(1));
        reference.Clear();
        return true;
    }

    // Null: it is none.
    static int? Number(string reference)
    {
        var isHex = reference[2] == 'x';
        return int.TryParse(reference.AsSpan(isHex ? 3 : 2).TrimEnd(';'), isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // What began began no reference.
    void Bare()
    {
        if (reference.Length == 0) return;
        ready.Append("&amp;").Append(reference, 1, reference.Length - 1);
        reference.Clear();
    }

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
