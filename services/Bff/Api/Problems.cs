using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Blog.Bff.Sessions;
using Blog.ServiceDefaults.Grpc;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using ContentV1 = Blog.Content.V1;
using InteractionsV1 = Blog.Interactions.V1;
using UsersV1 = Blog.Users.V1;

namespace Blog.Bff.Api;

/// <summary>RFC 9457 problem details as this API sends them.</summary>
/// <param name="Reason">Why, for programs: a stable UPPER_SNAKE word, when there is more to say than the status.</param>
/// <param name="Errors">Messages for a person by field of the request.</param>
public record Problem(
    string Type, string Title, int Status, string TraceId, string? Detail = null, string? Reason = null,
    IReadOnlyDictionary<string, string[]>? Errors = null);

/// <summary>STALE_REVISION: somebody saved in between; nothing was overwritten. The caller has its own version and gets the other here.</summary>
public sealed record ArticleConflict(
    string Type, string Title, int Status, string TraceId, string? Detail = null, string? Reason = null,
    IReadOnlyDictionary<string, string[]>? Errors = null, MyArticle? Current = null) : Problem(Type, Title, Status, TraceId, Detail, Reason, Errors);

/// <summary>STALE_REVISION with the present profile, or HANDLE_TAKEN with <c>errors.handle</c>.</summary>
public sealed record ProfileConflict(
    string Type, string Title, int Status, string TraceId, string? Detail = null, string? Reason = null,
    IReadOnlyDictionary<string, string[]>? Errors = null, Profile? Current = null) : Problem(Type, Title, Status, TraceId, Detail, Reason, Errors);

/// <summary>
/// STALE_REVISION with the present list in <c>current</c>, or the present item in <c>item</c>; STALE_ORDER with the present <c>order</c>; or a
/// limit that was reached.
/// </summary>
public sealed record ListConflict(
    string Type, string Title, int Status, string TraceId, string? Detail = null, string? Reason = null,
    IReadOnlyDictionary<string, string[]>? Errors = null, MyReadingList? Current = null, MyListItem? Item = null, ListOrder? Order = null)
    : Problem(Type, Title, Status, TraceId, Detail, Reason, Errors);

static class ProblemJson
{
    public const string ContentType = "application/problem+json";
}

/// <summary>A request the BFF itself refuses.</summary>
sealed class ProblemException(int status, string reason, string detail) : Exception(detail)
{
    public int Status => status;
    public string Reason => reason;
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>
/// Every failure of an endpoint becomes a problem: the gRPC status chooses the HTTP status, google.rpc details become
/// <c>reason</c>, <c>errors</c> and <c>current</c>. What a service did not mean for people (INTERNAL, UNKNOWN) is not passed on.
/// </summary>
sealed class ProblemMapping(IProblemDetailsService problems, ILogger<ProblemMapping> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken ct)
    {
        if (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = exception switch
        {
            RpcException rpc => await FromAsync(rpc, http),
            ProblemException own => Own(own, http),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => New(StatusCodes.Status413PayloadTooLarge, "BODY_TOO_LARGE", "The request is larger than this address accepts."),
            BadHttpRequestException bad => New(bad.StatusCode, "BAD_REQUEST", bad.InnerException is System.Text.Json.JsonException json ? $"The JSON cannot be read at {json.Path ?? "its start"}." : bad.Message),
            _ => New(StatusCodes.Status500InternalServerError, null, null),
        };

        if (problem.Status >= StatusCodes.Status500InternalServerError && exception is not ProblemException { Reason: SwitchedOff.Reason })
            logger.LogError(exception, "{Method} {Path} failed with {Status}", http.Request.Method, http.Request.Path, problem.Status);

        http.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new() { HttpContext = http, ProblemDetails = problem, Exception = exception });
    }

    static ProblemDetails Own(ProblemException own, HttpContext http)
    {
        if (own.RetryAfter is { } wait) http.Response.Headers.RetryAfter = Seconds(wait);
        return New(own.Status, own.Reason, own.Message);
    }

