using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Groups;

/// <summary>
/// The coordinator's side of the classic consumer group protocol (Kafka protocol guide, "Group Membership API"; KIP-62 for the two time-outs,
/// KIP-345 for static members, KIP-394 for member ids):
/// <code>
///            join                    everybody joined,            leader synced
///  Empty ───────────▶ Preparing ───── or time is up ──▶ Completing ──────────▶ Stable
///    ▲                 │     ▲                              │                     │
///    └── all are gone ─┘     └── join, leave, death of a member, leader silent ───┘
/// </code>
/// All state is under one lock; one timer per group stands at the next deadline, so a quiet group costs nothing.
/// </summary>
sealed class ConsumerGroup : IDisposable
{
    static readonly TimeSpan MinSessionTimeout = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan MaxSessionTimeout = TimeSpan.FromMinutes(30);

    enum State
    {
        Empty,
        PreparingRebalance,
        CompletingRebalance,
        Stable,
    }

    readonly Lock _lock = new();
    readonly TimeSpan _initialDelay;
    readonly TimeProvider _time;
    readonly long _origin;
    readonly ITimer _timer;
    readonly Dictionary<string, Member> _members = [];
    readonly Dictionary<string, TimeSpan> _promisedIds = [];
    State _state;
    int _generation;
    string _protocol = "", _protocolType = "", _leaderId = "";

    /// <summary>Preparing: not before, and not after. Completing: the leader's time to answer.</summary>
    TimeSpan _rebalanceNotBefore, _rebalanceEnds;

    public ConsumerGroup(string id, TimeSpan initialDelay, TimeProvider time)
    {
        Id = id;
        _initialDelay = initialDelay;
        _time = time;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Advance(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Id { get; }

    public string ProtocolType => _protocolType;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _members.Count == 0;
        }
    }

    TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Completes when the rebalance that this join takes part in does.</summary>
    public Task<JoinAnswer> Join(JoinRequest join)
    {
        lock (_lock)
        {
            if (join.SessionTimeout < MinSessionTimeout || join.SessionTimeout > MaxSessionTimeout)
                return Task.FromResult(JoinAnswer.Refused(ErrorCode.InvalidSessionTimeout, join.MemberId));
            var others = _members.Values.Where(m => m.Id != join.MemberId && (join.InstanceId is null || m.InstanceId != join.InstanceId)).ToList();
            if (join.Protocols.Count == 0 || (others.Count > 0 && (join.ProtocolType != _protocolType || !join.Protocols.Any(p => others.All(m => m.Offers(p.Name))))))
                return Task.FromResult(JoinAnswer.Refused(ErrorCode.InconsistentGroupProtocol, join.MemberId));
            var (member, refusal) = Admit(join);
            if (member is null)
                return Task.FromResult(refusal!);

            _protocolType = join.ProtocolType;
            var changed = member.Update(join);
            member.ExpiresAt = Now + join.SessionTimeout;
            var answer = member.AwaitJoin();
            if (!changed && (_state == State.CompletingRebalance || (_state == State.Stable && member.Id != _leaderId)))
            {
                // It asks again, probably because an answer got lost: nothing new for the others.
                AnswerJoin(member);
            }
            else
            {
                if (_state != State.PreparingRebalance)
                    Prepare();
                TryCompleteJoin();
            }

            Schedule();
            return answer;
        }
    }

