using TokenActors.Domain.Members;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Members;

/// <summary>What a change of password takes from a member.</summary>
internal static class MemberSessions
{
    /// <summary>
    /// Ends the member's sessions, and its other tokens where that is asked for, but for the one that asks. A default
    /// token stays: it is its organization's, and can be reset.
    /// </summary>
    public static Task End(IGrainFactory grains, IRecordStore store, MemberState member, PasswordProof proof) =>
        End(grains, store, member, token => token.Id != proof.Context.Caller?.TokenId && IsEnded(token, proof));

    /// <summary>The same after the change, with the tokens that were there for the change alone.</summary>
    public static Task EndAfterChange(
        IGrainFactory grains, IRecordStore store, MemberState member, PasswordProof proof) =>
        End(grains, store, member, token => token.Profile == TokenProfile.PasswordChange
            || (token.Id != proof.Context.Caller?.TokenId && IsEnded(token, proof)));

    private static async Task End(
        IGrainFactory grains, IRecordStore store, MemberState member, Func<TokenState, bool> isEnded)
    {
        var organization = member.OrganizationId.ToString();
        var rows = await store.Live(Kinds.Token, organization, member.Id.ToString(), int.MaxValue);
        await Task.WhenAll(rows.Select(TokenRow.Read).Where(isEnded)
            .Select(token => grains.GetGrain<IRefreshTokenGrain>(token.Id.ToString()).EndWithOwner(
                new ChangeToken { Context = new CallContext { CommandId = Guid.CreateVersion7() } })));
    }

    private static bool IsEnded(TokenState token, PasswordProof proof) => !token.Independent
        && (token.Profile == TokenProfile.Logon || (proof.EndTokens && token.Profile != TokenProfile.Default));
}
