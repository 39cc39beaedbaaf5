using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Abstractions.Accounts;

/// <summary>One account: owns the integrations, credentials and tokens of a customer.</summary>
[Alias("TokenActors.IAccountGrain")]
public interface IAccountGrain : IResourceGrain
{
    /// <summary>
    /// Creates an account and a token that belongs to it: both or neither. The account needs no right of the caller,
    /// the token does. Refused: as <see cref="IResourceGrain.Create"/> and as <see cref="IRefreshTokenGrain.Issue"/>.
    /// </summary>
    [Alias("CreateWithToken")]
    Task<AccountTokenAnswer> CreateWithToken(
        CreateAccountWithToken command, CancellationToken cancellationToken = default);
}

/// <summary>Makes an account with a token; the grain's key is the account's id.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CreateAccountWithToken")]
public sealed record CreateAccountWithToken
{
    /// <summary>The account.</summary>
    [Id(0)] public required CreateResource Account { get; init; }

    /// <summary>Id of the token.</summary>
    [Id(1)] public required TokenId TokenId { get; init; }

    /// <summary>The token, which names the account.</summary>
    [Id(2)] public required IssueToken Token { get; init; }
}

/// <summary>The answer to <see cref="CreateAccountWithToken"/>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AccountTokenAnswer")]
public sealed record AccountTokenAnswer
{
    /// <summary>Why the account was refused; null where it was not.</summary>
    [Id(0)] public ResourceRefusal? Refusal { get; init; }

    /// <summary>The token, or why it was refused; null where the account was.</summary>
    [Id(1)] public TokenAnswer? Token { get; init; }
}
