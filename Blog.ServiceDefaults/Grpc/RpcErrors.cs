using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using GrpcStatus = Grpc.Core.Status;
using RichStatus = Google.Rpc.Status;

namespace Blog.ServiceDefaults.Grpc;

/// <summary>
/// The one error model: a gRPC status whose <c>grpc-status-details-bin</c> trailer carries a <c>google.rpc.Status</c> with an
/// <see cref="ErrorInfo"/> (a stable reason) and, where they apply, field violations or the present state of the thing (AIP-193).
/// </summary>
public static class RpcErrors
{
    /// <summary>The domain of every reason of this platform.</summary>
    public const string Domain = "blog";

    const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>The request is wrong; each violation names the field (as in the proto, snake_case) and says what to do, for a person.</summary>
    public static RpcException InvalidArgument(params IReadOnlyList<(string Field, string Description)> violations)
    {
        var bad = new BadRequest();
        foreach (var (field, description) in violations)
            bad.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });
        return Create(StatusCode.InvalidArgument, string.Join(" ", violations.Select(v => v.Description)), "INVALID_FIELDS", bad);
    }

    /// <summary>There is no such thing, or the caller may not know of it.</summary>
    public static RpcException NotFound(string message) => Create(StatusCode.NotFound, message, "NOT_FOUND");

    /// <summary>The caller worked on an older revision; <paramref name="current"/> is what is stored now.</summary>
    public static RpcException StaleRevision(IMessage current) =>
        Create(StatusCode.Aborted, "It was changed elsewhere since you opened it. Nothing was overwritten.", "STALE_REVISION", current);

    /// <summary>A status with a stable reason and further details.</summary>
    public static RpcException Create(StatusCode code, string message, string reason, params IReadOnlyList<IMessage> details)
    {
        var rich = new RichStatus { Code = (int)code, Message = message };
        rich.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = Domain }));
        rich.Details.AddRange(details.Select(detail => Any.Pack(detail)));
        return new RpcException(new GrpcStatus(code, message), new Metadata { { DetailsTrailer, rich.ToByteArray() } });
    }

    /// <summary>The details of a failed call; null when the other side sent none.</summary>
    public static RichStatus? Details(this RpcException exception) =>
        exception.Trailers.GetValueBytes(DetailsTrailer) is { } bytes ? RichStatus.Parser.ParseFrom(bytes) : null;

    /// <summary>The first detail of a type, or null.</summary>
    public static T? Detail<T>(this RpcException exception) where T : class, IMessage<T>, new() =>
        exception.Details()?.Details.FirstOrDefault(any => any.Is(new T().Descriptor))?.Unpack<T>();

    /// <summary>The stable reason, or null.</summary>
    public static string? Reason(this RpcException exception) => exception.Detail<ErrorInfo>()?.Reason;

    /// <summary>Whether a field is among what was wrong, e.g. <c>content.slug</c>.</summary>
    public static bool Violates(this RpcException exception, string field) => exception.Detail<BadRequest>()?.FieldViolations.Any(violation => violation.Field == field) == true;
}
