using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>
/// The place of a token that is about to be made, where the operator limits how many an organization may have. Whoever
/// makes the token releases it after the commit. After a commit of which nothing is heard it is held for a minute: the
/// row may be written yet.
/// </summary>
/// <param name="grains">finds who gives the places</param>
/// <param name="store">counts tokens</param>
/// <param name="bridge">the bridge that the token is made with, as its credential; null for any other token</param>
internal sealed class TokenPlace(IGrainFactory grains, IRecordStore store, string? bridge = null)
{
    private readonly HeldPlace _held = new();

    /// <summary>
    /// Takes a place where places are limited; false where there is none. A token without a name and one that is only
    /// previewed take none, and are refused where all are taken.
    /// </summary>
    /// <param name="token">the token to make</param>
    /// <param name="most">as many as there may be; 0 for no limit</param>
    /// <param name="isPreview">nothing will be made</param>
    public async ValueTask<bool> Take(TokenSpec token, int most, bool isPreview)
    {
        if (most == 0)
        {
            return true;
        }

        // A bridge has one credential, made and deleted with it: the bridge's row stands for both.
        var profile = token.Profile;
        var kind = bridge is null ? Kinds.Token : Kinds.Bridge;
        if (isPreview || (bridge is null && !profile.IsNamed && !profile.IsFacade))
        {
            RecordScope scope = new(kind, token.OrganizationId.ToString(), Listing: profile.Listing);
            return await store.Count(scope) < most;
        }

        Quota quota = new()
        {
            Kinds = [kind], OrganizationId = token.OrganizationId, Listing = profile.Listing, Most = most,
        };
        return await _held.Take(grains, quota, bridge ?? token.Id.ToString());
    }

    /// <summary>
    /// Makes the token, and releases the place with the answer, or where the command was called off, which it is before
    /// its commit alone.
    /// </summary>
    public async Task<TAnswer> Around<TAnswer>(Task<TAnswer> making)
    {
        try
        {
            var answer = await making;
            await Release();
            return answer;
        }
        catch (OperationCanceledException)
        {
            await Release();
            throw;
        }
    }

    /// <summary>The token is made, or will not be.</summary>
    public async ValueTask Release()
    {
        try
        {
            await _held.Release(grains);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or ServiceUnavailableException)
        {
            // What was made is made. The place lapses by itself.
        }
    }
}
