using Blog.Identity.Data;
using Blog.Identity.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Identity.Accounts;

/// <summary>blog.identity.v1.Contacts. The pages of this service know people by cookie; this knows services by their tokens.</summary>
[Authorize(Policies.Service, AuthenticationSchemes = JwtBearerDefaults.AuthenticationScheme)]
sealed class ContactsService(AccountsDbContext db) : Contacts.ContactsBase
{
    const int MaxIds = 200;

    public override async Task<BatchGetContactsResponse> BatchGetContacts(BatchGetContactsRequest request, ServerCallContext context)
    {
        if (request.AccountIds.Count > MaxIds) throw RpcErrors.InvalidArgument(("account_ids", $"Ask for up to {MaxIds} accounts at once."));
        var ids = request.AccountIds.Select(id => Guid.TryParse(id, out var parsed) ? parsed : throw RpcErrors.InvalidArgument(("account_ids", $"“{id}” is not an id."))).ToArray();
        var contacts = await db.Users.Where(account => ids.Contains(account.Id) && account.EmailConfirmed && account.Email != null)
            .Select(account => new Contact { AccountId = account.Id.ToString(), Email = account.Email }).ToListAsync(context.CancellationToken);
        return new() { Contacts = { contacts } };
    }
}
