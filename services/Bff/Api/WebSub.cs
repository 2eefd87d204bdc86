using System.Globalization;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Rpc;
using Grpc.Core;
using static Blog.Notifications.V1.RequestSubscriptionRequest.Types;

namespace Blog.Bff.Api;

/// <summary>The WebSub hub's public address (W3C Recommendation, section 5): forms come in, the answer is a status with a sentence for whoever debugs a subscriber.</summary>
static class WebSub
{
    public static void MapWebSub(this WebApplication app) => app.MapPost("/websub", Request).DisableAntiforgery().ExcludeFromDescription();

    static async Task<IResult> Request(HttpRequest request, Hub.HubClient hub, CancellationToken ct)
    {
        var form = request.HasFormContentType ? await request.ReadFormAsync(ct) : FormCollection.Empty;
        var mode = form["hub.mode"].ToString() switch { "subscribe" => Mode.Subscribe, "unsubscribe" => Mode.Unsubscribe, _ => Mode.Unspecified };
        var lease = form["hub.lease_seconds"].ToString();
        // What no number says is left to the hub, as what is not said.
        var seconds = long.TryParse(lease, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 0;
        try
        {
            await hub.RequestSubscriptionAsync(
                new() { Mode = mode, Topic = form["hub.topic"].ToString(), Callback = form["hub.callback"].ToString(), Secret = form["hub.secret"].ToString(), LeaseSeconds = seconds },
                cancellationToken: ct);
            return Results.Text("The callback will be asked whether it wants this.\n", statusCode: StatusCodes.Status202Accepted);
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.InvalidArgument)
        {
            return Results.Text(string.Concat((problem.Detail<BadRequest>()?.FieldViolations ?? []).Select(violation => $"hub.{violation.Field}: {violation.Description}\n")), statusCode: StatusCodes.Status400BadRequest);
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.ResourceExhausted)
        {
            return Results.Text(problem.Status.Detail + "\n", statusCode: StatusCodes.Status429TooManyRequests);
        }
    }
}
