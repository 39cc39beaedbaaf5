using TokenActors.Domain.Lists;
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
    /// <summary>So many are ended at once.</summary>
    private const int EndedAtOnce = 500;

    private static readonly ListQuery ById =
        (ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], [], [], []) ?? throw new InvalidOperationException())
        with
        { Limit = EndedAtOnce };

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
        RecordScope tokens = new(Kinds.Token, member.OrganizationId.ToString(), member.Id.ToString(), UnnamedToo: true);
        ListPlace? after = null;
        IReadOnlyList<PlacedRecord> page;
        do
        {
            page = await store.ListAfter(tokens, ById, after, DateTimeOffset.MinValue);
            after = page.Count > 0 ? page[^1].Place : after;
            await Task.WhenAll(page.Select(row => TokenRow.Read(row.Record)).Where(isEnded)
                .Select(token => grains.GetGrain<IRefreshTokenGrain>(token.Id.ToString()).EndWithOwner(
                    new ChangeToken { Context = new CallContext { CommandId = Guid.CreateVersion7() } })));
        }
        while (page.Count >= ById.Limit);
    }

    private static bool IsEnded(TokenState token, PasswordProof proof) => !token.Independent
        && (token.Profile == TokenProfile.Logon || (proof.EndTokens && token.Profile != TokenProfile.Default));
}
