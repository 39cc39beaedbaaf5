using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Organizations;

/// <summary>Sets an organization's policy.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.SetPolicy")]
public sealed record SetPolicy
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>What it demands from now on.</summary>
    [Id(1)] public required PolicyContent Content { get; init; }

    /// <summary>Refused where the policy is at another version; 0 where none was ever set. Null: not asked.</summary>
    [Id(2)] public long? ExpectedVersion { get; init; }
}

/// <summary>
/// One organization's policy. Key: the organization's id as a lower-case UUID. It tells the organization's authority of
/// every change before it answers. Deadlines and refusals as in <see cref="IResourceGrain"/>.
/// </summary>
[Alias("TokenActors.IPolicyGrain")]
public interface IPolicyGrain : IResourceGrain
{
    /// <summary>
    /// Sets the policy; what tokens there are live on. Refused: a caller that is narrowed within the organization, a
    /// policy that demands less than that of the organization above, and any as long as a silo of the cluster does not
    /// know of policies.
    /// </summary>
    [Alias("Set")]
    Task<ResourceAnswer> Set(SetPolicy command, CancellationToken cancellationToken = default);
}
