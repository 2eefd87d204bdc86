namespace Blog.DevBroker.Protocol;

/// <summary>A request with its header read ("Request Header v1" in the Kafka protocol guide).</summary>
sealed record Request(ApiKey Api, short Version, int CorrelationId, string ClientId, string ClientHost, RequestReader Body)
{
    public static Request Read(Memory<byte> frame, string clientHost)
    {
        var reader = new RequestReader(frame);
        return new Request((ApiKey)reader.Int16(), reader.Int16(), reader.Int32(), reader.String(), clientHost, reader);
    }
}
