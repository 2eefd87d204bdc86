using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Publications as their contract says they behave, in memory.</summary>
sealed class FakePublications : Publications.PublicationsBase
{
    public ConcurrentDictionary<string, Publication> All { get; } = new();
    /// <summary>Former slugs, by slug.</summary>
    public ConcurrentDictionary<string, string> Former { get; } = new();
    public ConcurrentDictionary<(string Publication, string Person), PublicationRole> Members { get; } = new();
    public ConcurrentDictionary<string, Submission> Submissions { get; } = new();
    public List<AnswerSubmissionRequest> Answers { get; } = [];

    public Publication Add(string slug, string name = "Harbour Notes")
    {
        var publication = new Publication { Id = Guid.CreateVersion7().ToString(), Slug = slug, Name = name, Description = "What the tide brings.", CreateTime = Timestamp.FromDateTime(DateTime.UtcNow), Revision = 1 };
        return All[publication.Id] = publication;
    }

    static string? Caller(ServerCallContext context) => context.RequestHeaders.GetValue("authorization") is { } header ? FakeIdentity.SubjectOf(header["Bearer ".Length..]) : null;

    public override Task<GetPublicationResponse> GetPublication(GetPublicationRequest request, ServerCallContext context)
    {
        var slug = Former.GetValueOrDefault(request.Slug, request.Slug);
        return All.Values.FirstOrDefault(p => request.KeyCase == GetPublicationRequest.KeyOneofCase.Slug ? p.Slug == slug : p.Id == request.Id) is { } found
            ? Task.FromResult(new GetPublicationResponse { Publication = found })
            : throw RpcErrors.NotFound("There is no such publication.");
    }

    public override Task<BatchGetPublicationsResponse> BatchGetPublications(BatchGetPublicationsRequest request, ServerCallContext context) =>
        Task.FromResult(new BatchGetPublicationsResponse { Publications = { request.Ids.Where(All.ContainsKey).Select(id => All[id]) } });

    public override Task<CreatePublicationResponse> CreatePublication(CreatePublicationRequest request, ServerCallContext context)
    {
        if (All.Values.Any(p => p.Slug == request.Publication.Slug))
            throw RpcErrors.Create(StatusCode.AlreadyExists, "Another publication has this address.", "SLUG_TAKEN");
        var made = Add(request.Publication.Slug, request.Publication.Name);
        Members[(made.Id, Caller(context)!)] = PublicationRole.Owner;
        return Task.FromResult(new CreatePublicationResponse { Publication = made });
    }

    public override Task<ListMembersResponse> ListMembers(ListMembersRequest request, ServerCallContext context) => Task.FromResult(new ListMembersResponse
    {
        Members = { Members.Where(m => m.Key.Publication == request.PublicationId).OrderBy(m => m.Value).Select(m => new Member { PersonId = m.Key.Person, Role = m.Value }) },
        Role = Caller(context) is { } me ? Members.GetValueOrDefault((request.PublicationId, me)) : PublicationRole.Unspecified,
    });

    public override Task<ListSubmissionsResponse> ListSubmissions(ListSubmissionsRequest request, ServerCallContext context) => Task.FromResult(new ListSubmissionsResponse
    {
        Submissions = { Submissions.Values.Where(s => request.PublicationId.Length > 0 ? s.PublicationId == request.PublicationId && s.State == SubmissionState.Waiting : s.AuthorId == Caller(context)) },
    });

    public override Task<AnswerSubmissionResponse> AnswerSubmission(AnswerSubmissionRequest request, ServerCallContext context)
    {
        lock (Answers) Answers.Add(request);
        var submission = Submissions[request.Id];
        (submission.State, submission.Feedback, submission.AnsweredBy) = (SubmissionState.SentBack, request.Feedback, Caller(context)!);
        return Task.FromResult(new AnswerSubmissionResponse { Submission = submission });
    }
}
