using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Revoking;

namespace TokenActors.Gateway.Lifecycle.Jobs;

/// <summary>The revocation of many tokens.</summary>
/// <param name="Id">its id; of a plan, what starts it</param>
/// <param name="Kind"><c>revoke</c></param>
/// <param name="State"><c>planned</c>, <c>running</c>, <c>done</c> or <c>stopped</c></param>
/// <param name="Total">how many tokens were chosen</param>
/// <param name="Done">deleted, or, of default tokens, disabled</param>
/// <param name="Gone">deleted before their turn</param>
/// <param name="Refused">beyond the grant of who started it</param>
/// <param name="Filter">by which the tokens were chosen</param>
/// <param name="TokenId">the token that made or started it</param>
/// <param name="MemberId">the member behind that</param>
/// <param name="CreatedAt">when the tokens were chosen</param>
/// <param name="StartBefore">until when a plan may be started</param>
/// <param name="StartedAt">when it was started</param>
/// <param name="EndedAt">when it ended; it is shown for 30 days</param>
internal sealed record JobWire(
    string Id, string Kind, string State, int Total, int Done, int Gone, int Refused, IReadOnlyList<string> Filter,
    string TokenId, string MemberId, DateTimeOffset CreatedAt, DateTimeOffset? StartBefore, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt)
{
    public static JobWire From(RevocationJobView job) => new(
        job.Id.ToString(), "revoke", job.Status, job.Total, job.Done, job.Gone, job.Refused, job.Filters,
        job.TokenId.ToString(), job.MemberId.ToString(), job.CreatedAt, job.PlanEndsAt, job.StartedAt, job.EndedAt);
}

/// <summary>What a revocation of many tokens would do.</summary>
/// <param name="DryRun">true</param>
/// <param name="Plan">starts exactly this revocation, as <c>{"plan": …}</c></param>
/// <param name="StartBefore">until when</param>
/// <param name="Affected">the chosen tokens</param>
internal sealed record PlanWire(bool DryRun, string Plan, DateTimeOffset? StartBefore, AffectedWire? Affected);

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(JobWire))]
[JsonSerializable(typeof(PlanWire))]
[JsonSerializable(typeof(RevokeTokensRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class JobsJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static JobsJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly JobsJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
