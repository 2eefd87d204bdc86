using System.Security.Cryptography;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.V1;
using Google.Rpc;
using Grpc.Core;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Users.Tests;

public sealed class ProfileServiceTests(UsersFixture users) : IClassFixture<UsersFixture>
{
    static async Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);

    static string[] FieldsOf(RpcException problem) => [.. problem.Detail<BadRequest>()!.FieldViolations.Select(violation => violation.Field)];

    static UpdateProfileRequest Change(Profile seen, Action<Profile> change, params string[] paths)
    {
        var wish = new Profile { Id = seen.Id };
        change(wish);
        return new() { Profile = wish, UpdateMask = new() { Paths = { paths } }, ExpectedRevision = seen.Revision };
    }

    [Fact]
    public async Task A_profile_is_read_by_id_and_by_handle_in_any_case_without_a_token()
    {
        var jun = await users.SomeoneAsync();

        (await users.Anonymous.GetProfileAsync(new() { Id = jun.Id })).Profile.ShouldBe(jun);
        (await users.Anonymous.GetProfileAsync(new() { Handle = jun.Handle.ToUpperInvariant() })).Profile.ShouldBe(jun);
        jun.Revision.ShouldBe(1);
        (await users.EventsOfAsync(jun.Id)).ShouldHaveSingleItem().Handle.ShouldBe(jun.Handle);
    }

    [Theory]
    [InlineData("nobody-of-this-name")]
    [InlineData("x\0y")]
    [InlineData("../../etc/passwd")]
    public async Task An_unknown_handle_is_not_found(string handle) =>
        (await FailureOf(users.Anonymous.GetProfileAsync(new() { Handle = handle }))).StatusCode.ShouldBe(StatusCode.NotFound);

    [Fact]
    public async Task Creating_the_same_id_again_returns_what_is_stored()
    {
        var jun = await users.SomeoneAsync();
        var again = await users.Service.CreateProfileAsync(new() { Id = jun.Id, Handle = UsersFixture.FreshHandle(), Name = "Someone else" });
        again.Profile.ShouldBe(jun);
        (await users.EventsOfAsync(jun.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_taken_handle_is_refused_whatever_its_case()
    {
        var jun = await users.SomeoneAsync();
        var problem = await FailureOf(users.Service.CreateProfileAsync(new() { Id = Guid.CreateVersion7().ToString(), Handle = jun.Handle.ToUpperInvariant(), Name = "B" }));
        problem.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        problem.Reason().ShouldBe("HANDLE_TAKEN");
        FieldsOf(problem).ShouldBe(["handle"]);
    }

    [Fact]
    public async Task Of_two_who_want_one_handle_at_the_same_moment_one_gets_it()
    {
        var handle = UsersFixture.FreshHandle();
        var service = users.Service;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await service.CreateProfileAsync(new() { Id = Guid.CreateVersion7().ToString(), Handle = handle, Name = "B" });
                return "created";
            }
            catch (RpcException problem)
            {
                return problem.Reason();
            }
        }));
        outcomes.Count(outcome => outcome == "created").ShouldBe(1);
        outcomes.Count(outcome => outcome == "HANDLE_TAKEN").ShouldBe(7);
    }

    [Fact]
    public async Task A_service_lists_every_profile_once_page_by_page_and_nobody_else_does()
    {
        var made = new List<string>();
        for (var n = 0; n < 5; n++)
            made.Add((await users.SomeoneAsync()).Id);
        var listed = new List<string>();
        var token = "";
        do
        {
            var page = await users.Service.ListProfilesAsync(new() { PageSize = 2, PageToken = token });
            listed.AddRange(page.Profiles.Select(profile => profile.Id));
            token = page.NextPageToken;
        } while (token.Length > 0);
        listed.ShouldBeUnique();
        made.ShouldBeSubsetOf(listed);
        (await FailureOf(users.As(made[0]).ListProfilesAsync(new()))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Every_wrong_field_of_a_new_profile_is_named()
    {
        var problem = await FailureOf(users.Service.CreateProfileAsync(new() { Id = "7", Handle = "admin", Name = " " }));
        problem.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        FieldsOf(problem).ShouldBe(["id", "handle", "name"]);
    }

    [Fact]
    public async Task Changing_a_profile_changes_what_the_mask_names_and_tells_it()
    {
        var jun = await users.SomeoneAsync();
        var changed = (await users.As(jun.Id).UpdateProfileAsync(Change(jun, wish =>
        {
            wish.Name = "ignored";
            wish.Bio = " Writes about kestrels.\r\nAnd wind. ";
            wish.AvatarMediaId = Guid.CreateVersion7().ToString();
            wish.Links.Add(new Link { Label = "Home", Url = "https://kestrel.example/" });
        }, "bio", "avatar_media_id", "links"))).Profile;

        changed.Name.ShouldBe("Jun Kestrel");
        changed.Bio.ShouldBe("Writes about kestrels.\nAnd wind.");
        changed.Revision.ShouldBe(2);
        (await users.Anonymous.GetProfileAsync(new() { Id = jun.Id })).Profile.ShouldBe(changed);
        (await users.EventsOfAsync(jun.Id)).Select(change => change.Revision).ShouldBe([1, 2]);

        var cleared = (await users.As(jun.Id).UpdateProfileAsync(Change(changed, _ => { }, "bio", "avatar_media_id", "links"))).Profile;
        (cleared.Bio, cleared.AvatarMediaId, cleared.Links.Count).ShouldBe(("", "", 0));
    }

    [Fact]
    public async Task A_change_of_nothing_keeps_the_revision_and_tells_nobody()
    {
        var jun = await users.SomeoneAsync();
        var same = (await users.As(jun.Id).UpdateProfileAsync(Change(jun, wish => wish.Name = jun.Name, "name", "links"))).Profile;
        same.Revision.ShouldBe(1);
        (await users.EventsOfAsync(jun.Id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_change_on_an_old_revision_is_refused_with_the_present_profile()
    {
        var jun = await users.SomeoneAsync();
        var present = (await users.As(jun.Id).UpdateProfileAsync(Change(jun, wish => wish.Name = "June", "name"))).Profile;

        var problem = await FailureOf(users.As(jun.Id).UpdateProfileAsync(Change(jun, wish => wish.Name = "July", "name")));

        problem.StatusCode.ShouldBe(StatusCode.Aborted);
        problem.Reason().ShouldBe("STALE_REVISION");
        problem.Detail<Profile>().ShouldBe(present);
    }

    [Fact]
    public async Task Of_several_changes_of_one_revision_at_the_same_moment_one_is_kept()
    {
        var jun = await users.SomeoneAsync();
        var client = users.As(jun.Id);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await client.UpdateProfileAsync(Change(jun, wish => wish.Name = $"Jun {i}", "name"));
                return "kept";
            }
            catch (RpcException problem)
            {
                return problem.Reason();
            }
        }));
        outcomes.Count(outcome => outcome == "kept").ShouldBe(1);
        outcomes.Count(outcome => outcome == "STALE_REVISION").ShouldBe(7);
    }

    [Fact]
    public async Task A_former_handle_leads_to_its_owner_and_is_never_given_to_someone_else()
    {
        var jun = await users.SomeoneAsync();
        var renamed = (await users.As(jun.Id).UpdateProfileAsync(Change(jun, wish => wish.Handle = UsersFixture.FreshHandle(), "handle"))).Profile;

        (await users.Anonymous.GetProfileAsync(new() { Handle = jun.Handle })).Profile.ShouldBe(renamed);
        (await users.EventsOfAsync(jun.Id))[^1].FormerHandle.ShouldBe(jun.Handle);

        var other = await users.SomeoneAsync();
        (await FailureOf(users.As(other.Id).UpdateProfileAsync(Change(other, wish => wish.Handle = jun.Handle, "handle")))).Reason().ShouldBe("HANDLE_TAKEN");
        (await FailureOf(users.Service.CreateProfileAsync(new() { Id = Guid.CreateVersion7().ToString(), Handle = jun.Handle, Name = "C" }))).Reason().ShouldBe("HANDLE_TAKEN");

        var back = (await users.As(jun.Id).UpdateProfileAsync(Change(renamed, wish => wish.Handle = jun.Handle, "handle"))).Profile;
        back.Handle.ShouldBe(jun.Handle);
    }

    [Fact]
    public async Task Every_wrong_field_of_a_change_is_named_and_nothing_is_changed()
    {
        var jun = await users.SomeoneAsync();
        var problem = await FailureOf(users.As(jun.Id).UpdateProfileAsync(Change(jun, wish =>
        {
            wish.Name = "New name";
            wish.Handle = "settings";
            wish.Bio = new string('b', 301);
            wish.AvatarMediaId = "../secret";
            wish.Links.Add(new Link { Label = "x", Url = "javascript:alert(1)" });
        }, "name", "handle", "bio", "avatar_media_id", "links", "revision")));

        FieldsOf(problem).ShouldBe(["handle", "bio", "avatar_media_id", "links", "update_mask"]);
        (await users.Anonymous.GetProfileAsync(new() { Id = jun.Id })).Profile.ShouldBe(jun);
    }

    [Fact]
    public async Task Deleting_frees_the_handle_and_is_no_error_twice()
    {
        var jun = await users.SomeoneAsync();
        await users.Service.DeleteProfileAsync(new() { Id = jun.Id });
        await users.Service.DeleteProfileAsync(new() { Id = jun.Id });
        (await FailureOf(users.Anonymous.GetProfileAsync(new() { Id = jun.Id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await users.SomeoneAsync(jun.Handle)).Id.ShouldNotBe(jun.Id);
    }

    [Fact]
    public async Task A_batch_leaves_out_unknown_ids_and_holds_200_at_most()
    {
        var (jun, sol) = (await users.SomeoneAsync(), await users.SomeoneAsync());
        var found = await users.Anonymous.BatchGetProfilesAsync(new() { Ids = { jun.Id, Guid.NewGuid().ToString(), "nonsense", sol.Id, jun.Id } });
        found.Profiles.Select(profile => profile.Id).ShouldBe([jun.Id, sol.Id], ignoreOrder: true);

        var tooMany = new BatchGetProfilesRequest { Ids = { Enumerable.Repeat(jun.Id, 201) } };
        (await FailureOf(users.Anonymous.BatchGetProfilesAsync(tooMany))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Changing_without_a_token_is_unauthenticated()
    {
        var jun = await users.SomeoneAsync();
        (await FailureOf(users.Anonymous.UpdateProfileAsync(Change(jun, wish => wish.Name = "X", "name")))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await FailureOf(users.Anonymous.DeleteProfileAsync(new() { Id = jun.Id }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await FailureOf(users.Anonymous.CreateProfileAsync(new() { Id = jun.Id }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    public static TheoryData<string> ForeignTokens => ["issuer", "audience", "expired", "key", "type", "garbage"];

    [Theory]
    [MemberData(nameof(ForeignTokens))]
    public async Task A_foreign_token_is_unauthenticated(string wrong)
    {
        var jun = await users.SomeoneAsync();
        var claims = new Dictionary<string, object> { ["sub"] = jun.Id, ["scope"] = "blog.api" };
        using var rsa = RSA.Create(2048);
        var token = wrong switch
        {
            "issuer" => users.Issuer.Token(claims, issuer: "http://elsewhere.test"),
            "audience" => users.Issuer.Token(claims, audience: "other"),
            "expired" => users.Issuer.Token(claims, lifetime: TimeSpan.FromMinutes(-5)),
            "key" => users.Issuer.Token(claims, key: new RsaSecurityKey(rsa) { KeyId = "test" }),
            "type" => users.Issuer.Token(claims, type: "JWT"),
            _ => "abc.def.ghi",
        };
        (await FailureOf(users.With(token).UpdateProfileAsync(Change(jun, wish => wish.Name = "X", "name")))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        await users.With(users.Issuer.Token(claims)).UpdateProfileAsync(Change(jun, wish => wish.Name = "X", "name"));
    }

    [Fact]
    public async Task A_token_that_was_accepted_is_refused_when_its_time_is_over()
    {
        var jun = await users.SomeoneAsync();
        // Clocks may differ by 30 seconds, so this one is good for two more.
        var client = users.With(users.Issuer.Token(new() { ["sub"] = jun.Id, ["scope"] = "blog.api" }, lifetime: TimeSpan.FromSeconds(-28)));
        jun = (await client.UpdateProfileAsync(Change(jun, wish => wish.Name = "Jun", "name"))).Profile;

        var deadline = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(20))
            try
            {
                jun = (await client.UpdateProfileAsync(Change(jun, wish => wish.Name = "Jun", "name"))).Profile;
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
            catch (RpcException refused)
            {
                refused.StatusCode.ShouldBe(StatusCode.Unauthenticated);
                return;
            }
        Assert.Fail("The token is accepted although its time is over.");
    }

    [Fact]
    public async Task A_person_may_not_do_what_is_for_services_nor_a_service_what_is_for_people()
    {
        var jun = await users.SomeoneAsync();
        (await FailureOf(users.As(jun.Id).DeleteProfileAsync(new() { Id = jun.Id }))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await FailureOf(users.As(jun.Id).CreateProfileAsync(new() { Id = jun.Id, Handle = "x", Name = "x" }))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
        (await FailureOf(users.Service.UpdateProfileAsync(Change(jun, wish => wish.Name = "X", "name")))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task A_profile_of_someone_else_is_out_of_reach()
    {
        var (jun, sol) = (await users.SomeoneAsync(), await users.SomeoneAsync());
        var changed = (await users.As(sol.Id).UpdateProfileAsync(Change(jun, wish => wish.Name = "Sol", "name"))).Profile;
        changed.Id.ShouldBe(sol.Id);
        (await users.Anonymous.GetProfileAsync(new() { Id = jun.Id })).Profile.ShouldBe(jun);
    }
}
