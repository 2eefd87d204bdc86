using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Which environment variables are not to be shown.</summary>
static class Secrets
{
    static readonly string[] Words = ["SECRET", "PASSWORD", "PASSWD", "TOKEN", "APIKEY", "API_KEY", "PRIVATEKEY", "PRIVATE_KEY", "OTLP_HEADERS", "CONNECTIONSTRINGS__"];

    /// <summary>By origin (a secret parameter in the value, a connection string), and by name for values that came as plain text.</summary>
    public static bool IsSecret(string name, object value) =>
        Contains(value) || Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    static bool Contains(object value) => value switch
    {
        ParameterResource parameter => parameter.Secret,
        ConnectionStringReference or IResourceWithConnectionString => true,
        ReferenceExpression expression => expression.ValueProviders.Any(Contains),
        _ => false,
    };
}
