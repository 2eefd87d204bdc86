using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Groups;

/// <summary>A way of assigning partitions that a member offers, with what it wants to tell the leader about itself.</summary>
sealed record OfferedProtocol(string Name, byte[] Metadata);

/// <param name="MustKnowId">JoinGroup v4 and later: a new member first gets an id and joins again with it, so that lost answers leave no ghosts (KIP-394).</param>
sealed record JoinRequest(
    string MemberId, string? InstanceId, string ClientId, string ClientHost, TimeSpan SessionTimeout, TimeSpan RebalanceTimeout, string ProtocolType,
    IReadOnlyList<OfferedProtocol> Protocols, bool MustKnowId);

/// <param name="Members">Only the leader gets them.</param>
sealed record JoinAnswer(ErrorCode Error, int Generation, string Protocol, string LeaderId, string MemberId, IReadOnlyList<(string Id, string? InstanceId, byte[] Metadata)> Members)
{
    public static JoinAnswer Refused(ErrorCode error, string memberId) => new(error, -1, "", "", memberId, []);
}

sealed record SyncAnswer(ErrorCode Error, byte[] Assignment);

sealed record MemberDescription(string Id, string? InstanceId, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);

sealed record GroupDescription(string State, string ProtocolType, string Protocol, IReadOnlyList<MemberDescription> Members);
