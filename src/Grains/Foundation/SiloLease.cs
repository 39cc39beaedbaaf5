using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// The lease under which a silo may answer. After a failure two activations of one grain may live for a while, the
/// older one on a silo that was declared dead and does not know it yet. No silo is declared dead before its lease has
/// run out, so an activation that answers only under the lease never speaks for a state that another has changed
/// since.
/// </summary>
public abstract class SiloLease
{
    public abstract bool IsHeld { get; }

    /// <summary>Since it was last renewed; null for one that needs no renewal.</summary>
    public virtual TimeSpan? Age => null;

    /// <exception cref="ServiceUnavailableException">the lease has run out</exception>
    public void Demand()
    {
        if (!IsHeld)
        {
            throw new ServiceUnavailableException("this silo's lease has run out");
        }
    }
}
