using System.Globalization;
using System.Text;

namespace Blog.Search.Words;

/// <summary>How a script shows where words end.</summary>
enum Script
{
    /// <summary>No part of a word.</summary>
    None,

    /// <summary>Words stand apart.</summary>
    Spaced,

    /// <summary>Han and kana: no spaces.</summary>
    Chinese,

    /// <summary>Spaces, but particles are written onto the word.</summary>
    Hangul,

    /// <summary>Thai, Lao, Khmer, Burmese: no spaces, and marks that belong to the letter before them.</summary>
    SouthEast,
}

static class Scripts
{
    public static Script Of(Rune rune)
    {
        var value = rune.Value;
        if (value < 0x80)
            return char.IsAsciiLetterOrDigit((char)value) ? Script.Spaced : Script.None;
        if (value is 0x00AD or 0x200B or 0x200C or 0x200D)
            return Script.None;
        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber:
                break;
            default:
                return Script.None;
        }
        return value switch
        {
            >= 0x0E00 and < 0x0F00 or >= 0x1000 and < 0x10A0 or >= 0x1780 and < 0x1800 => Script.SouthEast,
            >= 0x1100 and < 0x1200 or >= 0x3130 and < 0x3190 or >= 0xA960 and < 0xA980 or >= 0xAC00 and < 0xD800 or >= 0xFFA0 and < 0xFFE0 => Script.Hangul,
            0x3005 or 0x3007 or >= 0x3040 and < 0x3100 or >= 0x31F0 and < 0x3200 or >= 0x3400 and < 0x4DC0 or >= 0x4E00 and < 0xA000 or >= 0xF900 and < 0xFB00
                or >= 0xFF66 and < 0xFFA0 or >= 0x20000 and < 0x40000 => Script.Chinese,
            _ => Script.Spaced,
        };
    }

    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
