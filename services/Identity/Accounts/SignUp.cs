using Blog.Identity.Data;
using Blog.Identity.Mail;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Mail;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Identity.Accounts;

sealed record SignUpRequest(string Email, string Password, string Handle, string Name, string? ReturnUrl);

sealed record FieldError(string Field, string Message);

/// <summary>
/// A new account and its profile, which lives in Users, under one id. The profile comes first because only Users can say whether the
/// handle is free; if no account comes of it, it is taken back. An address that has an account already gets another
/// message by mail but the same answer on the page, after the same work: the form tells nobody who is registered.
/// </summary>
sealed partial class SignUp(UserManager<Account> accounts, AccountsDbContext db, Users.V1.Users.UsersClient users, AccountMail mail, MailLimit limit, TimeProvider time, ILogger<SignUp> log)
{
    /// <summary>What is wrong, by field; none: a message is on its way.</summary>
    public async Task<IReadOnlyList<FieldError>> RunAsync(SignUpRequest request, CancellationToken cancel)
    {
        if (Problems(request) is { Count: > 0 } problems)
            return problems;

        var id = Guid.CreateVersion7(time.GetUtcNow());
        try
        {
            await users.CreateProfileAsync(new() { Id = id.ToString(), Handle = request.Handle, Name = request.Name }, cancellationToken: cancel);
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.InvalidArgument or StatusCode.AlreadyExists)
        {
            return [.. refusal.Detail<BadRequest>()?.FieldViolations.Select(violation => new FieldError(violation.Field, violation.Description))
                ?? [new FieldError("handle", refusal.Status.Detail)]];
        }

        var created = false;
        try
        {
            created = await CreateAccountAsync(id, request, cancel);
        }
        finally
        {
            if (!created)
                await TakeBackProfileAsync(id);
        }
        if (await limit.TryTakeAsync(request.Email, cancel) && !created)
        {
            mail.AddAlreadyRegistered(request.Email);
            await db.SaveChangesAsync(cancel);
        }
        mail.WakeRelay();
        return [];
    }

    /// <summary>What can be said without asking anyone.</summary>
    internal static IReadOnlyList<FieldError> Problems(SignUpRequest request)
    {
        (string Field, string? Problem)[] checks =
        [
            ("email", EmailAddress.Problem(request.Email)),
            ("password", PasswordRules.Problem(request.Password, request.Email)),
            ("name", request.Name == "" ? "Enter your name, as readers should see it." : null),
            ("handle", request.Handle == "" ? "Choose a handle: it becomes the address of your page." : null),
        ];
        return [.. checks.Where(check => check.Problem is not null).Select(check => new FieldError(check.Field, check.Problem!))];
    }

    /// <summary>Account, roles and the message in one transaction; false when the address has an account.</summary>
    async Task<bool> CreateAccountAsync(Guid id, SignUpRequest request, CancellationToken cancel)
    {
        try
        {
            return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                db.ChangeTracker.Clear();
                await using var transaction = await db.Database.BeginTransactionAsync(cancel);
                var account = new Account { Id = id, UserName = request.Email, Email = request.Email, CreateTime = time.GetUtcNow() };
                var result = await accounts.CreateAsync(account, request.Password);
                if (result.Errors.Any(error => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName)))
                {
                    accounts.PasswordHasher.HashPassword(account, request.Password);
                    return false;
                }
                Require(result);
                Require(await accounts.AddToRolesAsync(account, Roles.OfNewAccounts));
                await mail.AddConfirmationAsync(account, request.ReturnUrl);
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return true;
            });
        }
        catch (DbUpdateException problem) when (problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // The same address at the same moment, elsewhere.
            db.ChangeTracker.Clear();
            return false;
        }
    }

    static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException("The account was refused: " + string.Join(" ", result.Errors.Select(error => error.Code)));
    }

    // Also when the person has gone away meanwhile: the handle must not stay taken.
    async Task TakeBackProfileAsync(Guid id)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        try
        {
            await users.DeleteProfileAsync(new() { Id = id.ToString() }, cancellationToken: deadline.Token);
        }
        catch (RpcException problem)
        {
            LogLeftProfile(problem, id);
        }
    }

    [LoggerMessage(LogLevel.Error, "Profile {ProfileId} was left without an account")]
    partial void LogLeftProfile(Exception problem, Guid profileId);
}
