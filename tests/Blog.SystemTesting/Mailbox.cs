using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Blog.SystemTesting;

/// <summary>The mail sink, read through its REST interface.</summary>
public sealed partial class Mailbox(Uri sink)
{
    /// <summary>A mail, as the sink shows it.</summary>
    public sealed record Mail(string Id, string Subject, string Text, IReadOnlyList<Recipient> To, DateTimeOffset Time);

    /// <summary>Who a mail is for.</summary>
    public sealed record Recipient(string Address);

    /// <summary>Waits for the newest mail to an address whose subject or text contains <paramref name="about"/>.</summary>
    /// <exception cref="TimeoutException">None came within 15 seconds.</exception>
    public async Task<Mail> WaitForAsync(string address, string about, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = sink };
        var waiting = Stopwatch.StartNew();
        while (waiting.Elapsed < TimeSpan.FromSeconds(15))
        {
            var mails = await http.GetFromJsonAsync<List<Mail>>("/email", cancel) ?? [];
            var found = mails.Where(m => m.To.Any(t => t.Address.Equals(address, StringComparison.OrdinalIgnoreCase)))
                .LastOrDefault(m => m.Subject.Contains(about, StringComparison.OrdinalIgnoreCase) || m.Text.Contains(about, StringComparison.OrdinalIgnoreCase));
            if (found is not null) return found;
            await Task.Delay(100, cancel);
        }
        throw new TimeoutException($"No mail about '{about}' came to {address}.");
    }

    /// <summary>The first address in a mail's text.</summary>
    public static Uri LinkIn(Mail mail) => new(Link().Match(mail.Text).Value);

    [GeneratedRegex(@"https?://[^\s>)\]]+")]
    private static partial Regex Link();
}
