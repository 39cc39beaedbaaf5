using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Roles;

/// <summary>
/// One role that an organization made. A change takes effect on the next call of every member that is bound to it.
/// </summary>
[Alias("TokenActors.IRoleGrain")]
public interface IRoleGrain : IResourceGrain;
