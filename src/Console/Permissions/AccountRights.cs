using TokenActors.Client;
using TokenActors.Client.Tokens;

namespace TokenActors.WebConsole.Permissions;

/// <summary>
/// What may be done to one account. A session that is narrowed sees accounts which it may not change, so that the
/// service is asked about the account itself.
/// </summary>
internal static class AccountRights
{
    private const string Making = "accounts:create";

    public static async Task<bool> MayOn(
        this Rights rights, string action, string accountId, TokenActorsClient api, string? tokenId, CancellationToken aborted) =>
        await ClauseOf(rights, action, accountId, api, tokenId, aborted) is not null
        || rights.ReachOf(action) == Reach.Everywhere;

    /// <summary>
    /// Whether another account may be made: where the session is narrowed to what one that it sees is like, and not to
    /// that one by its id.
    /// </summary>
    public static async Task<bool> MayMakeLike(
        this Rights rights, string? accountId, TokenActorsClient api, string? tokenId, CancellationToken aborted) =>
        rights.ReachOf(Making) == Reach.Everywhere
        || (accountId is not null
            && await ClauseOf(rights, Making, accountId, api, tokenId, aborted) is { Resources.Accounts: { } accounts }
            && accounts.Ids.Contains("*"));

    private static async Task<GrantClause?> ClauseOf(
        Rights rights, string action, string accountId, TokenActorsClient api, string? tokenId, CancellationToken aborted)
    {
        if (rights.ReachOf(action) != Reach.Somewhere || tokenId is null)
        {
            return null;
        }

        try
        {
            var answer = await api.Tokens.Can(tokenId, action, $"account/{accountId}", cancellation: aborted);
            return answer.Clause;
        }
        catch (TokenActorsException)
        {
            // The page is shown without the button.
            return null;
        }
    }
}