    (Member? Member, JoinAnswer? Refusal) Admit(JoinRequest join)
    {
        var instance = join.InstanceId is null ? null : _members.Values.FirstOrDefault(m => m.InstanceId == join.InstanceId);
        if (join.MemberId != "")
        {
            if (instance is not null && instance.Id != join.MemberId)
                return (null, JoinAnswer.Refused(ErrorCode.FencedInstanceId, join.MemberId));
            if (_members.TryGetValue(join.MemberId, out var known))
                return (known, null);
            return _promisedIds.Remove(join.MemberId) ? (Add(join.MemberId), null) : (null, JoinAnswer.Refused(ErrorCode.UnknownMemberId, join.MemberId));
        }

        var id = $"{join.InstanceId ?? join.ClientId}-{Guid.NewGuid():N}";
        if (instance is not null)
        {
            // A static member came back after a restart: it takes the place of its former self.
            instance.Dismiss(ErrorCode.FencedInstanceId);
            _members.Remove(instance.Id);
        }
        else if (join.MustKnowId && join.InstanceId is null)
        {
            _promisedIds[id] = Now + join.SessionTimeout;
            Schedule();
            return (null, JoinAnswer.Refused(ErrorCode.MemberIdRequired, id));
        }

        return (Add(id), null);
    }

    Member Add(string id) => _members[id] = new Member(id);

    void Prepare()
    {
        foreach (var member in _members.Values)
        {
            member.AnswerSync(new SyncAnswer(ErrorCode.RebalanceInProgress, []));
            member.Assignment = [];
        }

        _rebalanceNotBefore = _state == State.Empty ? Now + _initialDelay : Now;
        _rebalanceEnds = _rebalanceNotBefore + _members.Values.Select(m => m.RebalanceTimeout).DefaultIfEmpty().Max();
        _state = State.PreparingRebalance;
    }

    void TryCompleteJoin()
    {
        if (_state != State.PreparingRebalance || Now < _rebalanceNotBefore)
            return;
        if (_members.Values.Any(m => !m.IsJoining))
        {
            if (Now < _rebalanceEnds)
                return;
            foreach (var late in _members.Values.Where(m => !m.IsJoining).ToList())
                _members.Remove(late.Id);
        }

        if (_members.Count == 0)
        {
            (_state, _leaderId, _protocol) = (State.Empty, "", "");
            return;
        }

        _generation++;
        if (!_members.ContainsKey(_leaderId))
            _leaderId = _members.Keys.First();
        _protocol = MostWanted();
        _state = State.CompletingRebalance;
        _rebalanceEnds = Now + _members.Values.Max(m => m.RebalanceTimeout);
        foreach (var member in _members.Values)
            AnswerJoin(member);
    }

    /// <summary>Of the protocols that every member offers, the one that most members name first.</summary>
    string MostWanted() => _members.Values
        .Select(m => m.Protocols.First(p => _members.Values.All(other => other.Offers(p.Name))).Name)
        .GroupBy(name => name).MaxBy(votes => votes.Count())!.Key;

    void AnswerJoin(Member member)
    {
        member.ExpiresAt = Now + member.SessionTimeout;
        var members = member.Id == _leaderId ? _members.Values.Select(m => (m.Id, m.InstanceId, m.MetadataFor(_protocol))).ToList() : [];
        member.AnswerJoin(new JoinAnswer(ErrorCode.None, _generation, _protocol, _leaderId, member.Id, members));
    }

    /// <summary>The leader brings everybody's assignment; everybody waits for it here.</summary>
    public Task<SyncAnswer> Sync(string memberId, string? instanceId, int generation, IReadOnlyDictionary<string, byte[]> assignments)
    {
        lock (_lock)
        {
            var error = Check(memberId, instanceId, generation, out var member);
            if (error == ErrorCode.None && _state == State.PreparingRebalance)
                error = ErrorCode.RebalanceInProgress;
            if (error != ErrorCode.None)
                return Task.FromResult(new SyncAnswer(error, []));
            if (_state == State.Stable)
                return Task.FromResult(new SyncAnswer(ErrorCode.None, member!.Assignment));

            var answer = member!.AwaitSync();
            if (memberId == _leaderId)
            {
                _state = State.Stable;
                foreach (var each in _members.Values)
                {
                    each.Assignment = assignments.GetValueOrDefault(each.Id, []);
                    each.ExpiresAt = Now + each.SessionTimeout;
                    each.AnswerSync(new SyncAnswer(ErrorCode.None, each.Assignment));
                }
            }

            Schedule();
            return answer;
        }
    }

