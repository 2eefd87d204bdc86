using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpanKind = Aspire.Hosting.Telemetry.SpanKind;

namespace Blog.AppHost.Tests;

/// <summary>What the OpenTelemetry SDK sends is received and shown.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    readonly HttpClient client = new();
    TestApp app = null!;

    string Key => Setting("AppHost:OtlpApiKey");

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync(_ => { });
        client.BaseAddress = new Uri(app.Dashboard);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return app.DisposeAsync();
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task A_trace_across_services_is_shown_as_a_waterfall_with_its_logs(OtlpExportProtocol protocol)
    {
        ActivityTraceId trace;
        using (var front = Traces("front", protocol))
        using (var back = Traces("back", protocol))
        using (var logging = LoggerFactory.Create(l => l.AddOpenTelemetry(o =>
        {
            o.IncludeFormattedMessage = true;
            o.SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("back")).AddOtlpExporter(e => Aim(e, protocol, "v1/logs"));
        })))
        using (var frontSource = new ActivitySource("test.front"))
        using (var backSource = new ActivitySource("test.back"))
        {
            using var request = frontSource.StartActivity("GET /articles", ActivityKind.Server)!;
            trace = request.TraceId;
            using (var call = frontSource.StartActivity("call", ActivityKind.Client)!)
            using (var work = backSource.StartActivity("find", ActivityKind.Server)!)
            {
                work.SetTag("db.query.text", "select <1>\n  from x");
                work.SetStatus(ActivityStatusCode.Error, "no such table");
                logging.CreateLogger("Back").LogWarning("looked for {Thing}", "nothing");
            }
        }

        var page = await client.GetStringAsync($"/traces/{trace}", Deadline.Token);
        Regex.Matches(page, "class=\"what\" title=\"([^\"]*)\"").Select(m => WebUtility.HtmlDecode(m.Groups[1].Value)).ShouldBe(["GET /articles", "call", "select <1> from x"]);
        Regex.Matches(page, "<span class=\"label depth-(\\d+)\"><span class=\"service colour-\\d\">(\\w+)").Select(m => m.Groups[1].Value + m.Groups[2].Value).ShouldBe(["0front", "1front", "2back"]);
        page.ShouldContain("no such table");
        page.ShouldContain("looked for nothing");

        (await client.GetStringAsync("/traces?errors=1&service=back", Deadline.Token)).ShouldContain($"/traces/{trace}");
        (await client.GetStringAsync("/logs?level=Warning", Deadline.Token)).ShouldContain("looked for nothing");
        (await client.GetStringAsync("/logs?level=Error", Deadline.Token)).ShouldNotContain("looked for nothing");
    }

    [Fact]
    public async Task Figures_are_shown_with_their_attributes()
    {
        using (var meter = new Meter("test.meter"))
        using (Sdk.CreateMeterProviderBuilder().SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("front")).AddMeter("test.meter")
            .AddOtlpExporter(e => Aim(e, OtlpExportProtocol.Grpc, "v1/metrics")).Build())
        {
            var published = meter.CreateCounter<long>("articles.published", "{article}");
            published.Add(3, new KeyValuePair<string, object?>("topic", "cats"));
            published.Add(4, new KeyValuePair<string, object?>("topic", "dogs"));
            meter.CreateHistogram<double>("render", "s").Record(0.02);
        }

        var page = await client.GetStringAsync("/metrics?service=front", Deadline.Token);
        page.ShouldContain("articles.published");
        page.ShouldMatch("topic=cats\">cats</span><span class=\"figure\">3 article");
        page.ShouldMatch("topic=dogs\">dogs</span><span class=\"figure\">4 article");
        page.ShouldContain("p95");
    }

    [Fact]
    public async Task Telemetry_without_the_key_is_refused()
    {
        (await PostAsync([], "nonsense")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync([], Key)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_malformed_message_is_answered_and_the_next_one_received()
    {
        // Field 1, length 100, and nothing after it.
        (await PostAsync([0x0A, 100], Key)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        // Every way of cutting a good message short: answered, never a failure of the server.
        var good = Request();
        for (var length = 0; length < good.Length; length++)
            ((int)(await PostAsync(good[..length], Key)).StatusCode).ShouldBeOneOf(200, 400);
        (await PostAsync(good, Key)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetStringAsync("/traces", Deadline.Token)).ShouldContain("made by hand");
    }

    [Fact]
    public async Task A_packed_message_is_unpacked_up_to_the_limit()
    {
        (await PostAsync(Pack(Request()), Key, "gzip")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetStringAsync("/traces", Deadline.Token)).ShouldContain("made by hand");

        (await PostAsync(Pack(new byte[64 << 20]), Key, "gzip")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public void The_store_keeps_the_newest_and_no_more_than_it_may()
    {
        var store = new TelemetryStore();
        for (var i = 0; i < TelemetryStore.MaxTraces + 10; i++)
            store.Add([Span($"trace{i}", "a", null, i, i + 1)]);
        store.Add(Enumerable.Range(0, TelemetryStore.MaxSpansPerTrace + 10).Select(i => Span("long", $"s{i}", null, i, i + 1)));
        store.Add(Enumerable.Range(0, TelemetryStore.MaxLogs + 10).Select(i => new LogEntry(i, "s", "", 9, $"m{i}", null, null, [])));

        var traces = store.Traces();
        traces.Count.ShouldBe(TelemetryStore.MaxTraces);
        traces.ShouldContain(t => t.Id == "long" && t.Spans == TelemetryStore.MaxSpansPerTrace);
        traces.ShouldNotContain(t => t.Id == "trace0");
        store.Logs().Count.ShouldBe(TelemetryStore.MaxLogs);
        store.Logs()[0].Message.ShouldBe($"m{TelemetryStore.MaxLogs + 9}");
    }

    [Fact]
    public void The_waterfall_puts_children_under_parents_and_loses_nobody()
    {
        var rows = Waterfall.Of([
            Span("t", "late child", "root", 50, 60), Span("t", "root", null, 10, 100), Span("t", "early child", "root", 20, 40), Span("t", "grandchild", "early child", 25, 30),
            Span("t", "orphan", "never arrived", 70, 80), Span("t", "circle 1", "circle 2", 90, 91), Span("t", "circle 2", "circle 1", 90, 91)]);

        rows.Take(5).Select(r => (r.Span.SpanId, r.Depth, r.Offset)).ShouldBe([
            ("root", 0, 0), ("early child", 1, 10), ("grandchild", 2, 15), ("late child", 1, 40), ("orphan", 0, 60)]);
        rows.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData(0.5, 15)]
    [InlineData(0.25, 10)]
    [InlineData(0.75, 20)]
    [InlineData(1, 40)]
    public void A_percentile_lies_within_its_bucket(double rank, double expected) =>
        MetricCards.Percentile(new Point(0, 0, 8, [10, 20, 40], [2, 4, 0, 2]), rank).ShouldBe(expected);

    static Span Span(string trace, string id, string? parent, long start, long end) =>
        new(trace, id, parent, "service", "", id, SpanKind.Server, start, end, false, null, [], [], []);

    TracerProvider Traces(string service, OtlpExportProtocol protocol) => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService(service)).AddSource($"test.{service}").AddOtlpExporter(e => Aim(e, protocol, "v1/traces")).Build();

    void Aim(OtlpExporterOptions options, OtlpExportProtocol protocol, string path)
    {
        options.Protocol = protocol;
        options.Endpoint = protocol == OtlpExportProtocol.Grpc
            ? new Uri(Setting("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"))
            : new Uri(new Uri(Setting("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL")), path);
        options.Headers = $"x-otlp-api-key={Key}";
    }

    string Setting(string name) => app.App.Services.GetRequiredService<IConfiguration>()[name]!;

    /// <summary>ExportTraceServiceRequest with one span that has only a name: field 1 of field 2 of field 2 of field 1, and a trace id.</summary>
    static byte[] Request()
    {
        byte[] span = [0x0A, 2, 1, 2, 0x12, 1, 7, 0x2A, 12, .. "made by hand"u8, 0x30, 2];
        byte[] scope = [0x12, (byte)span.Length, .. span];
        byte[] resource = [0x12, (byte)scope.Length, .. scope];
        return [0x0A, (byte)resource.Length, .. resource];
    }

    static byte[] Pack(byte[] message)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
            gzip.Write(message);
        return memory.ToArray();
    }

    async Task<HttpResponseMessage> PostAsync(byte[] message, string key, string? encoding = null)
    {
        using var content = new ByteArrayContent(message) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") } };
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(Setting("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL")), "v1/traces")) { Content = content };
        request.Headers.Add("x-otlp-api-key", key);
        return await client.SendAsync(request, Deadline.Token);
    }
}
