using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.StoredTokens;

/// <summary>A token that goes with something deleted, as it was read or written last.</summary>
internal sealed class CascadedToken(StoredRecord row)
{
    private StoredRecord _row = row;
    private TokenState _state = TokenRow.Read(row);

    public TokenId Id => _state.Id;

    public string OrganizationId => _row.OrganizationId;

    /// <summary>A row stays in the form that it has, which every program that runs can read.</summary>
    private bool IsDivided => _row.Hot is not null;

    public bool IsLive => _state.DeletedAt is null;

    /// <summary>What a command comes to. The operator's rules are about refreshes, which no cascade makes.</summary>
    public Step<TokenState, TokenAnswer> Decide(TokenCommand command, CallContext context, DateTimeOffset now) =>
        TokenSteps.Of(
            TokenMachine.Decide(_state, command, TokenRules.Standard, now),
            new TokenMemory(TokenPolicy.Standard, IsDivided, _state, _row.DueAt, _row.LastUsedAt, IsDivided),
            context,
            now);

    /// <summary>Takes a state that was written.</summary>
    public void Become(TokenState state, StoredRecord row) => (_state, _row) = (state, row);
}
