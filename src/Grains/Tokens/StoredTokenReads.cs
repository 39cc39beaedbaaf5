using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Status;
using TokenActors.Grains.StoredTokens;
using TokenActors.Grains.Usage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// Verifies tokens of this silo's memory at a glance, and tokens that are in no silo's memory from their rows, without
/// activating their grains (decision 54). A row says what every command that was answered before the question has
/// committed. What a grain would note in its turn is left to it: a first presentation, a use that is counted, a digest
/// under an old pepper, a sealed answer to erase.
/// </summary>
public sealed class StoredTokenReads : ILocalTokenVerifier
{
    private static readonly GrainType TokenGrains = GrainType.Create(Kinds.Token);

    /// <summary>How long a row is held before the organization was asked; less than its authority takes to
    /// settle.</summary>
    private static readonly TimeSpan LongestHeld = TimeSpan.FromSeconds(3);

    private readonly IRecordStore _store;
    private readonly SiloLease _lease;
    private readonly LocalTokens _local;
    private readonly LocalAuthorities _authorities;
    private readonly IGrainFactory _grains;
    private readonly IGrainDirectory? _directory;
    private readonly TimeProvider _time;
    private readonly TokenRules _rules;
    private readonly Func<TokenVerifier> _verifier;

    /// <param name="store">with the rows</param>
    /// <param name="lease">under which the silo answers</param>
    /// <param name="peppers">of the digests</param>
    /// <param name="settings">of tokens</param>
    /// <param name="local">the tokens of this silo's memory</param>
    /// <param name="authorities">the organizations of this silo's memory</param>
    /// <param name="status">counts uses of integrations</param>
    /// <param name="usage">counts uses of tokens</param>
    /// <param name="grains">asks organizations that are elsewhere</param>
    /// <param name="time">the service's clock</param>
    /// <param name="directory">names the activations of all silos; null where this silo is alone</param>
    public StoredTokenReads(
        IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, LocalTokens local,
        LocalAuthorities authorities, StatusBook status, UsageBook usage, IGrainFactory grains, TimeProvider time,
        [FromKeyedServices(GrainDirectoryAttribute.DEFAULT_GRAIN_DIRECTORY)] IGrainDirectory? directory = null)
    {
        (_store, _lease, _local, _authorities) = (store, lease, local, authorities);
        (_grains, _time, _directory, _rules) = (grains, time, directory, settings.Rules);
        _verifier = () => new TokenVerifier(lease, peppers, settings.Rules, authorities, status, usage, time);
    }

    public Verification? TryVerify(TokenId token, VerifyToken query) => _local.TryVerify(token, query);

    public async ValueTask<Verification?> VerifyStored(
        TokenId token, VerifyToken query, CancellationToken cancellationToken)
    {
        _lease.Demand();
        if (_local.IsActive(token) || await IsActiveElsewhere(token))
        {
            return null;
        }

        var began = _time.GetTimestamp();
        var record = await Read(token, cancellationToken);
        _lease.Demand();
        if (record is null)
        {
            return TokenVerifier.Refuse(TokenRefusal.NotFound);
        }

        var state = TokenRow.Read(record);
        var verifier = _verifier();
        verifier.LastUsed = record.LastUsedAt;
        verifier.Publish(state);
        try
        {
            return await Verify(state, verifier, query, began, cancellationToken);
        }
        finally
        {
            verifier.Close();
        }
    }

    /// <summary>As the grain would, in the same order; null where it has to.</summary>
    private async ValueTask<Verification?> Verify(
        TokenState state, TokenVerifier verifier, VerifyToken query, long began, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var presented = verifier.Identify(state, query.Presented);
        if (TokenVerifier.RefusalOf(state, presented, query, now) is { } refusal)
        {
            verifier.Count(presented, refusal, query, now);
            return TokenVerifier.Refuse(refusal);
        }

        if (IsForTheGrain(state, presented, now) || verifier.IsUnderOldPepper(state, presented))
        {
            return null;
        }

        var asked = verifier.OwnerQueryOf(state) with { IsOfRow = true };
        var owner = await Ask(state.OrganizationId, asked, cancellationToken);
        if (owner.AboveStands && MayBeBuried(asked, owner, _time.GetElapsedTime(began)))
        {
            return null;
        }

        if (owner.RefusalFor(state.Independent) is { } gone)
        {
            verifier.Count(presented, gone, query, now);
            return TokenVerifier.Refuse(gone);
        }

        if (!query.IsQuestion && verifier.Use(state, presented, now).Update is { } update)
        {
            _store.NoteUsage(update, soon: false);
        }

        verifier.Count(presented, null, query, now);
        GrainTelemetry.Verified(null);
        return verifier.Acceptance(state, presented, owner, verifier.LastUsed, now);
    }

    private async ValueTask<StoredRecord?> Read(TokenId token, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.Read(new RecordKey(Kinds.Token, token.ToString())).UntilCanceled(cancellationToken);
        }
        catch (StorageUnavailableException e)
        {
            // No grain's call is around this, whose filter would translate it.
            throw new ServiceUnavailableException(e.Message);
        }
    }

    private bool IsForTheGrain(TokenState state, Presented presented, DateTimeOffset now) =>
        state.Limits.Uses is not null
        || (presented.IsPrimary && state.PrimaryPresentedAt is null)
        || TokenMachine.SealIsStale(state, _rules, now);

    /// <summary>
    /// What hangs on something may have been buried with it after the row was read: then the authority has forgotten
    /// again that it was deleted.
    /// </summary>
    private static bool MayBeBuried(OwnerStatusQuery asked, OwnerStatus owner, TimeSpan held) =>
        (!asked.Ancestors.IsDefaultOrEmpty || !asked.Within.IsDefaultOrEmpty)
            && (!owner.IsSettled || held > LongestHeld);

    private ValueTask<OwnerStatus> Ask(
        OrganizationId organization, OwnerStatusQuery query, CancellationToken cancellationToken) =>
        new OwnerAsking(_authorities, () => _grains, _time).Ask(organization, query, cancellationToken);

    private async ValueTask<bool> IsActiveElsewhere(TokenId token) =>
        _directory is not null && await _directory.Lookup(GrainId.Create(TokenGrains, token.ToString())) is not null;
}
