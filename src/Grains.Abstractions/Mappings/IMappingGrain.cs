using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Mappings;

/// <summary>One mapping: the text of a transform. It belongs to the organization, not to an account.</summary>
[Alias("TokenActors.IMappingGrain")]
public interface IMappingGrain : IResourceGrain;
