using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.IntegrationPoints;

/// <summary>One integration point. It belongs to the organization, not to an account.</summary>
[Alias("TokenActors.IIntegrationPointGrain")]
public interface IIntegrationPointGrain : IResourceGrain;
