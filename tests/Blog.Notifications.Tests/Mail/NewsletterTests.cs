using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Notifications.Newsletters;
using Blog.Notifications.V1;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Tests.Mail;

/// <summary>Following an author by mail: asked for twice, sent once, ended with one click.</summary>
public sealed class NewsletterTests(MailWorld world) : IClassFixture<MailWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string FreshEmail() => $"{Guid.NewGuid():N}@example.org";

    Task<SubscribeResponse> Ask(Guid author, string email) => world.Anonymous.SubscribeAsync(new() { Target = FollowTarget.Person, TargetId = author.ToString(), Email = email }, cancellationToken: Cancel).ResponseAsync;

    int MailsTo(string email, string subject) => world.Mail.Messages.Count(mail => mail.To == email && mail.Subject.Contains(subject, StringComparison.Ordinal));

    Task DoneAsync(PublishedArticle article)
    {
        var id = Guid.Parse(article.Summary.Id);
        return world.UntilAsync(db => db.Set<Notifications.Newsletters.Issue>().AnyAsync(i => i.ArticleId == id && (i.State == IssueState.Done || i.State == IssueState.CalledOff), Cancel));
    }

    async Task<NewsletterLink> LinkAsync(string token) => (await world.Anonymous.GetMailLinkAsync(new() { Token = token }, cancellationToken: Cancel)).Newsletter;

    [Fact]
    public async Task A_reader_subscribes_confirms_gets_what_is_published_and_ends_it()
    {
        var (author, email) = (world.People.Add("Mara Lind"), FreshEmail());
        await Ask(author, email);
        var confirmation = await world.Mail.WaitForAsync(email, "Confirm: stories by Mara Lind");
        var confirm = MailWorld.TokenIn(confirmation);

        // Link scanners open every link: looking changes nothing.
        (await LinkAsync(confirm)).ShouldBe(new() { Target = FollowTarget.Person, TargetId = author.ToString(), State = NewsletterLink.Types.State.Pending, MaskedEmail = $"{email[0]}…@example.org", Confirms = true });
        (await LinkAsync(confirm)).State.ShouldBe(NewsletterLink.Types.State.Pending);
        var manage = (await world.Anonymous.ConfirmSubscriptionAsync(new() { Token = confirm }, cancellationToken: Cancel)).ManageToken;
        (await LinkAsync(manage)).State.ShouldBe(NewsletterLink.Types.State.Active);
        (await world.As(author).GetNewsletterAsync(new(), cancellationToken: Cancel)).SubscriberCount.ShouldBe(1);

        var article = world.Stories.Add(author, "Harbours at dusk", "<p>The first <em>paragraph</em>.</p><blockquote><p>Said somebody.</p></blockquote><pre><code>let x</code></pre><p>Never in the mail.</p>", "Of light and cranes.");
        await world.PublishAsync(article);
        var mail = await world.Mail.WaitForAsync(email, "Harbours at dusk");

        mail.Text.ShouldContain("Of light and cranes.");
        mail.Text.ShouldContain("The first paragraph.");
        mail.Text.ShouldContain("> Said somebody.");
        mail.Text.ShouldNotContain("Never in the mail");
        mail.Text.ShouldContain($"{MailWorld.Origin}/@{world.People.HandleOf(author)}/{article.Summary.Slug}");
        mail.Html.ShouldContain("prefers-color-scheme:dark");
        var link = mail.Headers["List-Unsubscribe"].Trim('<', '>');
        mail.Text.ShouldContain(link);
        mail.Headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
        mail.Headers["List-Id"].ShouldBe($"<{author:N}.newsletter.blog.test>");
        mail.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        mail.Headers["From"].ShouldBe("Mara Lind <no-reply@blog.localhost>");

        await world.Anonymous.UnsubscribeAsync(new() { Token = link.Split("?t=")[1] }, cancellationToken: Cancel);
        await world.Anonymous.UnsubscribeAsync(new() { Token = link.Split("?t=")[1] }, cancellationToken: Cancel);
        var next = world.Stories.Add(author, "A second story");
        await world.PublishAsync(next);
        await DoneAsync(next);
        MailsTo(email, "A second story").ShouldBe(0);
        (await LinkAsync(manage)).State.ShouldBe(NewsletterLink.Types.State.Ended);

        await world.Anonymous.ResubscribeAsync(new() { Token = manage }, cancellationToken: Cancel);
        (await LinkAsync(manage)).State.ShouldBe(NewsletterLink.Types.State.Active);
    }

    [Fact]
    public async Task An_article_goes_out_once_and_imported_or_changed_ones_do_not()
    {
        var (author, email) = (world.People.Add("Once Only"), FreshEmail());
        await world.SubscribeAsync(author, email);
        var imported = world.Stories.Add(author, "Old and imported");
        await world.PublishAsync(imported, imported: true);
        var article = world.Stories.Add(author, "New and fresh");

        await world.PublishAsync(article);
        await world.PublishAsync(article, change: ArticleChanged.Types.Change.Updated, revision: 2);
        await world.PublishAsync(article, change: ArticleChanged.Types.Change.Unpublished, revision: 3);
        await world.PublishAsync(article, revision: 4);
        await world.Mail.WaitForAsync(email, "New and fresh");
        await DoneAsync(article);

        MailsTo(email, "New and fresh").ShouldBe(1);
        MailsTo(email, "Old and imported").ShouldBe(0);
        var state = await world.As(author).GetNewsletterAsync(new(), cancellationToken: Cancel);
        (state.LastIssue.Title, state.LastIssue.Done, state.LastIssue.SentCount).ShouldBe(("New and fresh", true, 1));
    }

    [Fact]
    public async Task An_article_that_was_taken_back_at_once_goes_to_nobody()
    {
        var (author, email) = (world.People.Add("Regret"), FreshEmail());
        await world.SubscribeAsync(author, email);
        var article = world.Stories.Add(author, "Too early");
        world.Stories.TakeBack(article);

        await world.PublishAsync(article);
        await DoneAsync(article);

        MailsTo(email, "Too early").ShouldBe(0);
    }

    [Fact]
    public async Task The_form_tells_nobody_who_is_subscribed_and_floods_nobody()
    {
        var (author, email) = (world.People.Add("Quiet"), FreshEmail());
        await world.SubscribeAsync(author, email);

        for (var i = 0; i < 8; i++) await Ask(author, email.ToUpperInvariant());

        await world.Mail.WaitForAsync(email, "You get stories by Quiet already");
        await world.UntilAsync(async db => !await db.Set<ServiceDefaults.Mail.QueuedMail>().AnyAsync(Cancel));
        world.Mail.Messages.Count(mail => mail.To.Equals(email, StringComparison.OrdinalIgnoreCase)).ShouldBe(5);
        (await world.As(author).GetNewsletterAsync(new(), cancellationToken: Cancel)).SubscriberCount.ShouldBe(1);
    }

    [Theory, InlineData("not an address"), InlineData(""), InlineData("a@b.c\r\nBcc: everyone@example.org")]
    public async Task What_is_no_address_is_refused_by_name_of_the_field(string email)
    {
        var refused = await Should.ThrowAsync<RpcException>(() => Ask(world.People.Add("Strict"), email));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Nobody_subscribes_to_nobody()
    {
        (await Should.ThrowAsync<RpcException>(() => Ask(Guid.CreateVersion7(), FreshEmail()))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(() => Ask(world.People.Add("Imported", unclaimed: true), FreshEmail()))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task A_forged_link_does_nothing()
    {
        var (author, email) = (world.People.Add("Safe"), FreshEmail());
        var manage = await world.SubscribeAsync(author, email);
        for (var i = 0; i < manage.Length; i++)
        {
            var forged = $"{manage[..i]}{(manage[i] == 'A' ? 'B' : 'A')}{manage[(i + 1)..]}";
            // The last character carries bits that mean nothing; what reads as the same is the same.
            if (i == manage.Length - 1) continue;
            (await Should.ThrowAsync<RpcException>(async () => await world.Anonymous.UnsubscribeAsync(new() { Token = forged }, cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.NotFound);
        }
        foreach (var forged in (string[])["", "x", new string('A', manage.Length), manage + "A"])
            (await Should.ThrowAsync<RpcException>(async () => await world.Anonymous.UnsubscribeAsync(new() { Token = forged }, cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.NotFound);

        (await LinkAsync(manage)).State.ShouldBe(NewsletterLink.Types.State.Active);
    }

    [Fact]
    public async Task The_link_of_a_newsletter_cannot_confirm_and_that_of_a_confirmation_cannot_subscribe_again()
    {
        var (author, email) = (world.People.Add("Apart"), FreshEmail());
        await Ask(author, email);
        var confirm = MailWorld.TokenIn(await world.Mail.WaitForAsync(email, "Confirm"));

        (await Should.ThrowAsync<RpcException>(async () => await world.Anonymous.ResubscribeAsync(new() { Token = confirm }, cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.NotFound);
        var manage = (await world.Anonymous.ConfirmSubscriptionAsync(new() { Token = confirm }, cancellationToken: Cancel)).ManageToken;
        (await Should.ThrowAsync<RpcException>(async () => await world.Anonymous.ConfirmSubscriptionAsync(new() { Token = manage }, cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task One_link_ends_every_newsletter_of_the_address_when_that_is_asked_for()
    {
        var (one, other, email) = (world.People.Add("One"), world.People.Add("Other"), FreshEmail());
        var (first, second) = (await world.SubscribeAsync(one, email), await SubscribedAsync(other, email));

        await world.Anonymous.UnsubscribeAsync(new() { Token = first, Everything = true }, cancellationToken: Cancel);

        (await LinkAsync(second)).State.ShouldBe(NewsletterLink.Types.State.Ended);
    }

    async Task<string> SubscribedAsync(Guid author, string email)
    {
        await Ask(author, email);
        var mail = await world.Mail.WaitForAsync(email, "Confirm: stories by Other");
        return (await world.Anonymous.ConfirmSubscriptionAsync(new() { Token = MailWorld.TokenIn(mail) }, cancellationToken: Cancel)).ManageToken;
    }

    [Fact]
    public async Task An_address_that_bounces_is_not_written_to_again_until_its_owner_confirms_anew()
    {
        var (author, email, other) = (world.People.Add("Bouncing"), FreshEmail(), FreshEmail());
        await world.SubscribeAsync(author, email);
        await world.SubscribeAsync(author, other);
        var refused = 0;
        world.Mail.Recipient = to => to == email && Interlocked.Increment(ref refused) > 0 ? "550 5.1.1 nobody of that name" : null;
        try
        {
            var first = world.Stories.Add(author, "Into the void");
            await world.PublishAsync(first);
            await DoneAsync(first);
            var second = world.Stories.Add(author, "Not even tried");
            await world.PublishAsync(second);
            await DoneAsync(second);
        }
        finally
        {
            world.Mail.Recipient = _ => null;
        }
        refused.ShouldBe(1);
        MailsTo(other, "Not even tried").ShouldBe(1);

        await Ask(author, email);
        await world.Mail.WaitForAsync(email, "already");
        var back = world.People.Add("Back again");
        await Ask(back, email);
        await world.Anonymous.ConfirmSubscriptionAsync(new() { Token = MailWorld.TokenIn(await world.Mail.WaitForAsync(email, "Confirm: stories by Back again")) }, cancellationToken: Cancel);
        var third = world.Stories.Add(author, "Read again");
        await world.PublishAsync(third);
        await world.Mail.WaitForAsync(email, "Read again");
    }

    [Fact]
    public async Task Authors_take_their_subscribers_along_and_nobody_elses()
    {
        var (author, stranger) = (world.People.Add("Owner"), world.People.Add("Stranger"));
        var emails = new[] { FreshEmail(), FreshEmail(), FreshEmail() };
        foreach (var email in emails) await world.SubscribeAsync(author, email);

        var first = await world.As(author).ListSubscribersAsync(new() { PageSize = 2 }, cancellationToken: Cancel);
        var second = await world.As(author).ListSubscribersAsync(new() { PageSize = 2, PageToken = first.NextPageToken }, cancellationToken: Cancel);

        first.Subscribers.Concat(second.Subscribers).Select(s => s.Email).ShouldBe(emails);
        second.NextPageToken.ShouldBeEmpty();
        (await world.As(stranger).ListSubscribersAsync(new(), cancellationToken: Cancel)).Subscribers.ShouldBeEmpty();
        (await Should.ThrowAsync<RpcException>(async () => await world.Anonymous.ListSubscribersAsync(new(), cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }
}
