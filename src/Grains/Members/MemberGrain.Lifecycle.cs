using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Members;

/// <summary>
/// Making and replacing a member. Its roles, before and after, lie within what the caller may do; the last one who can administer
/// the organization stays.
/// </summary>
public sealed partial class MemberGrain
{
    public async Task<MemberAnswer> Add(CreateMember command)
    {
        var caller = command.Context.Caller;
        if (caller is not null && caller.OrganizationId != command.OrganizationId)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        var organization = GrainFactory.GetGrain<IOrganizationGrain>(command.OrganizationId.ToString());
        if (caller is not null && await RefuseRoles(organization, caller, command.RoleBinding) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow().CutToMicroseconds();
        var commandId = command.Context.CommandId.ToString("N");
        var ttl = command.Ttl is { } given ? GoDuration.Of(given) : DefaultTtl;
        var expires = await PasswordExpiry(command.OrganizationId, ttl.Value);
        return await Change(command.Context, "member.created", current => current is not null
            ? CurrentCommand == commandId ? current : null
            : new MemberState
            {
                Id = Id,
                OrganizationId = command.OrganizationId,
                Name = command.Name,
                FullName = command.FullName ?? command.Name,
                Nickname = command.Nickname,
                Picture = command.Picture,
                Type = command.Type,
                Status = command.Status,
                RoleBinding = command.RoleBinding,
                Ttl = ttl,
                TokenTtl = command.TokenTtl is { } text ? GoDuration.Of(text) : DefaultTokenTtl,
                ExpiresAt = command.PasswordExpired ? now : expires,
                PinExpiresAt = now,
                LastLogon = now,
                CreatedAt = now,
                UpdatedAt = now,
                Password = Verifier(command.Password),
            });
    }

    public async Task<MemberAnswer> Replace(ReplaceMember command)
    {
        if (Found(command.Context.Caller) is not { } before)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        var after = before with
        {
            Name = command.Name,
            FullName = command.FullName,
            Nickname = command.Nickname,
            Picture = command.Picture,
            Status = command.Status,
            RoleBinding = before.RoleBinding.SequenceEqual(command.RoleBinding) ? before.RoleBinding : command.RoleBinding,
            Ttl = GoDuration.Of(command.Ttl),
            TokenTtl = GoDuration.Of(command.TokenTtl),
        };
        return await RefuseRights(before, after, command.Context.Caller)
            ?? await Leaving(before, after, () => Change(command.Context, "member.replaced", current =>
                current is null || current.Version != before.Version || (command.ExpectedVersion is { } expected && expected != current.Version) ? null : after));
    }

    /// <summary>A new password lasts as long as the member's own do, and no longer than its organization lets them.</summary>
    private async Task<DateTimeOffset> PasswordExpiry(OrganizationId organization, TimeSpan ttl)
    {
        var longest = (await GrainFactory.GetGrain<IOrganizationGrain>(organization.ToString()).Get())?.PasswordDuration is { } text ? GoDuration.Of(text).Value : ttl;
        return time.GetUtcNow().CutToMicroseconds().PlusCapped(longest < ttl ? longest : ttl);
    }

    private MemberState? Found(Caller? caller)
    {
        LeaveIfAbsent();
        return Current is { DeletedAt: null } state && (caller is null || caller.OrganizationId == state.OrganizationId) ? state : null;
    }

    private async ValueTask<MemberAnswer?> RefuseRights(MemberState before, MemberState after, Caller? caller) => caller is null
        ? null
        : await RefuseRoles(Organization(before), caller, before.RoleBinding, unknownIsFine: true) ?? (ReferenceEquals(before, after)
            ? null
            : await RefuseRoles(Organization(before), caller, after.RoleBinding));

    private static async Task<MemberAnswer?> RefuseRoles(
        IOrganizationGrain organization, Caller caller, System.Collections.Immutable.ImmutableArray<string> roles, bool unknownIsFine = false)
    {
        var resolved = await organization.ResolveRoles(roles);
        return resolved.Unknown.Length > 0 && !unknownIsFine ? Refused(ResourceRefusal.InvalidReference) with { Details = resolved.Unknown }
            : resolved.Grant.IsWithin(caller.Grant) ? null
            : Refused(ResourceRefusal.BeyondGrant);
    }

    /// <summary>Asks leave first where the member ceases to be one that can administer the organization.</summary>
    private async Task<MemberAnswer> Leaving(MemberState before, MemberState after, Func<Task<MemberAnswer>> change)
    {
        if (!Administers(before) || Administers(after))
        {
            return await change();
        }

        if (!await Organization(before).LetAdministratorGo(Id))
        {
            return Refused(ResourceRefusal.LastAdministrator);
        }

        var answer = await change();
        if (answer.Refusal is not null)
        {
            await Organization(before).KeepAdministrator(Id);
        }

        return answer;
    }

    private static bool Administers(MemberState state) => state is { DeletedAt: null, Stands: true }
        && state.RoleBinding.Any(role => role is BuiltinRoles.Administrator or BuiltinRoles.RootAdministrator);

    private async Task<MemberAnswer> Change(CallContext context, string happened, Func<MemberState?, MemberState?> change)
    {
        var answer = await Apply(() =>
        {
            var next = Current is { DeletedAt: not null } ? null : change(Current);
            return next is null
                ? Step<MemberState, MemberAnswer>.Just(Refused(
                    Current is null or { DeletedAt: not null } ? ResourceRefusal.NotFound
                    : happened == "member.created" ? ResourceRefusal.IdTaken
                    : ResourceRefusal.ChangedMeanwhile))
                : next == Current ? Step<MemberState, MemberAnswer>.Just(Done(next))
                : StepTo(next, context, happened);
        });
        await TellAuthority();
        return answer;
    }

    private Step<MemberState, MemberAnswer> StepTo(MemberState state, CallContext context, string happened)
    {
        var now = time.GetUtcNow().CutToMicroseconds();
        var commandId = context.CommandId.ToString("N");
        var next = state with { UpdatedAt = now, Version = (Current?.Version ?? 0) + 1 };
        var audit = Audit(context, commandId, next.OrganizationId.ToString(), happened, next.Version, now);
        return new Step<MemberState, MemberAnswer>(
            next,
            new Commit(MemberRecord.Of(next, commandId), next.Version - 1, [audit])
            {
                LiveParents = Current is null ? [new(Kinds.Organization, next.OrganizationId.ToString())] : [],
                Renames = Current is { } before && next.DeletedAt is null && !before.Name.Equals(next.Name, StringComparison.OrdinalIgnoreCase),
            },
            outcome => outcome switch
            {
                CommitOutcome.Done => Done(next),
                CommitOutcome.NameTaken => Refused(ResourceRefusal.NameTaken),
                CommitOutcome.ParentGone => Refused(ResourceRefusal.OwnerGone),
                _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
            });
    }

    private IOrganizationGrain Organization(MemberState state) => GrainFactory.GetGrain<IOrganizationGrain>(state.OrganizationId.ToString());

    private CallContext Internal() => new() { CommandId = Guid.CreateVersion7(time.GetUtcNow()) };

    private static MemberAnswer Done(MemberState state) => new() { Member = MemberRecord.View(state) };

    private static MemberAnswer Refused(ResourceRefusal refusal) => new() { Refusal = refusal };
}
