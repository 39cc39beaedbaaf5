using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>The plans of an organization that wait to be started. There are few, since each keeps the ids of its
/// tokens.</summary>
internal static class RevocationPlans
{
    private const int Most = 20;

    /// <summary>A plan that is over has its place until a reminder comes for it.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5);

    private static readonly ListField Status = new("status", ListFieldKind.Word, JsonName: "status");

    private static readonly ListField CreatedAt = new("created_at", ListFieldKind.Time, "created_at");

    private static readonly ListSchema Schema = new(Status.Name, [Status, CreatedAt]);

    public static Quota PlacesOf(OrganizationId organization) => new()
    {
        Kinds = [Kinds.RevocationJob], OrganizationId = organization, Statuses = [nameof(RevocationJobStatus.Planned)], Most = Most,
    };

    /// <summary>How long it is until the earliest plan is over.</summary>
    public static async Task<TimeSpan> UntilOneIsOver(
        IRecordStore store, OrganizationId organization, DateTimeOffset now)
    {
        ListQuery earliest = new(
            Schema, Limit: 1, StartAfter: null, [new ListOrder(CreatedAt, Descending: false)],
            [new ListFilter(Status, ListOperator.In, [nameof(RevocationJobStatus.Planned)])]);
        var rows = await store.ListAfter(
            new RecordScope(Kinds.RevocationJob, organization.ToString()), earliest, after: null, now);
        var wait = rows is [var (row, _), ..] ? row.CreatedAt + RevocationJobMachine.PlanHolds - now : TimeSpan.Zero;
        return wait > ShortestWait ? wait : ShortestWait;
    }
}
