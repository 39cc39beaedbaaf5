using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Tokens;

/// <summary>What dies with what: every kind of belonging with every kind of thing above that can be deleted.</summary>
[Collection("silo")]
public sealed class TokenBelongingTests(SiloFixture silo)
{
    private async Task<TestToken> NewChild(
        TestToken maker, TokenBelonging belongsTo, string set = PermissionSets.Administrator)
    {
        var caller = await silo.CallerOf(maker);
        var child = await silo.NewToken(
            caller.OrganizationId, caller.MemberId, set, caller: caller, belongsTo: belongsTo);
        Assert.Null(child.Answer.Refusal);
        return child;
    }

    private async Task<string?> StatusOf(TestToken token) =>
        (await silo.Store.Read(new("token", token.Id.ToString())))?.Status;

    private async Task<bool> Lives(TestToken token) =>
        await silo.Accepts(token.Id, token.Pair.Access) && await StatusOf(token) == StoredRecord.Live;

    private async Task Delete(string above, TestToken maker)
    {
        var token = maker.Answer.Token!;
        switch (above)
        {
            case "token":
                Assert.Null((await silo.Token(maker.Id).Delete(SiloFixture.Change())).Refusal);
                break;
            case "member":
                Assert.Null((await silo.Grains.GetGrain<IMemberGrain>(token.MemberId.ToString())
                    .Delete(Deletion())).Refusal);
                break;
            case "organization":
                Assert.Null((await silo.Organization(token.OrganizationId)
                    .Delete(Deletion())).Refusal);
                break;
        }

        await Eventually.Holds(async () => await StatusOf(maker) == StoredRecord.Deleted, "the cascade ends");
    }

    private static DeleteResource Deletion() => new() { Context = SiloFixture.Command() };

    [Theory]
    [InlineData(TokenBelonging.Parent, "token", false)]
    [InlineData(TokenBelonging.Parent, "member", false)]
    [InlineData(TokenBelonging.Parent, "organization", false)]
    [InlineData(TokenBelonging.Member, "token", true)]
    [InlineData(TokenBelonging.Member, "member", false)]
    [InlineData(TokenBelonging.Member, "organization", false)]
    [InlineData(TokenBelonging.Organization, "token", true)]
    [InlineData(TokenBelonging.Organization, "member", true)]
    [InlineData(TokenBelonging.Organization, "organization", false)]
    public async Task A_token_and_what_was_made_with_it_die_with_what_they_belong_to(
        TokenBelonging belongsTo, string above, bool stays)
    {
        var (organization, member) = await silo.NewOrganization((await silo.NewOrganization()).Organization);
        var second = new MemberId(Guid.NewGuid());
        await silo.NewMember(organization, second, "second", BuiltinRoles.Administrator);
        var maker = await silo.NewToken(organization, above == "member" ? second : member);
        var child = await NewChild(maker, belongsTo);
        var grandchild = await NewChild(child, TokenBelonging.Parent);
        Assert.Equal(maker.Id, child.Answer.Token!.ParentId);
        await Delete(above, maker);
        if (stays)
        {
            Assert.True(await Lives(child));

            // It belongs to its parent, which stays, and is of the member as it always was.
            Assert.Equal(above == "token", await Lives(grandchild));
            return;
        }

        foreach (var token in new[] { child, grandchild })
        {
            Assert.False(await silo.Accepts(token.Id, token.Pair.Access));
            await Eventually.Holds(async () => await StatusOf(token) == StoredRecord.Deleted, "it is deleted");
        }
    }

    /// <summary>
    /// Random trees of twelve: what a deletion takes along is what the chain of belonging says, and the preview counted
    /// it.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_deletion_takes_along_what_belongs_to_it_and_its_preview_said_so(int seed)
    {
        Random random = new(seed);
        List<(TestToken Token, int Maker, TokenBelonging BelongsTo)> made = [(await silo.NewToken(), -1, TokenBelonging.Parent)];
        for (var child = 1; child <= 12; child++)
        {
            var (maker, belongsTo) = (random.Next(made.Count), (TokenBelonging)random.Next(3));
            made.Add((await NewChild(made[maker].Token, belongsTo), maker, belongsTo));
        }

        bool DiesWith(int token, int deleted) => token == deleted
            || (made[token] is { Maker: >= 0 and var maker, BelongsTo: TokenBelonging.Parent } && DiesWith(maker, deleted));
        bool IsBelow(int token, int above) => token >= 0 && (token == above || IsBelow(made[token].Maker, above));

        var deleted = random.Next(made.Count);
        var root = made[deleted].Token;
        var all = Enumerable.Range(0, made.Count).ToList();
        var affected = await silo.Grains.GetGrain<IPreviewGrain>("0").CountAffected(new PreviewedSubject
        {
            OrganizationId = root.Answer.Token!.OrganizationId, Kind = "token", Id = root.Id.ToString(),
        });
        Assert.Equal(all.Count(token => DiesWith(token, deleted)), affected.Kinds.Sum(kind => kind.Count));
        Assert.Equal(all.Count(token => IsBelow(token, deleted) && !DiesWith(token, deleted)), affected.Staying);

        await Delete("token", root);
        foreach (var token in all)
        {
            Assert.Equal(!DiesWith(token, deleted), await Lives(made[token].Token));
        }
    }

    [Fact]
    public async Task Whoever_outlives_its_maker_needs_it_alive_to_be_made()
    {
        var maker = await silo.NewToken();
        var caller = await silo.CallerOf(maker);
        await Delete("token", maker);
        foreach (var belongsTo in Enum.GetValues<TokenBelonging>())
        {
            var late = await silo.NewToken(
                caller.OrganizationId, caller.MemberId, caller: caller, belongsTo: belongsTo);
            Assert.Equal(TokenRefusal.OwnerGone, late.Answer.Refusal);
        }
    }

    [Fact]
    public async Task What_does_not_die_with_its_maker_gives_it_no_more_uses_all_the_same()
    {
        var maker = await silo.NewToken();
        var child = await NewChild(maker, TokenBelonging.Member);
        var grandchild = await NewChild(child, TokenBelonging.Parent);
        Assert.Null((await silo.Token(maker.Id).Edit(Limits(maker, null, 5))).Refusal);
        foreach (var made in new[] { child, grandchild })
        {
            var caller = await silo.CallerOf(made);
            Assert.Equal(TokenRefusal.BeyondGrant, (await silo.Token(maker.Id).Edit(Limits(maker, caller, 6))).Refusal);
            Assert.Null((await silo.Token(maker.Id).Edit(Limits(maker, caller, 4))).Refusal);
            Assert.Null((await silo.Token(maker.Id).Edit(Limits(maker, null, 5))).Refusal);
        }
    }

    private static Abstractions.Tokens.EditToken Limits(
        TestToken token, Abstractions.Calls.Caller? caller, int perSecond) => new()
        {
            Context = SiloFixture.Command(caller),
            Secrets = token.Pair.ToMinted(),
            Limits = new() { PerSecond = perSecond },
        };
}
