using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Profiles;

partial class ProfilesService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.UpdateProfileResponse> UpdateProfile(V1.UpdateProfileRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var me = context.GetHttpContext().User.PersonId()!.Value;
        var profile = await db.Profiles.SingleOrDefaultAsync(p => p.Id == me, cancel) ?? throw RpcErrors.NotFound("This account has no profile.");

        var former = profile.Handle;
        Apply(profile, request);
        if (profile.Revision != request.ExpectedRevision)
            throw RpcErrors.StaleRevision(ToMessage((await StoredAsync(me, cancel))!));
        if (!db.ChangeTracker.HasChanges())
            return new V1.UpdateProfileResponse { Profile = ToMessage(profile) };

        if (profile.Handle != former)
        {
            var owner = await db.Handles.AsNoTracking().Where(h => h.Handle == profile.Handle).Select(h => (Guid?)h.ProfileId).SingleOrDefaultAsync(cancel);
            if (owner is null)
                db.Add(new TakenHandle { Handle = profile.Handle, ProfileId = me, TakenTime = time.GetUtcNow() });
            else if (owner != me)
                throw HandleTaken(profile.Handle);
        }
        profile.Revision++;
        PublishChange(profile, profile.Handle != former ? former : "");
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw RpcErrors.StaleRevision(ToMessage((await StoredAsync(me, cancel))!));
        }
        catch (DbUpdateException problem) when (IsTaken(problem))
        {
            throw HandleTaken(profile.Handle);
        }
        return new V1.UpdateProfileResponse { Profile = ToMessage(profile) };
    }

    /// <summary>Takes over what the mask names, or INVALID_ARGUMENT with every field that is wrong and nothing taken over.</summary>
    internal static void Apply(Profile profile, V1.UpdateProfileRequest request)
    {
        var violations = new List<(string Field, string Description)>();
        var changes = new List<Action>();
        void Check(string field, string? problem, Action change)
        {
            if (problem is null)
                changes.Add(change);
            else
                violations.Add((field, problem));
        }

        var wish = request.Profile ?? new V1.Profile();
        foreach (var path in request.UpdateMask?.Paths ?? [])
            switch (path)
            {
                case "name":
                    var name = ProfileText.Normalize(wish.Name);
                    Check(path, ProfileText.NameProblem(name), () => profile.Name = name);
                    break;
                case "handle":
                    var handle = Handle.Normalize(wish.Handle);
                    Check(path, Handle.Problem(handle), () => profile.Handle = handle);
                    break;
                case "bio":
                    var bio = ProfileText.Normalize(wish.Bio);
                    Check(path, ProfileText.BioProblem(bio), () => profile.Bio = bio);
                    break;
                case "avatar_media_id":
                    Guid avatar = default;
                    var given = wish.AvatarMediaId != "";
                    Check(path, given && !Guid.TryParseExact(wish.AvatarMediaId, "D", out avatar) ? "An avatar is named by the id of an uploaded picture." : null,
                        () => profile.AvatarMediaId = given ? avatar : null);
                    break;
                case "links":
                    var links = wish.Links.Select(link => new Link(ProfileText.Normalize(link.Label), link.Url.Trim())).ToList();
                    var problem = links.Count > Profile.MaxLinks ? $"Up to {Profile.MaxLinks} links." : links.Select(ProfileText.LinkProblem).FirstOrDefault(p => p is not null);
                    Check(path, problem, () =>
                    {
                        if (!links.SequenceEqual(profile.Links))
                            profile.Links = links;
                    });
                    break;
                default:
                    violations.Add(("update_mask", $"“{path}” cannot be changed."));
                    break;
            }
        if (violations.Count > 0)
            throw RpcErrors.InvalidArgument(violations);
        changes.ForEach(change => change());
    }
}
