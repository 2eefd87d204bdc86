using Blog.Notifications.Mail;

namespace Blog.Notifications.Tests.Mail;

/// <summary>Delivery status notifications, as mail servers send them.</summary>
public sealed class BounceTests
{
    static string Notification(string action, string status, string messageId = "<019a.1@blog.localhost>") =>
        $"""
        From: MAILER-DAEMON@mx.example.org
        Subject: Undelivered Mail Returned to Sender
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        I am sorry.

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.org
        Arrival-Date: Sun, 22 Nov 2026 08:30:00 +0000

        Final-Recipient: rfc822; Gone@example.org
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550 5.1.1
            no such user

        --b
        Content-Type: text/rfc822-headers

        Message-ID: {messageId}
        Subject: A story

        --b--

        """;

    [Fact]
    public void An_address_that_does_not_exist_is_dead() => Bounces.DeadIn(Notification("failed", "5.1.1"), "blog.localhost").ShouldBe([("Gone@example.org", "5.1.1")]);

    [Theory, InlineData("delayed", "4.4.1"), InlineData("failed", "5.2.2"), InlineData("failed", "5.7.1"), InlineData("delivered", "2.0.0")]
    public void One_that_is_late_full_or_refused_by_policy_is_not(string action, string status) => Bounces.DeadIn(Notification(action, status), "blog.localhost").ShouldBeEmpty();

    [Fact]
    public void What_answers_no_message_of_ours_says_nothing() => Bounces.DeadIn(Notification("failed", "5.1.1", "<1@elsewhere.example>"), "blog.localhost").ShouldBeEmpty();
}
