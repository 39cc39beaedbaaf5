using System.Collections.Immutable;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Accounts;

/// <summary>What an account is.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AccountContent")]
public sealed record AccountContent
{
    /// <summary><c>test</c> or <c>prod</c>.</summary>
    [Id(0)] public required string Environment { get; init; }

    /// <summary>Roles and tokens can be limited to accounts that bear one of some labels.</summary>
    [Id(1)] public ImmutableArray<string> Labels { get; init; } = [];
}

/// <summary>One account: what integrations, credentials and tokens of a customer hang on.</summary>
[Alias("TokenActors.IAccountGrain")]
public interface IAccountGrain : IResourceGrain;
