using System.Text.Json;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Organizations;

/// <summary>Founding and replacing an organization, and how it is written.</summary>
public sealed partial class OrganizationGrain
{
    public Task<OrganizationAnswer> FoundWithin(FoundOrganization command)
    {
        var own = Grant.Of(PermissionSets.Administrator, new() { OrganizationIds = Selection.Of(Key.Id) });
        if (command.Context.Caller is { } caller && !own.IsWithin(caller.Grant))
        {
            LeaveIfAbsent();
            return Task.FromResult(Refused(ResourceRefusal.BeyondGrant));
        }

        return Apply(() =>
        {
            if (Current is { } existing)
            {
                return Step<OrganizationState, OrganizationAnswer>.Just(
                    existing.DeletedAt is null ? new() { Organization = View(existing) } : Refused(ResourceRefusal.IdTaken));
            }

            var now = time.GetUtcNow().CutToMicroseconds();
            var state = new OrganizationState
            {
                Id = Id,
                Type = command.Type,
                Name = command.Name,
                FullName = command.FullName,
                Contact = command.Contact,
                ReplyTo = command.ReplyTo,
                Picture = command.Picture,
                ParentId = command.ParentId,
                RefreshTokenId = command.RefreshTokenId,
                Founding = true,
                CreatedAt = now,
                UpdatedAt = now,
            };
            return AnswerTo(state, command.Context, "organization.founded", now);
        });
    }

    public Task<OrganizationAnswer> Replace(ReplaceOrganization command) => Apply(() =>
    {
        if (Current is not { DeletedAt: null } current || (command.Context.Caller is { } caller && caller.OrganizationId != Id))
        {
            return Step<OrganizationState, OrganizationAnswer>.Just(Refused(ResourceRefusal.NotFound));
        }

        if (CurrentCommand == command.Context.CommandId.ToString("N"))
        {
            return Step<OrganizationState, OrganizationAnswer>.Just(new() { Organization = View(current) });
        }

        if (command.ExpectedVersion is { } expected && expected != current.Version)
        {
            return Step<OrganizationState, OrganizationAnswer>.Just(Refused(ResourceRefusal.ChangedMeanwhile));
        }

        var next = current with
        {
            Name = command.Name,
            FullName = command.FullName,
            Contact = command.Contact,
            ReplyTo = command.ReplyTo,
            Picture = command.Picture,
            Options = new OrganizationOptions
            {
                InviteDuration = command.InviteDuration,
                ForgotDuration = command.ForgotDuration,
                PasswordDuration = command.PasswordDuration,
                MinimumPasswordLength = command.MinimumPasswordLength,
            },
        };
        return next == current
            ? Step<OrganizationState, OrganizationAnswer>.Just(new() { Organization = View(current) })
            : AnswerTo(next, command.Context, "organization.replaced", time.GetUtcNow().CutToMicroseconds());
    });

    private Step<OrganizationState, OrganizationAnswer> AnswerTo(OrganizationState state, CallContext context, string happened, DateTimeOffset now)
    {
        var (next, commit) = CommitOf(state, context, happened, now);
        return new(next, commit, outcome => outcome switch
        {
            CommitOutcome.Done => new() { Organization = next.DeletedAt is null ? View(next) : null },
            CommitOutcome.NameTaken => Refused(ResourceRefusal.NameTaken),
            CommitOutcome.ParentGone => Refused(ResourceRefusal.OwnerGone),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        });
    }

    private (OrganizationState Next, Commit Commit) CommitOf(OrganizationState state, CallContext context, string happened, DateTimeOffset now)
    {
        var next = state with { UpdatedAt = now, Version = (Current?.Version ?? 0) + 1 };
        var commandId = context.CommandId.ToString("N");
        var record = new StoredRecord
        {
            Key = Key,
            Version = next.Version,
            CommandId = commandId,
            State = JsonSerializer.Serialize(next, IdentityJson.Default.OrganizationState),
            OrganizationId = "",
            OwnerId = next.ParentId?.ToString(),
            Name = next.Name,
            NameKey = next.DeletedAt is null ? next.Name.ToLowerInvariant() : null,
            Status = next.DeletedAt is null ? StoredRecord.Live : next.CascadePending ? StoredRecord.Deleting : StoredRecord.Deleted,
            CreatedAt = next.CreatedAt,
            UpdatedAt = next.UpdatedAt,
            DueAt = NextDue(next),
        };
        return (next, new Commit(record, next.Version - 1, [Audit(context, commandId, context.Caller?.OrganizationId.ToString() ?? Key.Id, happened, next.Version, now)])
        {
            LiveParents = Current is null && next.ParentId is { } parent ? [new(Kinds.Organization, parent.ToString())] : [],
            Renames = Current is { } before && next.DeletedAt is null && !before.Name.Equals(next.Name, StringComparison.OrdinalIgnoreCase),
        });
    }

    private CallContext Internal() => new() { CommandId = Guid.CreateVersion7(time.GetUtcNow()) };

    private static OrganizationAnswer Refused(ResourceRefusal refusal) => new() { Refusal = refusal };
}
