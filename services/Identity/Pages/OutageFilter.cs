using System.Data.Common;
using Grpc.Core;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Blog.Identity.Pages;

/// <summary>When a form cannot be carried out because the database or another service is away, the form comes back with what was typed and says so.</summary>
sealed partial class OutageFilter(ILogger<OutageFilter> log) : IAsyncPageFilter
{
    public const string Notice = "outage";

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var executed = await next();
        if (executed.ExceptionHandled || !IsOutage(executed.Exception) || executed.HandlerInstance is not PageModel page || !HttpMethods.IsPost(context.HttpContext.Request.Method))
            return;
        LogOutage(executed.Exception!, context.HttpContext.Request.Path);
        executed.ExceptionHandled = true;
        page.ViewData[Notice] = ("warn", "That did not go through", "Part of the site cannot be reached at the moment. Nothing was changed; what you typed is still here. Try again in a minute.");
        context.HttpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        executed.Result = page.Page();
    }

    static bool IsOutage(Exception? problem) =>
        problem is DbException { IsTransient: true } or TimeoutException or HttpRequestException or RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded }
        || (problem?.InnerException is { } inner && IsOutage(inner));

    [LoggerMessage(LogLevel.Warning, "{Path} could not be carried out")]
    partial void LogOutage(Exception problem, string path);
}
