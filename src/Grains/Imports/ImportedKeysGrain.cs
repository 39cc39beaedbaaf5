using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Imports;

/// <summary>Looks keys up for gateways, which hold no pepper.</summary>
[StatelessWorker]
[GrainType("imported-keys")]
public sealed class ImportedKeysGrain(
    IRecordStore store, IImportedKeys keys, PepperRing peppers, TokenSettings settings, RestrictionGate gate,
    LocalAuthorities authorities, TimeProvider time)
    : Grain, IImportedKeysGrain
{
    /// <summary>Lines that are looked at together.</summary>
    private const int AtOnce = 16;

    public async Task<TokenId?> Find(FindImportedKey query, CancellationToken cancellationToken)
    {
        var scheme = query.Scheme.ToString();
        IReadOnlyList<ImportedKey> wanted =
        [
            .. peppers.EveryDigest(query.Fingerprint)
                .Select(digest => new ImportedKey(scheme, digest.PepperId, Convert.ToBase64String(digest.Mac))),
        ];
        return await keys.Find(query.OrganizationId.ToString(), wanted).UntilCanceled(cancellationToken) is { } id
            ? TokenId.Parse(id)
            : null;
    }

    public async Task<ImmutableArray<ImportLineResult>> Foresee(
        ForeseeImport query, CancellationToken cancellationToken)
    {
        var caller = query.Context.Caller ?? throw new ArgumentException("an import has a caller", nameof(query));
        var job = Guid.CreateVersion7(time.GetUtcNow());
        List<ImportLineResult> refused = [];
        foreach (var some in query.Lines.Chunk(AtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var foreseen = await Task.WhenAll(some.Select(async line =>
            {
                var imports = new TokenImports(
                    store, GrainFactory, settings, gate, new OwnerAsking(authorities, () => GrainFactory, time), caller,
                    query.Context.Origin, time);
                return (line.Number, Refusal: await imports.Foresee(job, StoredImportLine.From(line, peppers)));
            }));
            refused.AddRange(foreseen.Where(line => line.Refusal is not null)
                .Select(line => new ImportLineResult { Number = line.Number, Refusal = line.Refusal }));
        }

        return [.. refused];
    }
}
