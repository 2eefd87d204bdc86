using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.Data;
using Blog.Users.Relations;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Users.Profiles;

/// <summary>blog.users.v1.Users. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class ProfilesService(UsersDbContext db, Follows follows, TimeProvider time) : V1.Users.UsersBase
{
    internal static V1.Profile ToMessage(Profile profile) => new()
    {
        Id = profile.Id.ToString(),
        Handle = profile.Handle,
        Name = profile.Name,
        Bio = profile.Bio,
        AvatarMediaId = profile.AvatarMediaId?.ToString() ?? "",
        Links = { profile.Links.Select(link => new V1.Link { Label = link.Label, Url = link.Url }) },
        CreateTime = Timestamp.FromDateTimeOffset(profile.CreateTime),
        Revision = profile.Revision,
        Unclaimed = profile.Unclaimed,
    };

    void PublishChange(Profile profile, string formerHandle = "") => db.Publish(Topics.Profiles, profile.Id,
        new ProfileChanged { ProfileId = profile.Id.ToString(), Handle = profile.Handle, FormerHandle = formerHandle, Revision = profile.Revision }, time);

    static RpcException HandleTaken(string handle)
    {
        var message = $"“{handle}” belongs to someone else. Choose another handle.";
        return RpcErrors.Create(StatusCode.AlreadyExists, message, "HANDLE_TAKEN",
            new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "handle", Description = message } } });
    }

    static bool IsTaken(DbUpdateException problem) => problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}
