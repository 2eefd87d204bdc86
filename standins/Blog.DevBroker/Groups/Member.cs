using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Groups;

/// <summary>One member of a group. Its group holds the lock.</summary>
sealed class Member(string id)
{
    TaskCompletionSource<JoinAnswer>? _join;
    TaskCompletionSource<SyncAnswer>? _sync;

    public string Id => id;
    public string? InstanceId { get; private set; }
    public string ClientId { get; private set; } = "";
    public string ClientHost { get; private set; } = "";
    public TimeSpan SessionTimeout { get; private set; }
    public TimeSpan RebalanceTimeout { get; private set; }
    public IReadOnlyList<OfferedProtocol> Protocols { get; private set; } = [];
    public byte[] Assignment { get; set; } = [];

    /// <summary>When the member counts as dead unless it is heard of before.</summary>
    public TimeSpan ExpiresAt { get; set; }

    public bool IsJoining => _join is not null;

    /// <summary>The broker owes this member an answer, so its silence means nothing.</summary>
    public bool IsWaiting => _join is not null || _sync is not null;

    public byte[] MetadataFor(string protocol) => Protocols.FirstOrDefault(p => p.Name == protocol)?.Metadata ?? [];

    public bool Offers(string protocol) => Protocols.Any(p => p.Name == protocol);

    /// <summary>Takes over what a join says about the member; tells whether the others must learn of it.</summary>
    public bool Update(JoinRequest join)
    {
        var changed = Protocols.Count != join.Protocols.Count
            || Protocols.Zip(join.Protocols).Any(p => p.First.Name != p.Second.Name || !p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));
        (InstanceId, ClientId, ClientHost) = (join.InstanceId, join.ClientId, join.ClientHost);
        (SessionTimeout, RebalanceTimeout, Protocols) = (join.SessionTimeout, join.RebalanceTimeout, join.Protocols);
        return changed;
    }

    public Task<JoinAnswer> AwaitJoin()
    {
        AnswerJoin(JoinAnswer.Refused(ErrorCode.UnknownMemberId, id));
        _join = new TaskCompletionSource<JoinAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _join.Task;
    }

    public Task<SyncAnswer> AwaitSync()
    {
        AnswerSync(new SyncAnswer(ErrorCode.RebalanceInProgress, []));
        _sync = new TaskCompletionSource<SyncAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _sync.Task;
    }

    public void AnswerJoin(JoinAnswer answer)
    {
        _join?.TrySetResult(answer);
        _join = null;
    }

    public void AnswerSync(SyncAnswer answer)
    {
        _sync?.TrySetResult(answer);
        _sync = null;
    }

    /// <summary>Answers whatever is owed to a member that is no longer one.</summary>
    public void Dismiss(ErrorCode reason)
    {
        AnswerJoin(JoinAnswer.Refused(reason, id));
        AnswerSync(new SyncAnswer(reason, []));
    }
}
