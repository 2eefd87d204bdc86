using System.Security.Cryptography;
using System.Text;
using Blog.Notifications.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.Devices;

/// <summary>A browser or phone that asked to be told. Personal data: the address and the label.</summary>
sealed class PushTarget
{
    public required Guid PersonId { get; init; }
    public required Guid Id { get; init; }
    public required PushTransport Transport { get; init; }
    /// <summary>Endpoint, or device token.</summary>
    public required string Address { get; init; }
    public required byte[] AddressHash { get; init; }
    public byte[]? P256dh { get; set; }
    public byte[]? Auth { get; set; }
    public required string Label { get; set; }
    public required DateTimeOffset CreateTime { get; init; }

    public static byte[] HashOf(string address) => SHA256.HashData(Encoding.UTF8.GetBytes(address));

    public V1.PushTarget ToMessage() => new() { Id = Id.ToString(), Transport = Transport, Label = Label, CreateTime = Timestamp.FromDateTimeOffset(CreateTime) };
}

sealed class PushTargetConfiguration : IEntityTypeConfiguration<PushTarget>
{
    public void Configure(EntityTypeBuilder<PushTarget> target)
    {
        target.ToTable("push_targets").HasKey(t => new { t.PersonId, t.Id });
        target.Property(t => t.Transport).HasConversion<short>();
    }
}