    static string Seconds(TimeSpan wait) => Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    static async Task<ProblemDetails> FromAsync(RpcException rpc, HttpContext http)
    {
        var details = rpc.Details()?.Details ?? [];
        var reason = rpc.Reason() ?? (rpc.StatusCode == StatusCode.ResourceExhausted ? "TOO_LARGE" : null);
        var status = StatusFor(rpc.StatusCode, reason);
        var problem = New(status, reason, status < 500 ? rpc.Status.Detail : Unavailable(status));
        if (status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "2";

        if (rpc.Detail<RetryInfo>() is { RetryDelay: { } delay }) http.Response.Headers.RetryAfter = Seconds(delay.ToTimeSpan());

        var errors = details
            .SelectMany(any => any.TryUnpack<BadRequest>(out var bad) ? bad.FieldViolations : [])
            .GroupBy(violation => ParameterName(http, JsonName(violation.Field)), violation => violation.Description)
            .ToDictionary(field => field.Key, field => field.ToArray());
        if (reason == "SLUG_TAKEN") errors.TryAdd("slug", [rpc.Status.Detail]);
        if (reason == "HANDLE_TAKEN") errors.TryAdd("handle", [rpc.Status.Detail]);
        if (errors.Count > 0) problem.Extensions["errors"] = errors;

        foreach (var any in details)
        {
            if (any.TryUnpack<ContentV1.Article>(out var article))
                problem.Extensions["current"] = MyArticle.From(await WholeAsync(article, http), await http.RequestServices.GetRequiredService<CurrentPerson>().HandleOfAsync(article.AuthorId, http.RequestAborted));
            else if (any.TryUnpack<Interactions.V1.Highlight>(out var highlight))
                problem.Extensions["current"] = MyHighlight.From(highlight);
            else if (any.TryUnpack<UsersV1.Profile>(out var profile))
                problem.Extensions["current"] = Profile.From(profile);
            else if (any.TryUnpack<Notifications.V1.Preferences>(out var preferences))
                problem.Extensions["current"] = NotificationPreferences.From(preferences);
            else if (any.TryUnpack<InteractionsV1.Response>(out var response))
                problem.Extensions["current"] = ArticleResponse.From(response, new Dictionary<string, Author>());
            else if (any.TryUnpack<InteractionsV1.ReadingList>(out var list))
                problem.Extensions["current"] = MyReadingList.From(list, await http.RequestServices.GetRequiredService<CurrentPerson>().HandleAsync(http.RequestAborted));
            else if (any.TryUnpack<InteractionsV1.ReadingListItem>(out var item))
                problem.Extensions["item"] = MyListItem.From(item, null);
            else if (any.TryUnpack<InteractionsV1.ReadingListOrder>(out var order))
                problem.Extensions["order"] = new ListOrder(order.Revision, [.. order.ArticleIds]);
        }

        return problem;
    }

    // A long article does not fit into a status; it comes without its content, which is asked for then.
    static async Task<ContentV1.Article> WholeAsync(ContentV1.Article article, HttpContext http) => article.Content is not null
        ? article
        : (await http.RequestServices.GetRequiredService<ContentV1.Articles.ArticlesClient>().GetArticleAsync(new() { Id = article.Id }, cancellationToken: http.RequestAborted)).Article;

    internal static int StatusFor(StatusCode code, string? reason) => (code, reason) switch
    {
        (StatusCode.InvalidArgument, "UNSUPPORTED_MEDIA") => StatusCodes.Status415UnsupportedMediaType,
        (StatusCode.InvalidArgument or StatusCode.OutOfRange, _) => StatusCodes.Status400BadRequest,
        (StatusCode.Unauthenticated, _) => StatusCodes.Status401Unauthorized,
        (StatusCode.PermissionDenied, _) => StatusCodes.Status403Forbidden,
        (StatusCode.NotFound, _) => StatusCodes.Status404NotFound,
        (StatusCode.AlreadyExists or StatusCode.Aborted, _) => StatusCodes.Status409Conflict,
        (StatusCode.FailedPrecondition, "GONE") => StatusCodes.Status410Gone,
        (StatusCode.FailedPrecondition, _) => StatusCodes.Status409Conflict,
        (StatusCode.ResourceExhausted, { } why) when why.EndsWith("_TOO_LARGE", StringComparison.Ordinal) => StatusCodes.Status413PayloadTooLarge,
        // The transport itself refuses a message over its limit, and has no reason to give.
        (StatusCode.ResourceExhausted, "TOO_LARGE") => StatusCodes.Status413PayloadTooLarge,
        (StatusCode.ResourceExhausted, _) => StatusCodes.Status429TooManyRequests,
        (StatusCode.Unavailable, _) => StatusCodes.Status503ServiceUnavailable,
        (StatusCode.DeadlineExceeded, _) => StatusCodes.Status504GatewayTimeout,
        (StatusCode.Cancelled, _) => StatusCodes.Status503ServiceUnavailable,
        (StatusCode.Unimplemented, _) => StatusCodes.Status501NotImplemented,
        _ => StatusCodes.Status500InternalServerError,
    };

    static ProblemDetails New(int status, string? reason, string? detail)
    {
        var problem = new ProblemDetails { Status = status, Detail = string.IsNullOrEmpty(detail) ? null : detail };
        if (reason is not null) problem.Extensions["reason"] = reason;
        return problem;
    }

    static string? Unavailable(int status) => status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout
        ? "A part of the site is away for a moment. Nothing was lost; please try again."
        : null;

    /// <summary>"content.cover_media_id" is "coverMediaId" to the caller: the resource's own name is left out, as forms have no use for it.</summary>
    internal static string JsonName(string field)
    {
        foreach (var resource in (ReadOnlySpan<string>)["content.", "profile.", "target.", "preferences.", "publication."])
            if (field.StartsWith(resource, StringComparison.Ordinal)) field = field[resource.Length..];

        var name = new StringBuilder(field.Length);
        var upper = false;
        foreach (var c in field)
        {
            if (c != '_') name.Append(upper ? char.ToUpperInvariant(c) : c);
            upper = c == '_';
        }

        return name.ToString();
    }

    /// <summary>As the caller wrote it: a parameter of an address may have a shorter name than the field it fills.</summary>
    static string ParameterName(HttpContext http, string field) =>
        http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
            .FirstOrDefault(parameter => parameter.Name == field)?.GetCustomAttribute<FromQueryAttribute>()?.Name ?? field;

    /// <summary>What every problem has, whoever wrote it.</summary>
    public static void Complete(ProblemDetailsContext context) =>
        context.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
}
