using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// Translates a fault of the database, which nobody outside a silo knows, into
/// <see cref="ServiceUnavailableException"/>. A grain that owns a row is dropped: the outcome of its write may be
/// unknown, so its successor reads the row again.
/// </summary>
public sealed class StorageFaultFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (StorageUnavailableException e)
        {
            (context.Grain as IOwnsRow)?.Drop();
            throw new ServiceUnavailableException(e.Message);
        }
    }
}

/// <summary>A grain whose memory is a copy of its row.</summary>
internal interface IOwnsRow
{
    /// <summary>Ends the activation once its present call is over.</summary>
    void Drop();
}
