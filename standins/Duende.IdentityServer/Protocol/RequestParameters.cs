using System.Collections.Specialized;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Duende.IdentityServer.Protocol;

/// <summary>
/// Parameters of a request. One without a value counts as omitted, one sent twice makes the request invalid (RFC 6749,
/// sections 3.1 and 3.2).
/// </summary>
internal sealed class RequestParameters(IEnumerable<KeyValuePair<string, StringValues>> values)
{
    readonly Dictionary<string, StringValues> _values = values
        .Where(pair => !StringValues.IsNullOrEmpty(pair.Value))
        .GroupBy(pair => pair.Key, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => new StringValues([.. group.SelectMany(pair => pair.Value.ToArray())]), StringComparer.Ordinal);

    /// <summary>The value if there is exactly one.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var value) && value.Count == 1 && value[0] is { Length: > 0 } single ? single : null;

    /// <summary>Names of parameters sent more than once.</summary>
    public IEnumerable<string> Repeated => _values.Where(pair => pair.Value.Count > 1).Select(pair => pair.Key);

    public bool IsRepeated(string name) => _values.TryGetValue(name, out var value) && value.Count > 1;

    public IEnumerable<KeyValuePair<string, string>> All =>
        _values.SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? string.Empty)));

    public NameValueCollection ToNameValueCollection()
    {
        var collection = new NameValueCollection();
        foreach (var (name, value) in All)
            collection.Add(name, value);
        return collection;
    }

    /// <summary>The form of a request, or null when it is none.</summary>
    public static async Task<RequestParameters?> ReadFormAsync(HttpRequest request, CancellationToken ct)
    {
        if (!HttpMethods.IsPost(request.Method) || !IsUrlEncodedForm(request))
            return null;
        try
        {
            return new RequestParameters(await request.ReadFormAsync(ct));
        }
        catch (InvalidDataException)
        {
            // Too many or too large fields.
            return null;
        }
    }

    static bool IsUrlEncodedForm(HttpRequest request) =>
        request.ContentType?.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
}
