using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.ResourceModel;

/// <summary>Why a command to a resource was refused. The names are stable: they cross grain calls.</summary>
[GenerateSerializer, Alias("TokenActors.ResourceRefusal")]
public enum ResourceRefusal
{
    /// <summary>There is no such resource, it is deleted, or the caller may not know of it.</summary>
    NotFound,

    /// <summary>The caller may see it, and not do this to it.</summary>
    Forbidden,

    /// <summary>Before or after the change it allows, or would lie, beyond what the caller may do.</summary>
    BeyondGrant,

    /// <summary>The id of a new resource is taken.</summary>
    IdTaken,

    /// <summary>Another resource of its kind in the organization has the name, in some letter case.</summary>
    NameTaken,

    /// <summary>What it hangs on is missing or being deleted.</summary>
    OwnerGone,

    /// <summary>It was changed since the caller looked at it.</summary>
    ChangedMeanwhile,

    /// <summary>The idempotency key was used for another request.</summary>
    IdempotencyConflict,

    /// <summary>Its lifecycle follows that of another resource.</summary>
    Managed,

    /// <summary>The last member who can administer the organization stays one.</summary>
    LastAdministrator,

    /// <summary>What the content refers to does not exist, or does not fit.</summary>
    InvalidReference,

    /// <summary>It names more roles or the like than there may be.</summary>
    TooManyItems,

    /// <summary>A silo of the cluster runs a program that does not know of it; it can be done once all do.</summary>
    UpgradePending,
}

/// <summary>What makes a resource the kind it is: exactly one part is there.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ResourceContent")]
public sealed record ResourceContent
{
    /// <summary>An account.</summary>
    [Id(0)] public AccountContent? Account { get; init; }

    /// <summary>A role.</summary>
    [Id(1)] public RoleContent? Role { get; init; }

    /// <summary>An integration point.</summary>
    [Id(2)] public IntegrationPointContent? IntegrationPoint { get; init; }

    /// <summary>A credential.</summary>
    [Id(3)] public CredentialContent? Credential { get; init; }

    /// <summary>An integration.</summary>
    [Id(4)] public IntegrationContent? Integration { get; init; }

    /// <summary>An endpoint for events.</summary>
    [Id(5)] public WebhookContent? Webhook { get; init; }

    /// <summary>A bridge.</summary>
    [Id(6)] public BridgeContent? Bridge { get; init; }

    /// <summary>A mapping.</summary>
    [Id(7)] public MappingContent? Mapping { get; init; }

    /// <summary>An organization's policy.</summary>
    [Id(8)] public PolicyContent? Policy { get; init; }
}

/// <summary>A resource of an organization as it may be shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.Resource")]
public sealed record Resource
{
    /// <summary>Its id.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary>Its organization.</summary>
    [Id(1)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>A slug, unique among the organization's resources of its kind.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(3)] public required string FullName { get; init; }

    /// <summary>What it is.</summary>
    [Id(4)] public required ResourceContent Content { get; init; }

    /// <summary>When it was made.</summary>
    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    [Id(6)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Number of changes so far.</summary>
    [Id(7)] public required long Version { get; init; }
}

/// <summary>Makes a resource; the grain's key is its id.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CreateResource")]
public sealed record CreateResource
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Its organization.</summary>
    [Id(1)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>A slug. Null: the id.</summary>
    [Id(2)] public string? Name { get; init; }

    /// <summary>Null: the name.</summary>
    [Id(3)] public string? FullName { get; init; }

    /// <summary>What it is to be.</summary>
    [Id(4)] public required ResourceContent Content { get; init; }

    /// <summary>What of it is to be encrypted where it is stored.</summary>
    [Id(5)] public ProtectedText? Secret { get; init; }
}

/// <summary>Replaces what a resource is.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.UpdateResource")]
public sealed record UpdateResource
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>What the caller needs a permission for, such as <c>patch</c>.</summary>
    [Id(1)] public required string Verb { get; init; }

    /// <summary>A slug.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(3)] public required string FullName { get; init; }

    /// <summary>What it is to be.</summary>
    [Id(4)] public required ResourceContent Content { get; init; }

    /// <summary>Refused where the resource is at another version. Null: not asked.</summary>
    [Id(5)] public long? ExpectedVersion { get; init; }

    /// <summary>What of it is to be encrypted where it is stored. Null: as it was.</summary>
    [Id(6)] public ProtectedText? Secret { get; init; }
}

/// <summary>Asks for a resource.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReadResource")]
public sealed record ReadResource
{
    /// <summary>The organization that nothing of the answer may leave.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Whose rights apply. Null for the operator's own code.</summary>
    [Id(1)] public Caller? Caller { get; init; }

    /// <summary>What the caller needs a permission for.</summary>
    [Id(2)] public string Verb { get; init; } = "get";

    /// <summary>The change that it is read for: where it was carried out before, its answer is the answer.</summary>
    [Id(3)] public Idempotency? Call { get; init; }
}

/// <summary>Deletes a resource and all that hangs on it.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.DeleteResource")]
public sealed record DeleteResource
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }
}

/// <summary>The answer to a command: the resource, or why it was refused.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ResourceAnswer")]
public sealed record ResourceAnswer
{
    /// <summary>Null where the command was done.</summary>
    [Id(0)] public ResourceRefusal? Refusal { get; init; }

    /// <summary>The resource after the command; null where it was refused or deleted.</summary>
    [Id(1)] public Resource? Resource { get; init; }

    /// <summary>What was too much or does not fit, where that can be said.</summary>
    [Id(2)] public ImmutableArray<string> Details { get; init; } = [];

    /// <summary>The call was carried out before under the same idempotency key.</summary>
    [Id(3)] public bool Repeated { get; init; }
}
