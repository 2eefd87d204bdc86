using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Blog.Bff.Api;

/// <summary>
/// The OpenAPI document of /api/v1, from which the TypeScript client is generated. It is committed as <c>openapi/v1.json</c>;
/// <c>./blog openapi</c> (or <c>services/Bff/openapi/write</c>) renews it.
/// </summary>
static class OpenApiDocument
{
    public const string Name = "v1";
    const string CsrfHeader = "X-CSRF";

    public static void AddBlogOpenApi(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = api => api.RelativePath is { } path && (path.StartsWith("api/v1", StringComparison.Ordinal) || path == "bff/user");
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "Blog", Version = Name, Description = "Articles, people and what an author does. Errors are application/problem+json (RFC 9457)." };
            document.Servers = [new() { Url = "/" }];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["session"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "__Host-blog", Description = "Set by /bff/login." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, ct) =>
        {
            await DescribeProblems(operation, context, ct);
            if (context.Description.RelativePath!.StartsWith("api/v1/me", StringComparison.Ordinal)) DescribeSignedIn(operation, context);
        });
    });

    static async Task DescribeProblems(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var problem = await context.GetOrCreateSchemaAsync(typeof(Problem), null, ct);
        context.Document!.AddComponent(nameof(Problem), problem);
        foreach (var (_, response) in operation.Responses ?? [])
            if (response.Content is { } content && content.TryGetValue(ProblemJson.ContentType, out var media)
                && media.Schema is OpenApiSchemaReference { Reference.Id: "ProblemDetails" })
                media.Schema = new OpenApiSchemaReference(nameof(Problem), context.Document);
    }

    static void DescribeSignedIn(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Security = [new() { [new OpenApiSecuritySchemeReference("session", context.Document)] = [] }];
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = CsrfHeader,
            In = ParameterLocation.Header,
            Required = true,
            Description = "Proves that our own page makes the call.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["1"] },
        });
        if (context.Description.HttpMethod == HttpMethods.Post)
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "Idempotency-Key",
                In = ParameterLocation.Header,
                Description = "The same key again gets the stored answer.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
            });
    }

    /// <summary>Writes the document to a file; true when the command line asked for that.</summary>
    public static async Task<bool> WriteIfAskedAsync(this WebApplication app, string[] args)
    {
        if (Array.IndexOf(args, "--write-openapi") is var at and >= 0 && at + 1 < args.Length)
        {
            app.Urls.Clear();
            app.Urls.Add("http://127.0.0.1:0");
            await app.StartAsync();
            await File.WriteAllTextAsync(args[at + 1], await RenderAsync(app.Services));
            return true;
        }

        return false;
    }

    /// <summary>The document of a running BFF (endpoints are known once it runs), with the same line ends everywhere.</summary>
    public static async Task<string> RenderAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        var json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1);
        return json.ReplaceLineEndings("\n") + "\n";
    }
}
