using TokenActors.Client.Http;

namespace TokenActors.Client.Jobs;

/// <summary>A change of many things, which goes on after its call.</summary>
/// <param name="Id">its id</param>
/// <param name="Kind"><c>revoke</c></param>
/// <param name="State"><c>planned</c>, <c>running</c>, <c>done</c> or <c>stopped</c></param>
/// <param name="Total">how many things were chosen</param>
/// <param name="Done">of them, done</param>
/// <param name="Gone">of them, gone before their turn</param>
/// <param name="Refused">of them, beyond the grant of who started it</param>
/// <param name="Filter">by which they were chosen</param>
/// <param name="TokenId">the token that started it</param>
/// <param name="MemberId">the member behind that</param>
/// <param name="CreatedAt">when the things were chosen</param>
/// <param name="StartBefore">until when a plan may be started</param>
/// <param name="StartedAt">when it was started</param>
/// <param name="EndedAt">when it ended</param>
public sealed record Job(
    string Id, string Kind, string State, int Total, int Done, int Gone, int Refused, IReadOnlyList<string> Filter,
    string TokenId,
    string MemberId, DateTimeOffset CreatedAt, DateTimeOffset? StartBefore, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>Nothing more will happen.</summary>
    public bool IsOver => State is "done" or "stopped";
}

/// <summary>What a revocation of many tokens would do.</summary>
/// <param name="Id">starts exactly this revocation</param>
/// <param name="StartBefore">until when</param>
/// <param name="Affected">the chosen tokens</param>
public sealed record Plan(
    [property: System.Text.Json.Serialization.JsonPropertyName("plan")] string Id, DateTimeOffset? StartBefore, Affected? Affected);

/// <summary><c>/lifecycle/v1/jobs</c>.</summary>
public sealed class JobsClient
{
    private readonly ApiGroup _api;
    private readonly TimeProvider _time;

    internal JobsClient(ApiGroup api, TimeProvider time) => (_api, _time) = (api, time);

    /// <summary>How far a job is.</summary>
    /// <param name="id">the job</param>
    /// <param name="cancellation">ends the call</param>
    public Task<Job> Get(string id, CancellationToken cancellation = default) =>
        _api.Connection.Read(ApiCall.Get(PathOf(id)), ApiGroup.Json.Job, cancellation);

    /// <summary>How far a job is, again and again until it is over.</summary>
    /// <param name="id">the job</param>
    /// <param name="every">how long to wait between two looks; null: half a second</param>
    /// <param name="cancellation">ends the following, not the job</param>
    public IAsyncEnumerable<Job> Follow(string id, TimeSpan? every = null, CancellationToken cancellation = default) =>
        Following.UntilOver(token => Get(id, token), job => job.IsOver, every, _time, cancellation);

    /// <summary>Stops a job; what was done stays done.</summary>
    /// <param name="id">the job</param>
    public Change<Job> Stop(string id) =>
        _api.Change(ApiCall.Delete(PathOf(id)) with { Safety = RepeatSafety.ByKey }, ApiGroup.Json.Job);

    private static string PathOf(string id) => $"{ApiGroup.Lifecycle}/jobs/{ApiGroup.Part(id)}";
}
