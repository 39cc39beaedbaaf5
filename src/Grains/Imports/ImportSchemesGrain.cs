using System.Collections.Immutable;
using System.Text.Json;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Imports;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Imports;

/// <summary>
/// The schemes of one organization, all in one row, so that no two can have the same key. One is taken away only while
/// no token accepts a key of it.
/// </summary>
[GrainType(Kinds.ImportSchemes)]
public sealed class ImportSchemesGrain(
    IRecordStore store, SiloLease lease, IImportedKeys keys, RestrictionGate gate, TimeProvider time)
    : RecordGrain<ImportSchemes>(store, lease, time, Kinds.ImportSchemes), IImportSchemesGrain
{
    private const string Changing = "organizations:update";

    public async Task<ImmutableArray<ImportSchemeView>> List(CancellationToken cancellationToken)
    {
        var schemes = await LoadIfMade(cancellationToken);
        LeaveIfAbsent();
        return schemes is null ? [] : [.. schemes.Schemes.Select(ImportSchemeView.From)];
    }

    public async Task<ImportSchemeAnswer> Add(AddImportScheme command, CancellationToken cancellationToken)
    {
        if (RefusalOf(command.Context) is { } refusal)
        {
            return Refused(refusal);
        }

        var scheme = command.Scheme.ToScheme() with { CreatedAt = Now };
        return await Apply(
            () =>
            {
                var (next, no) = (Current ?? ImportSchemes.None(Organization, Now)).Add(scheme, Now);
                return next is null
                    ? Step<ImportSchemes, ImportSchemeAnswer>.Just(Refused(no))
                    : Write(
                        next, command.Context, "scheme_added",
                        new() { Scheme = ImportSchemeView.From(next.Schemes.First(s => s.Id == scheme.Id)) });
            },
            cancellationToken,
            command.Context.IsPreview);
    }

    public async Task<ImportSchemeAnswer> Remove(RemoveImportScheme command, CancellationToken cancellationToken)
    {
        if (RefusalOf(command.Context) is { } refusal)
        {
            return Refused(refusal);
        }

        var key = command.Context.Idempotency is { } call ? Convert.ToHexStringLower(call.Key) : null;
        var used = await keys.CountOf(Organization.ToString(), command.Id.ToString());
        return await Apply(
            () =>
            {
                var (next, no) = (Current ?? ImportSchemes.None(Organization, Now)).Remove(command.Id, key, Now);
                if (next is null)
                {
                    return Step<ImportSchemes, ImportSchemeAnswer>.Just(Refused(no));
                }

                return used > 0
                    ? Step<ImportSchemes, ImportSchemeAnswer>.Just(
                        Refused(ImportSchemeRefusal.InUse) with { Tokens = used })
                    : Write(next, command.Context, "scheme_removed", new());
            },
            cancellationToken,
            command.Context.IsPreview);
    }

    protected override ImportSchemes Restore(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, ImportSchemesJson.Default.ImportSchemes) is { } stored
            ? stored with { Version = record.Version }
            : throw new JsonException($"{record.Key} holds null");

    private OrganizationId Organization => new(Guid.ParseExact(Key.Id, "D"));

    private ImportSchemeRefusal? RefusalOf(CallContext context)
    {
        var isWhole = context.Caller is { } caller && caller.OrganizationId == Organization
            && caller.Grant.IsWholeIn(Key.Id, Changing);
        if (isWhole && gate.IsKnown(Restriction.Imports))
        {
            return null;
        }

        LeaveIfAbsent();
        return isWhole ? ImportSchemeRefusal.UpgradePending : ImportSchemeRefusal.BeyondGrant;
    }

    private Step<ImportSchemes, ImportSchemeAnswer> Write(
        ImportSchemes next, CallContext context, string happened, ImportSchemeAnswer answer)
    {
        if (ReferenceEquals(next, Current))
        {
            return Step<ImportSchemes, ImportSchemeAnswer>.Just(answer);
        }

        var commandId = context.CommandId.ToString("N");
        StoredRecord row = new()
        {
            Key = Key,
            Version = next.Version,
            CommandId = commandId,
            State = JsonSerializer.Serialize(next, ImportSchemesJson.Default.ImportSchemes),
            OrganizationId = Key.Id,
            OwnerId = Key.Id,
            Name = Kinds.ImportSchemes,
            CreatedAt = next.CreatedAt,
            UpdatedAt = next.UpdatedAt,
        };
        var audit = AuditEntries.Of(
            Key, context, commandId, Key.Id, $"{Kinds.ImportSchemes}.{happened}", next.Version, Now);
        var commit = next.Version == 1
            ? RowWriter.Create(row, audit, [new RecordKey(Kinds.Organization, Key.Id)])
            : new Commit(row, next.Version - 1, [audit]);
        return new(
            next, commit, outcome => outcome == CommitOutcome.Done ? answer : Refused(ImportSchemeRefusal.NotFound));
    }

    private static ImportSchemeAnswer Refused(ImportSchemeRefusal refusal) => new() { Refusal = refusal };
}
