using System.Globalization;

namespace Aspire.Hosting.Dashboard;

/// <summary>Times and numbers as people read them.</summary>
static class Format
{
    /// <summary>Nanoseconds.</summary>
    public static string Duration(long nanoseconds) => nanoseconds switch
    {
        < 1_000 => $"{nanoseconds} ns",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0.#} µs"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.00} ms"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.00} s"),
    };

    /// <summary>Nanoseconds since 1970, in the time zone of this machine.</summary>
    public static string Clock(long unixNanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(unixNanoseconds / 100).ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    public static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e9 => (value / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " G",
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 1e4 => (value / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + " k",
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>A value with its unit (UCUM, as OpenTelemetry uses it).</summary>
    public static string WithUnit(double value, string unit) => unit switch
    {
        "s" => Duration((long)(value * 1e9)),
        "ms" => Duration((long)(value * 1e6)),
        "By" => value >= 1 << 20 ? Number(value / (1 << 20)) + " MiB" : value >= 1024 ? Number(value / 1024) + " KiB" : Number(value) + " B",
        "1" or "" => Number(value),
        _ => $"{Number(value)} {unit.Trim('{', '}')}",
    };
}
