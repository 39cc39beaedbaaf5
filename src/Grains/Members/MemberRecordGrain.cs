using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Members;

/// <summary>
/// A member's row, what goes with it, and its organization's authority, which is told of every change before it is
/// answered.
/// </summary>
public abstract class MemberRecordGrain(IRecordStore store, SiloLease lease, TimeProvider time)
    : TombstoneGrain<MemberState, MemberAnswer>(store, lease, time, Kinds.Member)
{
    /// <summary>
    /// Tells the authority again, in case a crash came between a commit and the call that tells of it.
    /// </summary>
    protected override Task OnLoaded() => Current is { } state ? OnCommitted(state) : Task.CompletedTask;

    protected override MemberState Restore(StoredRecord record) => MemberRow.Read(record);

    protected override StoredRecord RowOf(MemberState state, string commandId) => MemberRow.Of(state, commandId);

    protected override string NameOf(MemberState state) => state.Name;

    protected override string AuditedIn(MemberState state, CallContext context) => state.OrganizationId.ToString();

    protected override IReadOnlyList<RecordKey> ParentsOf(MemberState state) =>
        [new(Kinds.Organization, state.OrganizationId.ToString())];

    protected override Transition<MemberState> FinishCascade(MemberState? current, DateTimeOffset now) =>
        MemberMachine.FinishCascade(current, now);

    protected override Task DeleteBelow(MemberState state) => TokensBelowThis(state).End();

    private protected TokenCascade TokensBelowThis(MemberState state) => new(
        Store, GrainFactory, Time, TokensBelow.Member(Store, state.OrganizationId.ToString(), state.Id.ToString()));

    protected override MemberAnswer Done(MemberState state) =>
        new() { Member = state.DeletedAt is null ? MemberViews.Of(state) : null };

    protected override MemberAnswer Refused(ResourceRefusal refusal) => new() { Refusal = refusal };

    /// <summary>The authority knows a change before it is answered.</summary>
    protected override Task OnCommitted(MemberState state) => state.DeletedAt is null
        ? Authority(state).MemberChanged(state.Id, state.Name, state.Status, state.RoleBinding, state.Version)
        : Authority(state).MemberGone(state.Id, state.Version);

    /// <summary>The answer with the roles as they are called now. A commit that it tells of is made.</summary>
    private protected async Task<MemberAnswer> Shown(MemberAnswer answer) => answer.Member is { } member
        ? answer with
        {
            Member = await MemberViews.WithPresentRoles(
                member, Organization(member.OrganizationId), CancellationToken.None),
        }
        : answer;

    private protected async Task<PasswordLives> LivesIn(OrganizationId organization, CancellationToken cancellationToken) =>
        await Organization(organization).Get(cancellationToken) is { } view
            ? PasswordLives.Of(view.PasswordDuration, view.InviteDuration, view.ForgotDuration)
            : PasswordLives.Default;

    private protected IOrganizationGrain Organization(OrganizationId id) =>
        GrainFactory.GetGrain<IOrganizationGrain>(id.ToString());

    private protected IOrganizationGrain Authority(MemberState state) => Organization(state.OrganizationId);
}
