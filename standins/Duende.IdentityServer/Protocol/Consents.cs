using Duende.IdentityServer.Models;

namespace Duende.IdentityServer.Protocol;

/// <summary>The answer of a page to one request; kept until the browser comes back with the request.</summary>
internal sealed record ConsentAnswer(string? Error, string? ErrorDescription, IReadOnlyList<string> Scopes, bool Remember);

/// <summary>Answers of the consent page, and consent that is remembered.</summary>
internal sealed class Consents(Grants grants)
{
    const string Answer = "consent_answer";
    static readonly TimeSpan _answerLifetime = TimeSpan.FromMinutes(5);

    sealed record Remembered(IReadOnlyList<string> Scopes);

    public Task StoreAnswerAsync(Client client, string? subjectId, RequestParameters request, ConsentAnswer answer, CancellationToken ct) =>
        grants.StoreAsync(Answer, AnswerHandle(client, subjectId, request), answer, Owner(client, subjectId, []), _answerLifetime, ct);

    /// <summary>The answer to this request, once; null when there is none.</summary>
    public async Task<ConsentAnswer?> TakeAnswerAsync(Client client, string? subjectId, RequestParameters request, CancellationToken ct)
    {
        var handle = AnswerHandle(client, subjectId, request);
        if (await grants.FindAsync<ConsentAnswer>(Answer, handle, ct) is not { Consumed: false } answer || grants.IsExpired(answer.Expiration))
            return null;
        return await grants.TryConsumeAsync(answer, ct) ? answer.Value : null;
    }

    public async Task<bool> IsRememberedAsync(Client client, string subjectId, IReadOnlyList<string> scopes, CancellationToken ct) =>
        client.AllowRememberConsent
        && await grants.FindAsync<Remembered>(IdentityServerConstants.PersistedGrantTypes.UserConsent, ConsentHandle(client, subjectId), ct) is { } stored
        && !grants.IsExpired(stored.Expiration)
        && scopes.All(stored.Value.Scopes.Contains);

    public Task RememberAsync(Client client, string subjectId, IReadOnlyList<string> scopes, CancellationToken ct) => grants.StoreAsync(
        IdentityServerConstants.PersistedGrantTypes.UserConsent, ConsentHandle(client, subjectId), new Remembered(scopes),
        Owner(client, subjectId, scopes), client.ConsentLifetime is { } seconds ? TimeSpan.FromSeconds(seconds) : null, ct);

    static Authorization Owner(Client client, string? subjectId, IReadOnlyList<string> scopes) =>
        new(string.Empty, client.ClientId, subjectId ?? string.Empty, string.Empty, scopes, []);

    static string ConsentHandle(Client client, string subjectId) => $"{client.ClientId}|{subjectId}";

    // Bound to the person and to everything by which the client tells its requests apart.
    static string AnswerHandle(Client client, string? subjectId, RequestParameters request) => string.Join('|',
        client.ClientId, subjectId, request["state"], request["nonce"], request["code_challenge"], request["scope"], request["redirect_uri"]);
}
