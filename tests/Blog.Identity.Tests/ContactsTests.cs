using Blog.Identity.Data;
using Blog.Identity.V1;
using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Identity.Tests;

/// <summary>Addresses are for services alone, and only confirmed ones.</summary>
public sealed class ContactsTests(IdentityFixture identity)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    async Task<Guid> AccountIdAsync(string email)
    {
        await using var scope = identity.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().Users.SingleAsync(account => account.Email == email, Cancel)).Id;
    }

    [Fact]
    public async Task A_service_learns_confirmed_addresses_and_no_others()
    {
        using var browser = identity.OpenBrowser();
        var unconfirmed = IdentityFixture.FreshEmail();
        await identity.SignUpAsync(browser, unconfirmed);
        var confirmed = await identity.ConfirmedAccountAsync();
        var id = await AccountIdAsync(confirmed);
        var contacts = identity.Contacts(await identity.Services.GetRequiredService<ServiceTokens>().GetAsync(Cancel));

        var answer = await contacts.BatchGetContactsAsync(
            new() { AccountIds = { id.ToString(), (await AccountIdAsync(unconfirmed)).ToString(), Guid.CreateVersion7().ToString() } }, cancellationToken: Cancel);

        answer.Contacts.ShouldHaveSingleItem().ShouldBe(new Contact { AccountId = id.ToString(), Email = confirmed });
    }

    [Fact]
    public async Task Nobody_else_learns_an_address()
    {
        var request = new BatchGetContactsRequest { AccountIds = { Guid.CreateVersion7().ToString() } };

        (await Should.ThrowAsync<RpcException>(async () => await identity.Contacts(null).BatchGetContactsAsync(request, cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await Should.ThrowAsync<RpcException>(async () => await identity.Contacts("no.token.atall").BatchGetContactsAsync(request, cancellationToken: Cancel))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }
}
