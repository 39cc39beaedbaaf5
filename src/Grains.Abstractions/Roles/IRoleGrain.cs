using TokenActors.Domain.Grants;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Roles;

/// <summary>What a role allows.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RoleContent")]
public sealed record RoleContent
{
    /// <summary>Free text.</summary>
    [Id(0)] public string? Description { get; init; }

    /// <summary>Name of one of <see cref="PermissionSets"/>.</summary>
    [Id(1)] public required string PermissionSet { get; init; }

    /// <summary>What it is narrowed to. Null: not narrowed within the organization.</summary>
    [Id(2)] public Resources? Resources { get; init; }
}

/// <summary>One role that an organization made. A change of it takes effect on the next call of whoever is bound to it.</summary>
[Alias("TokenActors.IRoleGrain")]
public interface IRoleGrain : IResourceGrain;
