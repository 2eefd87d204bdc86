using System.Security.Cryptography;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Blog.ServiceDefaults.Data;

/// <summary>The answer of a command that carried an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), kept to be replayed.</summary>
public sealed class StoredAnswer
{
    /// <summary>The metadata entry (and, at the public entrance, the HTTP header) that names the key.</summary>
    public const string MetadataKey = "idempotency-key";

    /// <summary>Who sent the command; keys of different people never meet.</summary>
    public required Guid CallerId { get; init; }
    /// <summary>The caller's key, up to 200 characters.</summary>
    public required string Key { get; init; }
    /// <summary>Full name of the rpc.</summary>
    public required string Method { get; init; }
    /// <summary>SHA-256 of the request: the same key with another request is an error.</summary>
    public required byte[] RequestHash { get; init; }
    /// <summary>The response in protobuf's binary form.</summary>
    public required byte[] Response { get; init; }
    /// <summary>When the command was carried out.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>Until when it is kept.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>
/// A command is carried out once: <c>Find</c> first, and <c>Store</c> before the <c>SaveChanges</c> that commits the effect.
/// Two at the same moment meet at the primary key; the second fails as ABORTED and finds the answer when it is sent again.
/// </summary>
public static class StoredAnswers
{
    static readonly TimeSpan KnownFor = TimeSpan.FromDays(30);

    /// <summary>Maps <see cref="StoredAnswer"/> to the table <c>stored_answer</c>.</summary>
    public static ModelBuilder MapStoredAnswers(this ModelBuilder model)
    {
        model.Entity<StoredAnswer>(answer =>
        {
            answer.ToTable("stored_answer").HasKey(a => new { a.CallerId, a.Key });
            answer.Property(a => a.CallerId).HasColumnName("caller_id");
            answer.Property(a => a.Key).HasColumnName("key");
            answer.Property(a => a.Method).HasColumnName("method");
            answer.Property(a => a.RequestHash).HasColumnName("request_hash");
            answer.Property(a => a.Response).HasColumnName("response");
            answer.Property(a => a.CreatedAt).HasColumnName("created_at");
            answer.Property(a => a.ExpiresAt).HasColumnName("expires_at");
        });
        return model;
    }

    /// <summary>The answer this command got before; null when it is new or carries no key.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: the key is too long, or was used for another command.</exception>
    public static async Task<TResponse?> FindStoredAnswerAsync<TResponse>(
        this DbContext db, Guid callerId, IMessage request, ServerCallContext context) where TResponse : class, IMessage<TResponse>, new()
    {
        if (KeyOf(context) is not { } key) return null;
        var stored = await db.Set<StoredAnswer>().AsNoTracking().SingleOrDefaultAsync(a => a.CallerId == callerId && a.Key == key, context.CancellationToken);
        if (stored is null) return null;
        if (stored.Method != context.Method || !stored.RequestHash.AsSpan().SequenceEqual(Hash(request)))
            throw RpcErrors.InvalidArgument((StoredAnswer.MetadataKey, "This Idempotency-Key was used for another request. Use a new one."));
        return new MessageParser<TResponse>(() => new TResponse()).ParseFrom(stored.Response);
    }

    /// <summary>Keeps the answer with the effect, for thirty days unless told otherwise; does nothing when the command carries no key.</summary>
    public static void StoreAnswer(this DbContext db, Guid callerId, IMessage request, IMessage response, ServerCallContext context, TimeProvider time, TimeSpan? knownFor = null)
    {
        if (KeyOf(context) is not { } key) return;
        var now = time.GetUtcNow();
        db.Set<StoredAnswer>().Add(new StoredAnswer
        {
            CallerId = callerId,
            Key = key,
            Method = context.Method,
            RequestHash = Hash(request),
            Response = response.ToByteArray(),
            CreatedAt = now,
            ExpiresAt = now + (knownFor ?? KnownFor),
        });
    }

    /// <summary>Forgets answers whose time is over.</summary>
    public static IHostApplicationBuilder AddStoredAnswers<TContext>(this IHostApplicationBuilder builder) where TContext : DbContext
    {
        builder.Services.AddSingleton<StoredAnswersWorker<TContext>>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StoredAnswersWorker<TContext>>());
        return builder;
    }

    static string? KeyOf(ServerCallContext context)
    {
        var key = context.RequestHeaders.GetValue(StoredAnswer.MetadataKey);
        return key?.Length > 200 ? throw RpcErrors.InvalidArgument((StoredAnswer.MetadataKey, "An Idempotency-Key has at most 200 characters.")) : key;
    }

    static byte[] Hash(IMessage request) => SHA256.HashData(request.ToByteArray());
}
