using Orleans.Concurrency;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Previews;

/// <summary>Says whether changes can be previewed, and what hangs on what they would change. Owns nothing.</summary>
[StatelessWorker]
[GrainType(GrainTypeName)]
public sealed class PreviewGrain(IRecordStore store, ISiloPrograms programs, TimeProvider time) : Grain, IPreviewGrain
{
    /// <summary>Came with previews: a silo that can run this grain leaves a previewed command undone.</summary>
    private const string GrainTypeName = "preview";

    public Task<bool> CanPreview() => Task.FromResult(programs.AllHave(GrainTypeName));

    public Task<AffectedTokens> CountAffected(PreviewedSubject subject, CancellationToken cancellationToken) =>
        new AffectedCount(store, subject, time.GetUtcNow()).Run(cancellationToken);
}
