using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.V1;
using Google.Rpc;
using Grpc.Core;

namespace Blog.Users.Tests;

public sealed class RelationsServiceTests(UsersFixture users) : IClassFixture<UsersFixture>
{
    static async Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);

    static string[] FieldsOf(RpcException problem) => [.. problem.Detail<BadRequest>()!.FieldViolations.Select(violation => violation.Field)];

    static Target PersonOf(Profile person) => new() { Kind = FollowTarget.Person, Id = person.Id };

    static Target TopicOf(string slug) => new() { Kind = FollowTarget.Topic, Id = slug };

    async Task<Relation> FollowAsync(Profile follower, Target target) => (await users.RelationsOf(follower).FollowAsync(new() { Target = target })).Relation;

    async Task<Relation> StandingAsync(Profile person, Target target) => (await users.RelationsOf(person).BatchGetRelationsAsync(new() { Targets = { target } })).Relations[0];

    async Task<FollowCounts> CountsAsync(Profile person) => (await users.Public.BatchGetFollowCountsAsync(new() { Targets = { PersonOf(person) } })).Counts[0];

    async Task<string[]> FollowersAsync(Profile person, Profile? viewer = null) =>
        [.. (await (viewer is null ? users.Public : users.RelationsOf(viewer)).ListFollowersAsync(new() { Target = PersonOf(person) })).Followers.Select(f => f.Profile.Id)];

    async Task<string[]> FollowingAsync(Profile person, FollowTarget kind, Profile? viewer = null) =>
        [.. (await (viewer is null ? users.Public : users.RelationsOf(viewer)).ListFollowingAsync(new() { PersonId = person.Id, Kind = kind })).Followed.Select(f => f.Target.Id)];

    [Fact]
    public async Task Somebody_reaches_another_unless_a_block_is_between_them_or_there_is_no_account()
    {
        var (ada, bo) = (await users.SomeoneAsync(), await users.SomeoneAsync());
        var unclaimed = (await users.Service.CreateProfileAsync(new() { Id = Guid.CreateVersion7().ToString(), Handle = UsersFixture.FreshHandle(), Name = "Nobody yet", Unclaimed = true })).Profile;
        async Task<bool> Reaches(string one, string other) => (await users.RelationsForServices.CanReachAsync(new() { PersonId = one, OtherId = other })).Reachable;

        (await Reaches(ada.Id, bo.Id)).ShouldBeTrue();
        (await Reaches(ada.Id, unclaimed.Id)).ShouldBeFalse();
        (await Reaches(ada.Id, Guid.CreateVersion7().ToString())).ShouldBeFalse();
        await users.RelationsOf(bo).BlockAsync(new() { PersonId = ada.Id });
        (await Reaches(ada.Id, bo.Id), await Reaches(bo.Id, ada.Id)).ShouldBe((false, false));
        (await FailureOf(users.RelationsOf(ada).CanReachAsync(new() { PersonId = ada.Id, OtherId = bo.Id }))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task A_person_is_followed_and_unfollowed_and_both_are_told_once()
    {
        var (ada, bo) = (await users.SomeoneAsync(), await users.SomeoneAsync());

        var followed = await FollowAsync(ada, PersonOf(bo));
        (followed.Following, followed.FollowerCount).ShouldBe((true, 1));
        await FollowAsync(ada, PersonOf(bo));
        (await FollowersAsync(bo)).ShouldBe([ada.Id]);
        (await FollowingAsync(ada, FollowTarget.Person)).ShouldBe([bo.Id]);
        (await CountsAsync(ada)).FollowingPeople.ShouldBe(1);

        var ended = (await users.RelationsOf(ada).UnfollowAsync(new() { Target = PersonOf(bo) })).Relation;
        (ended.Following, ended.FollowerCount).ShouldBe((false, 0));
        await users.RelationsOf(ada).UnfollowAsync(new() { Target = PersonOf(bo) });
        (await FollowersAsync(bo)).ShouldBeEmpty();
        (await CountsAsync(ada)).FollowingPeople.ShouldBe(0);

        (await users.FollowsOfAsync(ada)).ShouldBe([
            new FollowChanged { FollowerId = ada.Id, Target = FollowTarget.Person, TargetId = bo.Id, Following = true },
            new FollowChanged { FollowerId = ada.Id, Target = FollowTarget.Person, TargetId = bo.Id, Following = false },
        ]);
    }

    [Fact]
    public async Task Topics_are_followed_by_slug_in_any_script()
    {
        var ada = await users.SomeoneAsync();
        foreach (var slug in (string[])["rust", "c-sharp", "программирование", "データ"])
            (await FollowAsync(ada, TopicOf(slug))).Following.ShouldBeTrue();

        (await FollowingAsync(ada, FollowTarget.Topic)).ShouldBe(["データ", "программирование", "c-sharp", "rust"]);
        (await FollowingAsync(ada, FollowTarget.Person)).ShouldBeEmpty();
        var counts = await CountsAsync(ada);
        (counts.FollowingTopics, counts.FollowingPeople).ShouldBe((4, 0));
        (await StandingAsync(ada, TopicOf("rust"))).Following.ShouldBeTrue();
        (await StandingAsync(ada, TopicOf("rus"))).Following.ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("Rust")]
    [InlineData("rust/wasm")]
    [InlineData("-rust")]
    [InlineData("rust--wasm")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    public async Task A_topic_in_another_form_is_refused(string slug)
    {
        var problem = await FailureOf(users.RelationsOf(await users.SomeoneAsync()).FollowAsync(new() { Target = TopicOf(slug) }));
        problem.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        FieldsOf(problem).ShouldBe(["target.id"]);
    }

    [Fact]
    public async Task Nobody_follows_mutes_or_blocks_themselves()
    {
        var ada = await users.SomeoneAsync();
        var own = users.RelationsOf(ada);

        var follow = await FailureOf(own.FollowAsync(new() { Target = PersonOf(ada) }));
        (follow.StatusCode, FieldsOf(follow)[0]).ShouldBe((StatusCode.InvalidArgument, "target.id"));
        var mute = await FailureOf(own.MuteAsync(new() { PersonId = ada.Id }));
        (mute.StatusCode, FieldsOf(mute)[0]).ShouldBe((StatusCode.InvalidArgument, "person_id"));
        var block = await FailureOf(own.BlockAsync(new() { PersonId = ada.Id.ToUpperInvariant() }));
        (block.StatusCode, FieldsOf(block)[0]).ShouldBe((StatusCode.InvalidArgument, "person_id"));
    }

    [Fact]
    public async Task What_does_not_exist_cannot_be_followed()
    {
        var own = users.RelationsOf(await users.SomeoneAsync());
        var id = Guid.CreateVersion7().ToString();

        (await FailureOf(own.FollowAsync(new() { Target = new() { Kind = FollowTarget.Person, Id = id } }))).StatusCode.ShouldBe(StatusCode.NotFound);
        // Whether there is such a publication is for Content to say.
        (await own.FollowAsync(new() { Target = new() { Kind = FollowTarget.Publication, Id = id } })).Relation.FollowerCount.ShouldBe(1);
        FieldsOf(await FailureOf(own.FollowAsync(new() { Target = new() { Kind = FollowTarget.Publication, Id = "harbour" } }))).ShouldBe(["target.id"]);
        (await FailureOf(own.BlockAsync(new() { PersonId = id }))).StatusCode.ShouldBe(StatusCode.NotFound);
        FieldsOf(await FailureOf(own.FollowAsync(new() { Target = new() { Kind = FollowTarget.Person, Id = "7" } }))).ShouldBe(["target.id"]);
        FieldsOf(await FailureOf(own.FollowAsync(new()))).ShouldBe(["target.kind"]);
    }

    [Fact]
    public async Task An_author_whose_profile_nobody_claimed_can_be_followed()
    {
        var imported = (await users.Service.CreateProfileAsync(new() { Id = Guid.CreateVersion7().ToString(), Handle = UsersFixture.FreshHandle(), Name = "Imported", Unclaimed = true })).Profile;
        (await FollowAsync(await users.SomeoneAsync(), PersonOf(imported))).Following.ShouldBeTrue();
    }

    [Fact]
    public async Task Commands_and_standings_are_for_people_who_signed_in()
    {
        var ada = await users.SomeoneAsync();
        (await FailureOf(users.Public.FollowAsync(new() { Target = PersonOf(ada) }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await FailureOf(users.Public.BlockAsync(new() { PersonId = ada.Id }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await FailureOf(users.Public.BatchGetRelationsAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await FailureOf(users.Public.ListBlockedAsync(new()))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Of_many_follows_of_one_person_at_the_same_moment_one_counts()
    {
        var (ada, bo) = (await users.SomeoneAsync(), await users.SomeoneAsync());

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => FollowAsync(ada, PersonOf(bo))));

        (await CountsAsync(bo)).Followers.ShouldBe(1);
        (await CountsAsync(ada)).FollowingPeople.ShouldBe(1);
        (await users.FollowsOfAsync(ada)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Many_who_follow_one_person_at_the_same_moment_are_all_counted()
    {
        var star = await users.SomeoneAsync();
        var fans = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => users.SomeoneAsync()));

        await Task.WhenAll(fans.Select(fan => FollowAsync(fan, PersonOf(star))));
        (await CountsAsync(star)).Followers.ShouldBe(40);
        await Task.WhenAll(fans.Take(15).Select(fan => users.RelationsOf(fan).UnfollowAsync(new() { Target = PersonOf(star) }).ResponseAsync));
        (await CountsAsync(star)).Followers.ShouldBe(25);
    }

    [Fact]
    public async Task Blocking_ends_follows_in_both_directions_and_each_is_told()
    {
        var (ada, bo, cy) = (await users.SomeoneAsync(), await users.SomeoneAsync(), await users.SomeoneAsync());
        await FollowAsync(ada, PersonOf(bo));
        await FollowAsync(bo, PersonOf(ada));
        await FollowAsync(bo, PersonOf(cy));

        var relation = (await users.RelationsOf(ada).BlockAsync(new() { PersonId = bo.Id })).Relation;
        await users.RelationsOf(ada).BlockAsync(new() { PersonId = bo.Id });

        (relation.Blocked, relation.Following, relation.FollowerCount).ShouldBe((true, false, 0));
        (await StandingAsync(bo, PersonOf(ada))).ShouldBe(new Relation { Target = PersonOf(ada) });
        (await FollowingAsync(bo, FollowTarget.Person)).ShouldBe([cy.Id]);
        (await CountsAsync(bo)).FollowingPeople.ShouldBe(1);
        (await users.FollowsOfAsync(ada)).Select(e => (e.TargetId, e.Following)).ShouldBe([(bo.Id, true), (bo.Id, false)]);
        (await users.FollowsOfAsync(bo)).Select(e => (e.TargetId, e.Following)).ShouldBe([(ada.Id, true), (cy.Id, true), (ada.Id, false)]);
        (await users.DecisionsOfAsync(ada)).ShouldBe([new RelationChanged { PersonId = ada.Id, OtherId = bo.Id, Blocked = true }]);
        (await users.DecisionsOfAsync(bo)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Blocked_people_cannot_follow_each_other_and_are_told_the_same_as_of_a_stranger()
    {
        var (ada, bo) = (await users.SomeoneAsync(), await users.SomeoneAsync());
        await users.RelationsOf(ada).BlockAsync(new() { PersonId = bo.Id });
        var stranger = await FailureOf(users.RelationsOf(bo).FollowAsync(new() { Target = new() { Kind = FollowTarget.Person, Id = Guid.CreateVersion7().ToString() } }));

        var blocked = await FailureOf(users.RelationsOf(bo).FollowAsync(new() { Target = PersonOf(ada) }));
        var blocker = await FailureOf(users.RelationsOf(ada).FollowAsync(new() { Target = PersonOf(bo) }));

        foreach (var refusal in (RpcException[])[blocked, blocker])
            (refusal.StatusCode, refusal.Status.Detail, refusal.Reason()).ShouldBe((StatusCode.NotFound, stranger.Status.Detail, stranger.Reason()));
        await users.RelationsOf(ada).UnblockAsync(new() { PersonId = bo.Id });
        (await FollowAsync(bo, PersonOf(ada))).Following.ShouldBeTrue();
    }

    [Fact]
    public async Task A_block_and_a_follow_at_the_same_moment_leave_no_follow()
    {
        for (var round = 0; round < 12; round++)
        {
            var (ada, bo) = (await users.SomeoneAsync(), await users.SomeoneAsync());
            var follow = Task.Run(async () =>
            {
                try
                {
                    await FollowAsync(bo, PersonOf(ada));
                }
                catch (RpcException refusal) when (refusal.StatusCode == StatusCode.NotFound)
                {
                    // The block was first.
                }
            }, TestContext.Current.CancellationToken);
            await Task.WhenAll(follow, users.RelationsOf(ada).BlockAsync(new() { PersonId = bo.Id }).ResponseAsync, users.RelationsOf(bo).BlockAsync(new() { PersonId = ada.Id }).ResponseAsync);

            (await FollowersAsync(ada)).ShouldBeEmpty();
            (await CountsAsync(ada)).Followers.ShouldBe(0);
            (await CountsAsync(bo)).FollowingPeople.ShouldBe(0);
            var told = (await users.FollowsOfAsync(bo)).Select(e => e.Following).ToArray();
            (told is [] or [true, false]).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Muting_leaves_follows_alone_and_is_told_once_each_way()
    {
        var (ada, bo) = (await users.SomeoneAsync(), await users.SomeoneAsync());
        await FollowAsync(ada, PersonOf(bo));

        await users.RelationsOf(ada).MuteAsync(new() { PersonId = bo.Id });
        await users.RelationsOf(ada).MuteAsync(new() { PersonId = bo.Id });
        var muted = await StandingAsync(ada, PersonOf(bo));
        (muted.Following, muted.Muted, muted.Blocked).ShouldBe((true, true, false));

        await users.RelationsOf(ada).BlockAsync(new() { PersonId = bo.Id });
        await users.RelationsOf(ada).UnmuteAsync(new() { PersonId = bo.Id });
        await users.RelationsOf(ada).UnblockAsync(new() { PersonId = bo.Id });
        await users.RelationsOf(ada).UnblockAsync(new() { PersonId = bo.Id });

        (await users.DecisionsOfAsync(ada)).Select(e => (e.Muted, e.Blocked)).ShouldBe([(true, false), (true, true), (false, true), (false, false)]);
    }

    [Fact]
    public async Task Ones_own_lists_of_muted_and_blocked_people_are_paged_newest_first()
    {
        var ada = await users.SomeoneAsync();
        var others = new List<Profile>();
        for (var i = 0; i < 5; i++) others.Add(await users.SomeoneAsync());
        foreach (var other in others)
        {
            await users.RelationsOf(ada).MuteAsync(new() { PersonId = other.Id });
            await users.RelationsOf(ada).BlockAsync(new() { PersonId = other.Id });
        }
        await users.RelationsOf(ada).UnmuteAsync(new() { PersonId = others[4].Id });

        var first = await users.RelationsOf(ada).ListMutedAsync(new() { PageSize = 3 });
        var second = await users.RelationsOf(ada).ListMutedAsync(new() { PageSize = 3, PageToken = first.NextPageToken });
        var blocked = await users.RelationsOf(ada).ListBlockedAsync(new());

        first.People.Concat(second.People).Select(p => p.Profile.Id).ShouldBe([others[3].Id, others[2].Id, others[1].Id, others[0].Id]);
        second.NextPageToken.ShouldBeEmpty();
        blocked.People.Select(p => p.Profile.Id).ShouldBe([others[4].Id, others[3].Id, others[2].Id, others[1].Id, others[0].Id]);
        (await users.RelationsOf(others[0]).ListBlockedAsync(new())).People.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lists_show_nobody_whom_a_block_keeps_apart_from_the_viewer()
    {
        var (star, ada, bo, cy) = (await users.SomeoneAsync(), await users.SomeoneAsync(), await users.SomeoneAsync(), await users.SomeoneAsync());
        foreach (var fan in (Profile[])[ada, bo, cy])
        {
            await FollowAsync(fan, PersonOf(star));
            await FollowAsync(star, PersonOf(fan));
        }
        await users.RelationsOf(ada).BlockAsync(new() { PersonId = bo.Id });
        await users.RelationsOf(ada).MuteAsync(new() { PersonId = cy.Id });

        (await FollowersAsync(star)).ShouldBe([cy.Id, bo.Id, ada.Id]);
        (await FollowersAsync(star, viewer: ada)).ShouldBe([cy.Id, ada.Id]);
        (await FollowersAsync(star, viewer: bo)).ShouldBe([cy.Id, bo.Id]);
        (await FollowingAsync(star, FollowTarget.Person, viewer: ada)).ShouldBe([cy.Id, ada.Id]);
        (await FollowingAsync(star, FollowTarget.Person)).ShouldBe([cy.Id, bo.Id, ada.Id]);
    }

    [Fact]
    public async Task Paging_through_followers_neither_repeats_nor_skips_while_new_ones_come()
    {
        var star = await users.SomeoneAsync();
        await users.SqlAsync(
            """
            with fans as (
                insert into profiles (id, handle, name, create_time, revision)
                select gen_random_uuid(), 'fan' || n || '-' || left($1, 8), 'Fan ' || n, now(), 1 from generate_series(1, 2000) n returning id)
            insert into follows (follower_id, kind, target_id, id, follow_time)
            select id, 1, $1, gen_random_uuid(), timestamptz '2026-01-01' + (row_number() over () / 7) * interval '1 second' from fans
            """, star.Id);

        var (seen, token) = (new List<string>(), "");
        do
        {
            var page = await users.Public.ListFollowersAsync(new() { Target = PersonOf(star), PageSize = 100, PageToken = token });
            seen.AddRange(page.Followers.Select(f => f.Profile.Id));
            token = page.NextPageToken;
            await FollowAsync(await users.SomeoneAsync(), PersonOf(star));
        }
        while (token.Length > 0);

        seen.Count.ShouldBe(2000);
        seen.Distinct().Count().ShouldBe(2000);
    }

    [Fact]
    public async Task Standings_come_in_the_order_asked_and_at_most_100_at_a_time()
    {
        var (ada, bo) = (await users.SomeoneAsync(), await users.SomeoneAsync());
        await FollowAsync(ada, TopicOf("rust"));
        await users.RelationsOf(ada).MuteAsync(new() { PersonId = bo.Id });

        var asked = new[] { TopicOf("wasm"), PersonOf(bo), TopicOf("rust"), PersonOf(ada), TopicOf("rust") };
        var answer = await users.RelationsOf(ada).BatchGetRelationsAsync(new() { Targets = { asked } });
        answer.Relations.Select(r => r.Target).ShouldBe(asked);
        answer.Relations.Select(r => (r.Following, r.Muted)).ShouldBe([(false, false), (false, true), (true, false), (false, false), (true, false)]);

        var problem = await FailureOf(users.RelationsOf(ada).BatchGetRelationsAsync(new() { Targets = { Enumerable.Repeat(PersonOf(bo), 101) } }));
        FieldsOf(problem).ShouldBe(["targets"]);
    }

    [Fact]
    public async Task Whoever_follows_too_many_at_once_is_told_when_to_go_on_and_repetitions_cost_nothing()
    {
        var ada = await users.SomeoneAsync();
        RpcException? refusal = null;
        var begun = 0;
        for (; refusal is null && begun < 40; begun++)
        {
            try
            {
                await FollowAsync(ada, TopicOf($"topic-{begun}"));
                await FollowAsync(ada, TopicOf("topic-0"));
            }
            catch (RpcException problem)
            {
                refusal = problem;
            }
        }
        refusal.ShouldNotBeNull();
        (refusal.StatusCode, refusal.Reason()).ShouldBe((StatusCode.ResourceExhausted, "FOLLOWS_TOO_FAST"));
        refusal.Detail<RetryInfo>()!.RetryDelay.ToTimeSpan().ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromSeconds(2));
        begun.ShouldBeGreaterThanOrEqualTo(30);
        (await StandingAsync(ada, TopicOf("topic-0"))).Following.ShouldBeTrue();
    }

    [Fact]
    public async Task A_deleted_profile_takes_its_follows_and_blocks_along_and_tells_of_each()
    {
        var (gone, ada, bo) = (await users.SomeoneAsync(), await users.SomeoneAsync(), await users.SomeoneAsync());
        await FollowAsync(gone, PersonOf(ada));
        await FollowAsync(gone, TopicOf("rust"));
        await FollowAsync(ada, PersonOf(gone));
        await users.RelationsOf(bo).BlockAsync(new() { PersonId = gone.Id });
        await users.RelationsOf(gone).MuteAsync(new() { PersonId = ada.Id });

        await users.Service.DeleteProfileAsync(new() { Id = gone.Id });

        (await FollowersAsync(ada)).ShouldBeEmpty();
        (await CountsAsync(ada)).ShouldBe(new FollowCounts { Target = PersonOf(ada) });
        (await users.RelationsOf(bo).ListBlockedAsync(new())).People.ShouldBeEmpty();
        (await users.FollowsOfAsync(gone)).Count(e => !e.Following).ShouldBe(2);
        (await users.FollowsOfAsync(ada))[^1].ShouldBe(new FollowChanged { FollowerId = ada.Id, Target = FollowTarget.Person, TargetId = gone.Id, Following = false });
        (await users.DecisionsOfAsync(bo))[^1].ShouldBe(new RelationChanged { PersonId = bo.Id, OtherId = gone.Id });
        (await FailureOf(users.RelationsOf(ada).FollowAsync(new() { Target = PersonOf(gone) }))).StatusCode.ShouldBe(StatusCode.NotFound);
    }
}
