using TokenActors.Domain.Members;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Members;

/// <summary>What a change of password takes from a member.</summary>
internal static class MemberSessions
{
    /// <summary>
    /// Ends the member's sessions, and its other tokens where that is asked for, but for the one that asks. A default
    /// token stays: it is its organization's, and can be reset.
    /// </summary>
    public static async Task End(IGrainFactory grains, IRecordStore store, MemberState member, PasswordProof proof)
    {
        var organization = member.OrganizationId.ToString();
        var rows = await store.Live(Kinds.Token, organization, member.Id.ToString(), int.MaxValue);
        var ended = rows.Select(TokenRow.Read).Where(token => token.Id != proof.Context.Caller?.TokenId
            && !token.Independent
            && (token.Profile == TokenProfile.Logon || (proof.EndTokens && token.Profile != TokenProfile.Default)));
        await Task.WhenAll(ended.Select(token => grains.GetGrain<IRefreshTokenGrain>(token.Id.ToString()).EndWithOwner(
            new ChangeToken { Context = new CallContext { CommandId = Guid.CreateVersion7() } })));
    }
}
