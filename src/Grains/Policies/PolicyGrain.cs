using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Policies;

/// <summary>
/// One organization's policy, as a row of its own: a program that does not know of policies then rewrites none. It
/// tells the organization's authority of every change before it answers, and again when it is activated, in case a
/// crash came between commit and call.
/// </summary>
[GrainType(Kinds.Policy)]
public sealed class PolicyGrain(IRecordStore store, SiloLease lease, RestrictionGate gate, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Policy), IPolicyGrain
{
    private const string Name = "policy";

    public async Task<ResourceAnswer> Set(SetPolicy command, CancellationToken cancellationToken)
    {
        // A silo that does not know of policies would go on issuing what they forbid.
        if (!gate.IsKnown(Restriction.Policies))
        {
            LeaveIfAbsent();
            return Refused(ResourceRefusal.UpgradePending);
        }

        var organization = await Organization(new OrganizationId(Id)).Get(cancellationToken);
        if (organization is null)
        {
            LeaveIfAbsent();
            return Refused(ResourceRefusal.NotFound);
        }

        if (organization.ParentId is { } parent
            && await Organization(parent).GetPolicy(cancellationToken) is { } above
            && !command.Content.ToPolicy().IsWithin(above.ToPolicy()))
        {
            LeaveIfAbsent();
            return Refused(ResourceRefusal.InvalidReference) with
            {
                Details = [$"demands less than the policy of the organization above, which says {WordsOf(above)}"],
            };
        }

        if (!await gate.Admits(Restriction.Policies, command.Context))
        {
            LeaveIfAbsent();
            return Refused(ResourceRefusal.UpgradePending);
        }

        ResourceContent content = new() { Policy = command.Content };
        if (Current is { DeletedAt: null } current)
        {
            return await Update(
                new UpdateResource
                {
                    Context = command.Context,
                    Verb = "update",
                    Name = current.Name,
                    FullName = current.FullName,
                    Content = content,
                    ExpectedVersion = command.ExpectedVersion,
                },
                cancellationToken);
        }

        return command.ExpectedVersion is null or 0
            ? await Create(
                new CreateResource
                {
                    Context = command.Context, OrganizationId = organization.Id, Name = Name, Content = content,
                },
                cancellationToken)
            : Refused(ResourceRefusal.ChangedMeanwhile);
    }

    /// <summary>What a policy below it has to keep to.</summary>
    private static string WordsOf(PolicyContent above)
    {
        List<string> words = [];
        if (above.LongestLife is { } longest)
        {
            words.Add($"longest_life {longest}");
        }

        if (above.MustExpire)
        {
            words.Add("must_expire true");
        }

        if (above.AllowedKinds is { } kinds)
        {
            words.Add($"allowed_kinds {string.Join(' ', kinds)}");
        }

        return string.Join(", ", words);
    }

    protected override Task OnLoaded() => Current is { } state ? OnCommitted(state) : Task.CompletedTask;

    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));

    /// <summary>
    /// It concerns all of the organization, so no caller that is narrowed within it changes it. Nobody uses it from
    /// anywhere, so that a caller's addresses are no matter.
    /// </summary>
    protected override ValueTask<Grant> RightsOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Grant.Of(
            ActionSet.Of(["organizations:update"]),
            new Resources { OrganizationIds = Selection.Of(state.OrganizationId.ToString()) })
            .From(AddressRanges.Nowhere));

    protected override Task OnCommitted(ResourceState state) => Organization(state.OrganizationId)
        .PolicyChanged(state.DeletedAt is null ? state.Content.Policy : null, state.Version);
}
