using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Storage;

/// <summary>
/// What one partition remembers of idempotent producers, to store each batch once and in order (KIP-98, "Idempotent Producer Guarantees").
/// A producer has at most five batches under way, so the last five are enough to recognise a repetition.
/// All of it is rebuilt from the log at start, so a repetition after a crash is recognised as well.
/// </summary>
sealed class ProducerStates
{
    const int RememberedBatches = 5;

    /// <summary>Kafka's <c>producer.id.expiration.ms</c>: a producer silent for longer is forgotten.</summary>
    static readonly TimeSpan Expiration = TimeSpan.FromDays(1);

    readonly Dictionary<long, State> _states = [];

    sealed class State
    {
        public short Epoch;
        public DateTimeOffset LastSeen;
        public readonly Queue<(int FirstSequence, int LastSequence, long Offset)> Recent = new(RememberedBatches + 1);
    }

    /// <summary>May the batch be appended? If it is a repetition, <paramref name="storedAt"/> is the offset that the first one got.</summary>
    public ErrorCode Check(RecordBatch batch, out long? storedAt)
    {
        storedAt = null;
        if (batch.ProducerId < 0 || !_states.TryGetValue(batch.ProducerId, out var state))
            return ErrorCode.None;
        if (batch.ProducerEpoch < state.Epoch)
            return ErrorCode.InvalidProducerEpoch;
        if (batch.ProducerEpoch > state.Epoch)
            return batch.BaseSequence == 0 ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;

        var last = 0;
        foreach (var (firstSequence, lastSequence, offset) in state.Recent)
        {
            if (firstSequence == batch.BaseSequence && lastSequence == batch.LastSequence)
            {
                storedAt = offset;
                return ErrorCode.None;
            }

            last = lastSequence;
        }

        if (batch.BaseSequence == (last == int.MaxValue ? 0 : last + 1))
            return ErrorCode.None;
        return batch.BaseSequence <= last ? ErrorCode.DuplicateSequenceNumber : ErrorCode.OutOfOrderSequenceNumber;
    }

    public void Note(RecordBatch batch, DateTimeOffset now)
    {
        if (batch.ProducerId < 0)
            return;
        if (!_states.TryGetValue(batch.ProducerId, out var state))
            _states[batch.ProducerId] = state = new State { Epoch = batch.ProducerEpoch };
        if (state.Epoch != batch.ProducerEpoch)
        {
            state.Epoch = batch.ProducerEpoch;
            state.Recent.Clear();
        }

        state.LastSeen = now;
        state.Recent.Enqueue((batch.BaseSequence, batch.LastSequence, batch.BaseOffset));
        if (state.Recent.Count > RememberedBatches)
            state.Recent.Dequeue();
    }

    public void Expire(DateTimeOffset now)
    {
        foreach (var (id, state) in _states)
            if (state.LastSeen + Expiration < now)
                _states.Remove(id);
    }
}
