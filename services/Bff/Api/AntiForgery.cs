namespace Blog.Bff.Api;

/// <summary>
/// A header that a form or link of another site cannot send, and that makes a script's request one the browser asks permission
/// for first. Needed where a cookie counts: everything under /api/v1/me, and every call that changes something.
/// </summary>
static class AntiForgery
{
    public const string Header = "X-CSRF";

    static readonly PathString Api = "/api";
    static readonly PathString Mine = "/api/v1/me";

    public static bool IsNeeded(HttpRequest request) =>
        request.Path.StartsWithSegments(Api)
        && (request.Path.StartsWithSegments(Mine) || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)));

    public static bool IsPresent(HttpRequest request) => request.Headers[Header] == "1";

    public static void UseAntiForgeryHeader(this IApplicationBuilder app) => app.Use(next => context =>
        IsNeeded(context.Request) && !IsPresent(context.Request)
            ? throw new ProblemException(StatusCodes.Status403Forbidden, "CSRF_HEADER_MISSING", $"This call needs the header {Header}: 1.")
            : next(context));
}
