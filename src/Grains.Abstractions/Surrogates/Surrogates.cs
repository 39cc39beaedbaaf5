using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;

namespace TokenActors.Grains.Abstractions.Surrogates;

/// <summary>How a <see cref="TokenId"/> crosses grain calls.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenIdSurrogate")]
public struct TokenIdSurrogate
{
    /// <summary>The id.</summary>
    [Id(0)] public Guid Value;
}

/// <summary>Converts <see cref="TokenId"/>.</summary>
[RegisterConverter]
public sealed class TokenIdConverter : IConverter<TokenId, TokenIdSurrogate>
{
    /// <inheritdoc/>
    public TokenId ConvertFromSurrogate(in TokenIdSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public TokenIdSurrogate ConvertToSurrogate(in TokenId value) => new() { Value = value.Value };
}

/// <summary>
/// How a <see cref="ProtectedText"/> crosses grain calls: between processes of the operator, behind the same wall as
/// everything else.
/// </summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ProtectedTextSurrogate")]
public struct ProtectedTextSurrogate
{
    /// <summary>UTF-8.</summary>
    [Id(0)] public byte[] Bytes;
}

/// <summary>Converts <see cref="ProtectedText"/>.</summary>
[RegisterConverter]
public sealed class ProtectedTextConverter : IConverter<ProtectedText, ProtectedTextSurrogate>
{
    /// <inheritdoc/>
    public ProtectedText ConvertFromSurrogate(in ProtectedTextSurrogate surrogate) =>
        new(System.Text.Encoding.UTF8.GetString(surrogate.Bytes));

    /// <inheritdoc/>
    public ProtectedTextSurrogate ConvertToSurrogate(in ProtectedText value) =>
        new() { Bytes = System.Text.Encoding.UTF8.GetBytes(value.Reveal()) };
}

/// <summary>How an <see cref="OrganizationId"/> crosses grain calls.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.OrganizationIdSurrogate")]
public struct OrganizationIdSurrogate
{
    /// <summary>The id.</summary>
    [Id(0)] public Guid Value;
}

/// <summary>Converts <see cref="OrganizationId"/>.</summary>
[RegisterConverter]
public sealed class OrganizationIdConverter : IConverter<OrganizationId, OrganizationIdSurrogate>
{
    /// <inheritdoc/>
    public OrganizationId ConvertFromSurrogate(in OrganizationIdSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public OrganizationIdSurrogate ConvertToSurrogate(in OrganizationId value) => new() { Value = value.Value };
}

/// <summary>How a <see cref="MemberId"/> crosses grain calls.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MemberIdSurrogate")]
public struct MemberIdSurrogate
{
    /// <summary>The id.</summary>
    [Id(0)] public Guid Value;
}

/// <summary>Converts <see cref="MemberId"/>.</summary>
[RegisterConverter]
public sealed class MemberIdConverter : IConverter<MemberId, MemberIdSurrogate>
{
    /// <inheritdoc/>
    public MemberId ConvertFromSurrogate(in MemberIdSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public MemberIdSurrogate ConvertToSurrogate(in MemberId value) => new() { Value = value.Value };
}

/// <summary>How a <see cref="SecretFingerprint"/> crosses grain calls.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.SecretFingerprintSurrogate")]
public struct SecretFingerprintSurrogate
{
    /// <summary>32 bytes.</summary>
    [Id(0)] public byte[] Bytes;
}

/// <summary>Converts <see cref="SecretFingerprint"/>.</summary>
[RegisterConverter]
public sealed class SecretFingerprintConverter : IConverter<SecretFingerprint, SecretFingerprintSurrogate>
{
    /// <inheritdoc/>
    public SecretFingerprint ConvertFromSurrogate(in SecretFingerprintSurrogate surrogate) =>
        SecretFingerprint.FromBytes(surrogate.Bytes);

    /// <inheritdoc/>
    public SecretFingerprintSurrogate ConvertToSurrogate(in SecretFingerprint value) =>
        new() { Bytes = value.Bytes.ToArray() };
}

/// <summary>How <see cref="Resources"/> cross grain calls; null stands for everything of a kind.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ResourcesSurrogate")]
public struct ResourcesSurrogate
{
    /// <summary>Organization ids.</summary>
    [Id(0)] public string[]? OrganizationIds;

