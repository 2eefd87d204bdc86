using Blog.ServiceDefaults.Authentication;

namespace Blog.Bff.Sessions;

/// <summary>The signed-in person of this request.</summary>
sealed class CurrentPerson(IHttpContextAccessor http, ProfileLookup profiles)
{
    /// <summary>Account id, which is also the profile id.</summary>
    public string Id => http.HttpContext?.User.PersonId()?.ToString()
        ?? throw new InvalidOperationException("Nobody is signed in: the endpoint lacks RequireAuthorization.");

    /// <summary>The handle for addresses; null while it cannot be known.</summary>
    public ValueTask<string?> HandleAsync(CancellationToken ct) => HandleOfAsync(Id, ct);

    /// <summary>The same of somebody they write with.</summary>
    public async ValueTask<string?> HandleOfAsync(string id, CancellationToken ct) => (await profiles.FindAsync(id, ct))?.Handle;
}
