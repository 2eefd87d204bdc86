using Blog.Events.V1;
using Blog.Notifications.Deliveries;
using Blog.Notifications.V1;
using Microsoft.EntityFrameworkCore;
using static Blog.Notifications.V1.Notifications;

namespace Blog.Notifications.Tests.Mail;

/// <summary>What happens is told by mail: as it happens, or together at the hour the person chose, until they say no.</summary>
public sealed class NotificationMailTests(MailWorld world) : IClassFixture<MailWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    NotificationsClient As(Guid person) => new(world.Host.CallInvoker(world.TokenOf(person)));

    async Task<(Guid Person, string Email)> PersonAsync(EmailCadence cadence)
    {
        var (person, email) = (world.People.Add("Mara Lind"), $"{Guid.NewGuid():N}@example.org");
        world.Contacts.Emails[person.ToString()] = email;
        var preferences = (await As(person).GetPreferencesAsync(new(), cancellationToken: Cancel)).Preferences;
        (preferences.EmailCadence, preferences.TimeZone, preferences.DigestHour) = (cadence, "Europe/Berlin", 7);
        await As(person).UpdatePreferencesAsync(new() { Preferences = preferences, ExpectedRevision = preferences.Revision }, cancellationToken: Cancel);
        return (person, email);
    }

    Task RespondAsync(Guid from, Guid to, string words, Content.V1.PublishedArticle article) => world.HappensAsync("interactions.responses.v1", article.Summary.Id, new ResponseChanged
    {
        ResponseId = Guid.CreateVersion7().ToString(), AuthorId = from.ToString(), ArticleId = article.Summary.Id, ArticleAuthorId = to.ToString(), Excerpt = words, Change = ResponseChanged.Types.Change.Created,
    });

    [Fact]
    public async Task A_response_comes_at_once_and_one_click_ends_mail_of_its_kind_alone()
    {
        var (me, email) = await PersonAsync(EmailCadence.AtOnce);
        var article = world.Stories.Add(me, "On harbours");
        await world.PublishAsync(article);
        // A name is what its owner says it is; it stays in its place.
        await RespondAsync(world.People.Add("Ana\r\nBcc: everyone@example.org\u202E"), me, "The cranes <b>sing</b>.", article);

        var mail = await world.Mail.WaitForAsync(email, "responded to");

        mail.Headers.Keys.ShouldNotContain("Bcc");
        mail.Subject.ShouldBe("Ana  Bcc: everyone@example.org responded to “On harbours”");
        mail.Text.ShouldContain("> The cranes <b>sing</b>.");
        mail.Html.ShouldContain("The cranes &lt;b&gt;sing&lt;/b&gt;.");
        mail.Headers["List-Id"].ShouldBe("<notifications.blog.test>");
        var token = mail.Headers["List-Unsubscribe"].Trim('<', '>').Split("?t=")[1];
        (await world.Anonymous.GetMailLinkAsync(new() { Token = token }, cancellationToken: Cancel)).Notification.ShouldBe(new() { Kind = (int)NotificationKind.Response, Enabled = true });

        await world.Anonymous.UnsubscribeAsync(new() { Token = token }, cancellationToken: Cancel);

        (await world.Anonymous.GetMailLinkAsync(new() { Token = token }, cancellationToken: Cancel)).Notification.Enabled.ShouldBeFalse();
        var choices = (await As(me).GetPreferencesAsync(new(), cancellationToken: Cancel)).Preferences.Choices.Where(c => c.Channel == Channel.Email).ToDictionary(c => c.Kind, c => c.Enabled);
        (choices[NotificationKind.Response], choices[NotificationKind.Mention]).ShouldBe((false, true));

        await world.Anonymous.ResubscribeAsync(new() { Token = token }, cancellationToken: Cancel);
        (await world.Anonymous.GetMailLinkAsync(new() { Token = token }, cancellationToken: Cancel)).Notification.Enabled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_digest_holds_what_happened_and_comes_once_at_the_persons_hour()
    {
        var (me, email) = await PersonAsync(EmailCadence.Daily);
        var article = world.Stories.Add(me, "Slow news");
        await world.PublishAsync(article);
        foreach (var name in (string[])["Ana", "Ben", "Cleo"]) await RespondAsync(world.People.Add(name), me, $"{name} says so.", article);
        await world.UntilAsync(async db => await db.Set<Delivery>().CountAsync(d => d.PersonId == me && d.Channel == Channel.Email, Cancel) == 3);
        world.Mail.Messages.ShouldNotContain(mail => mail.To == email);

        var due = await world.InDatabaseAsync(db => db.Set<Delivery>().Where(d => d.PersonId == me && d.Channel == Channel.Email).Select(d => d.DueTime).FirstAsync(Cancel));
        TimeZoneInfo.ConvertTime(due, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).TimeOfDay.ShouldBe(TimeSpan.FromHours(7));
        world.Clock.Advance(due - world.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));

        var digest = await world.Mail.WaitForAsync(email, "responded to “Slow news”, and 2 more");
        digest.Text.ShouldContain("SAID TO YOU");
        foreach (var name in (string[])["Ana", "Ben", "Cleo"]) digest.Text.ShouldContain($"{name} says so.");
        await world.UntilAsync(db => db.Set<Delivery>().Where(d => d.PersonId == me && d.Channel == Channel.Email).AllAsync(d => d.State == DeliveryState.Sent, Cancel));
        world.Mail.Messages.Count(mail => mail.To == email).ShouldBe(1);
    }

    [Fact]
    public async Task Somebody_without_a_confirmed_address_gets_no_mail_and_stands_in_nobodys_way()
    {
        var (me, _) = await PersonAsync(EmailCadence.AtOnce);
        world.Contacts.Emails.TryRemove(me.ToString(), out _);
        var article = world.Stories.Add(me, "Unreachable");
        await world.PublishAsync(article);

        await RespondAsync(world.People.Add("Ana"), me, "Hello?", article);

        await world.UntilAsync(db => db.Set<Delivery>().AnyAsync(d => d.PersonId == me && d.Channel == Channel.Email && d.State == DeliveryState.Failed, Cancel));
    }
}
