using System.Buffers;
using System.Text;

namespace Grpc.Core;

/// <summary>Where a serializer puts a message.</summary>
public abstract class SerializationContext
{
    /// <summary>Takes a whole message.</summary>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException("This context takes no array.");

    /// <summary>Gives a buffer to write the message to.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException("This context has no buffer.");

    /// <summary>Announces the length of the message, in bytes, before the buffer is asked for.</summary>
    public virtual void SetPayloadLength(int payloadLength) => throw new NotSupportedException("This context needs no length.");

    /// <summary>Says that the message is in the buffer.</summary>
    public virtual void Complete() => throw new NotSupportedException("This context has no buffer.");
}

/// <summary>Where a deserializer finds a message.</summary>
public abstract class DeserializationContext
{
    /// <summary>The length of the message, in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message, copied.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotSupportedException("This context makes no copy.");

    /// <summary>The message where it is; good until the deserializer returns.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotSupportedException("This context shows no buffer.");
}

/// <summary>Makes bytes of messages and messages of bytes.</summary>
public class Marshaller<T>
{
    /// <summary>Works on arrays.</summary>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        (Serializer, Deserializer) = (serializer, deserializer);
        ContextualSerializer = (message, context) => context.Complete(serializer(message));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    /// <summary>Works on buffers. Generated code does.</summary>
    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        (ContextualSerializer, ContextualDeserializer) = (serializer, deserializer);
        Serializer = _ => throw new NotSupportedException($"Use {nameof(ContextualSerializer)}.");
        Deserializer = _ => throw new NotSupportedException($"Use {nameof(ContextualDeserializer)}.");
    }

    /// <summary>To an array.</summary>
    public Func<T, byte[]> Serializer { get; }

    /// <summary>From an array.</summary>
    public Func<byte[], T> Deserializer { get; }

    /// <summary>To a buffer.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>From a buffer.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }
}

/// <summary>Makes marshallers.</summary>
public static class Marshallers
{
    /// <summary>Text as UTF-8.</summary>
    public static Marshaller<string> StringMarshaller { get; } = new(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    /// <summary>On arrays.</summary>
    public static Marshaller<T> Create<T>(Func<T, byte[]> serializer, Func<byte[], T> deserializer) => new(serializer, deserializer);

    /// <summary>On buffers.</summary>
    public static Marshaller<T> Create<T>(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
        => new(serializer, deserializer);
}
