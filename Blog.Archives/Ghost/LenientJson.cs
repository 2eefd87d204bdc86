using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Blog.Archives.Ghost;

/// <summary>Strings of JSON in which somebody cut an emoji in half: half a surrogate pair (RFC 8259, 8.2), which no .NET string reader takes, becomes the replacement character.</summary>
static class LenientJson
{
    /// <summary>A string's characters; of anything but a string, nothing.</summary>
    public static string Text(JsonElement value)
    {
        if (value.ValueKind is not JsonValueKind.String) return "";
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Mended(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)));
        }
    }

    static string Mended(string raw)
    {
        var whole = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            var unit = Unit(raw, at);
            if (unit is null)
            {
                whole.Append(raw[at]);
                // Whatever is escaped is none of ours.
                if (raw[at] == '\\' && at + 1 < raw.Length) whole.Append(raw[++at]);
            }
            else if (char.IsHighSurrogate(unit.Value) && Unit(raw, at + 6) is { } second && char.IsLowSurrogate(second))
            {
                whole.Append(raw.AsSpan(at, 12));
                at += 11;
            }
            else
            {
                whole.Append(char.IsSurrogate(unit.Value) ? "\\ufffd" : raw.AsSpan(at, 6));
                at += 5;
            }
        }
        using var json = JsonDocument.Parse(whole.ToString());
        return json.RootElement.GetString()!;
    }

    // The UTF-16 unit that \uXXXX at this place means.
    static char? Unit(string raw, int at)
    {
        if (at + 6 > raw.Length || raw[at] != '\\' || raw[at + 1] != 'u') return null;
        Span<byte> bytes = stackalloc byte[2];
        return Convert.FromHexString(raw.AsSpan(at + 2, 4), bytes, out _, out _) is OperationStatus.Done ? (char)((bytes[0] << 8) | bytes[1]) : null;
    }
}