    public ErrorCode Heartbeat(string memberId, string? instanceId, int generation)
    {
        lock (_lock)
        {
            var error = Check(memberId, instanceId, generation, out _);
            return error == ErrorCode.None && _state == State.PreparingRebalance ? ErrorCode.RebalanceInProgress : error;
        }
    }

    /// <summary>May this caller commit offsets? Somebody who is no member (generation -1) may while the group has no members.</summary>
    public ErrorCode CheckCommit(string memberId, string? instanceId, int generation)
    {
        lock (_lock)
        {
            if (generation < 0 && memberId == "")
                return _members.Count == 0 ? ErrorCode.None : ErrorCode.UnknownMemberId;
            var error = Check(memberId, instanceId, generation, out _);
            return error == ErrorCode.None && _state == State.CompletingRebalance ? ErrorCode.RebalanceInProgress : error;
        }
    }

    public ErrorCode Leave(string memberId, string? instanceId)
    {
        lock (_lock)
        {
            var member = instanceId is null ? _members.GetValueOrDefault(memberId) : _members.Values.FirstOrDefault(m => m.InstanceId == instanceId);
            if (member is null)
                return _promisedIds.Remove(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
            if (memberId != "" && member.Id != memberId)
                return ErrorCode.FencedInstanceId;
            Remove(member);
            Schedule();
            return ErrorCode.None;
        }
    }

    public GroupDescription Describe()
    {
        lock (_lock)
            return new GroupDescription(_state.ToString(), _protocolType, _state == State.Stable ? _protocol : "",
                [.. _members.Values.Select(m => new MemberDescription(m.Id, m.InstanceId, m.ClientId, m.ClientHost, m.MetadataFor(_protocol), m.Assignment))]);
    }

    ErrorCode Check(string memberId, string? instanceId, int generation, out Member? member)
    {
        member = _members.GetValueOrDefault(memberId);
        if (member is null)
            return instanceId is not null && _members.Values.Any(m => m.InstanceId == instanceId) ? ErrorCode.FencedInstanceId : ErrorCode.UnknownMemberId;
        // Whoever asks is alive, even if it asks about an earlier generation.
        member.ExpiresAt = Now + member.SessionTimeout;
        return generation == _generation ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    void Remove(Member member)
    {
        _members.Remove(member.Id);
        member.Dismiss(ErrorCode.UnknownMemberId);
        if (_state is State.Stable or State.CompletingRebalance)
            Prepare();
        TryCompleteJoin();
    }

    /// <summary>A deadline passed: bury the dead, end what lasted too long.</summary>
    void Advance()
    {
        lock (_lock)
        {
            var now = Now;
            foreach (var (id, until) in _promisedIds)
                if (until <= now)
                    _promisedIds.Remove(id);
            foreach (var dead in _members.Values.Where(m => !m.IsWaiting && m.ExpiresAt <= now).ToList())
                Remove(dead);
            if (_state == State.CompletingRebalance && now >= _rebalanceEnds)
                Prepare();
            TryCompleteJoin();
            Schedule();
        }
    }

    /// <summary>A heartbeat only moves a deadline further away, so it leaves the timer alone: that then finds nothing to do and is set again.</summary>
    void Schedule()
    {
        var deadlines = _members.Values.Where(m => !m.IsWaiting).Select(m => m.ExpiresAt).Concat(_promisedIds.Values);
        if (_state is State.PreparingRebalance or State.CompletingRebalance)
            deadlines = deadlines.Append(_state == State.PreparingRebalance && Now < _rebalanceNotBefore ? _rebalanceNotBefore : _rebalanceEnds);
        var next = deadlines.DefaultIfEmpty(TimeSpan.MaxValue).Min();
        // One millisecond more, because timers are allowed to be early by a fraction of one.
        _timer.Change(next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((next - Now).TotalMilliseconds)) + 1), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
