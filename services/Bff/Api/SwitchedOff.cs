using Blog.ServiceDefaults.FeatureFlags;
using Microsoft.FeatureManagement;

namespace Blog.Bff.Api;

static class SwitchedOff
{
    /// <summary>The problem's reason.</summary>
    public const string Reason = "SWITCHED_OFF";

    /// <summary>While the flag is off the endpoint answers 503, as if what it needs were away; nothing behind it is asked.</summary>
    public static TBuilder WhileOn<TBuilder>(this TBuilder endpoint, Flag flag) where TBuilder : IEndpointConventionBuilder => endpoint.AddEndpointFilter(async (call, next) =>
        await call.HttpContext.RequestServices.GetRequiredService<IVariantFeatureManager>().IsEnabledAsync(flag.Name, call.HttpContext.RequestAborted)
            ? await next(call)
            : throw new ProblemException(StatusCodes.Status503ServiceUnavailable, Reason, "This is switched off for now."));
}