    /// <summary>Organization labels.</summary>
    [Id(1)] public string[]? OrganizationLabels;

    /// <summary>Account ids.</summary>
    [Id(2)] public string[]? AccountIds;

    /// <summary>Account labels.</summary>
    [Id(3)] public string[]? AccountLabels;

    /// <summary>Account environments.</summary>
    [Id(4)] public string[]? AccountEnvironments;

    /// <summary>Integration categories.</summary>
    [Id(5)] public string[]? IntegrationCategories;
}

/// <summary>Converts <see cref="Resources"/>.</summary>
[RegisterConverter]
public sealed class ResourcesConverter : IConverter<Resources, ResourcesSurrogate>
{
    /// <inheritdoc/>
    public Resources ConvertFromSurrogate(in ResourcesSurrogate surrogate) => new()
    {
        OrganizationIds = Of(surrogate.OrganizationIds),
        OrganizationLabels = Of(surrogate.OrganizationLabels),
        AccountIds = Of(surrogate.AccountIds),
        AccountLabels = Of(surrogate.AccountLabels),
        AccountEnvironments = Of(surrogate.AccountEnvironments),
        IntegrationCategories = Of(surrogate.IntegrationCategories),
    };

    /// <inheritdoc/>
    public ResourcesSurrogate ConvertToSurrogate(in Resources value) => new()
    {
        OrganizationIds = Names(value.OrganizationIds),
        OrganizationLabels = Names(value.OrganizationLabels),
        AccountIds = Names(value.AccountIds),
        AccountLabels = Names(value.AccountLabels),
        AccountEnvironments = Names(value.AccountEnvironments),
        IntegrationCategories = Names(value.IntegrationCategories),
    };

    private static Selection Of(string[]? names) => names is null ? Selection.All : Selection.Of(names);

    private static string[]? Names(Selection selection) => selection.Names?.ToArray();
}

/// <summary>
/// How a <see cref="GrantClause"/> crosses grain calls. The bits are positions in <see cref="ActionTable"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("TokenActors.GrantClauseSurrogate")]
public struct GrantClauseSurrogate
{
    /// <summary>Actions 64 and up.</summary>
    [Id(0)] public ulong HighActions;

    /// <summary>Actions 0 to 63.</summary>
    [Id(1)] public ulong LowActions;

    /// <summary>What they are narrowed to.</summary>
    [Id(2)] public Resources Resources;
}

/// <summary>Converts <see cref="GrantClause"/>.</summary>
[RegisterConverter]
public sealed class GrantClauseConverter : IConverter<GrantClause, GrantClauseSurrogate>
{
    /// <inheritdoc/>
    public GrantClause ConvertFromSurrogate(in GrantClauseSurrogate surrogate) =>
        new(new ActionSet(new UInt128(surrogate.HighActions, surrogate.LowActions)), surrogate.Resources);

    /// <inheritdoc/>
    public GrantClauseSurrogate ConvertToSurrogate(in GrantClause value) => new()
    {
        HighActions = (ulong)(value.Actions.Bits >> 64),
        LowActions = (ulong)value.Actions.Bits,
        Resources = value.Resources,
    };
}

/// <summary>How a <see cref="Grant"/> crosses grain calls.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.GrantSurrogate")]
public struct GrantSurrogate
{
    /// <summary>Its lines.</summary>
    [Id(0)] public ImmutableArray<GrantClause> Clauses;

    /// <summary>Ranges of addresses from which it may be used; null for anywhere.</summary>
    [Id(1)] public string[]? Addresses;
}

/// <summary>Converts <see cref="Grant"/>.</summary>
[RegisterConverter]
public sealed class GrantConverter : IConverter<Grant, GrantSurrogate>
{
    /// <inheritdoc/>
    public Grant ConvertFromSurrogate(in GrantSurrogate surrogate) => surrogate.Addresses is null
        ? new(surrogate.Clauses)
        : new(surrogate.Clauses) { Addresses = AddressRanges.Of(surrogate.Addresses) };

    /// <inheritdoc/>
    public GrantSurrogate ConvertToSurrogate(in Grant value) => new()
    {
        Clauses = value.Clauses,
        Addresses = value.Addresses.Texts is { } addresses ? [.. addresses] : null,
    };
}
