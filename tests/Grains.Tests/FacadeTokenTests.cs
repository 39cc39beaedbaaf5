using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests;

/// <summary>
/// What only the tokens of other APIs need of their grain: edits, secret versions, independence, listings.
/// </summary>
[Collection("silo")]
public sealed class FacadeTokenTests(SiloFixture silo)
{
    private static readonly TokenProfile Profile = TokenProfile.ServiceToken;

    private async Task<TestToken> Issue(
        OrganizationId organization, MemberId member, string name = "svc", bool independent = true,
        Caller? caller = null, Resources? resources = null,
        params string[] actions)
    {
        var id = SecretMint.NewTokenId(silo.Clock);
        var pair = SecretMint.Mint(Profile, id);
        var answer = await silo.Token(id).Issue(new IssueToken
        {
            Context = SiloFixture.Command(caller), Profile = Profile.Name, OrganizationId = organization, MemberId = member, FullName = name,
            Actions = [.. actions], Resources = resources, Independent = independent, Secrets = pair.ToMinted(),
        });
        return new TestToken(id, pair, answer);
    }

    private async Task<TestToken> Issue(bool independent = true)
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await Issue(organization, member, independent: independent);
        Assert.Null(token.Answer.Refusal);
        return token;
    }

    private static EditToken Edit(SecretPair pair, CallContext? context = null) =>
        new() { Context = context ?? SiloFixture.Command(), Secrets = pair.ToMinted() };

    [Fact]
    public async Task An_edit_says_whether_it_minted()
    {
        var token = await Issue();
        var pair = SecretMint.Mint(Profile, token.Id);
        var renamed = await silo.Token(token.Id).Edit(Edit(pair) with { FullName = "renamed" });
        Assert.False(renamed.Replaced);
        Assert.Equal("renamed", renamed.Token!.FullName);
        Assert.False(await silo.Accepts(token.Id, pair.Access));
        var raised = await silo.Token(token.Id).Edit(Edit(pair) with { SecretVersion = 2 });
        Assert.True(raised.Replaced);
        Assert.True(await silo.Accepts(token.Id, pair.Access));
        Assert.False(await silo.Accepts(token.Id, token.Pair.Access));
        Assert.Equal(3, (await silo.Store.AuditOf(token.Id.ToString())).Count);
    }

    [Fact]
    public async Task An_edit_asked_again_with_its_command_id_is_answered_as_before()
    {
        var token = await Issue();
        var edit = Edit(SecretMint.Mint(Profile, token.Id)) with { SecretVersion = 2 };
        Assert.True((await silo.Token(token.Id).Edit(edit)).Replaced);
        var again = await silo.Token(token.Id).Edit(edit);
        Assert.True(again.Replaced);
        Assert.Equal(2, again.Token!.Version);
    }

    [Fact]
    public async Task A_call_known_to_be_fresh_is_carried_out_although_one_like_it_was()
    {
        var token = await Issue();
        async Task<TokenAnswer> Replace(bool fresh)
        {
            var context = SiloFixture.Command() with { Idempotency = new Idempotency { Key = [1], Request = [2], Sealed = [3], Fresh = fresh } };
            return await silo.Token(token.Id).Replace(
                new RenewToken { Context = context, Secrets = SecretMint.Mint(Profile, token.Id).ToMinted() });
        }

        Assert.Equal(2, (await Replace(fresh: true)).Token!.SecretVersion);
        Assert.Equal(3, (await Replace(fresh: true)).Token!.SecretVersion);
        var repeated = await Replace(fresh: false);
        Assert.Equal((3, AnswerSecrets.SealedForCaller), (repeated.Token!.SecretVersion, repeated.Secrets));
    }

    [Fact]
    public async Task Rights_beyond_the_callers_cannot_be_edited_in()
    {
        var (organization, member) = await silo.NewOrganization();
        var caller = await silo.CallerOf(await silo.NewToken(organization, member, PermissionSets.Viewer));
        var resources = caller.Grant.Clauses[0].Resources;
        var token = await Issue(organization, member, resources: resources, actions: "tokens:list");
        EditToken Binding(params string[] actions) => Edit(token.Pair, SiloFixture.Command(caller)) with { Actions = [.. actions], Resources = resources };
        Assert.Equal(TokenRefusal.BeyondGrant, (await silo.Token(token.Id).Edit(Binding("tokens:reset"))).Refusal);
        Assert.Equal(TokenRefusal.BeyondGrant, (await silo.Token(token.Id).Edit(Edit(token.Pair, SiloFixture.Command(caller)) with { Roles = ["administrator"] })).Refusal);
        Assert.Null((await silo.Token(token.Id).Edit(Binding("tokens:get"))).Refusal);
        Assert.Equal(["tokens:get"], (await silo.Verify(token.Id, token.Pair.Access)).Token!.Actions!.Value.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_independent_token_outlives_its_member_and_another_does_not(bool independent)
    {
        var token = await Issue(independent);
        var member = (await silo.Verify(token.Id, token.Pair.Access)).Token!.MemberId;
        await silo.Grains.GetGrain<IMemberGrain>(member.ToString()).SetStatus(
            SiloFixture.Command(), MemberStatus.Disabled);
        Assert.Equal(
            independent ? null : TokenRefusal.OwnerGone, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
    }

    [Fact]
    public async Task An_independent_token_has_no_parent_and_outlives_the_token_that_made_it()
    {
        var (organization, member) = await silo.NewOrganization();
        var parent = await silo.NewToken(organization, member);
        var token = await Issue(organization, member, caller: await silo.CallerOf(parent));
        Assert.Equal(token.Id, token.Answer.Token!.ParentId);
        await silo.Token(parent.Id).Delete(SiloFixture.Change());
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
    }

    [Fact]
    public async Task They_stand_in_their_listing_and_not_among_the_names()
    {
        var (organization, member) = await silo.NewOrganization();
        var names = new[] { "same", "same", "other" };
        foreach (var name in names)
        {
            Assert.Null((await Issue(organization, member, name)).Answer.Refusal);
        }

        var catalog = silo.Grains.GetGrain<ICatalogGrain>("0");
        var listing = new ListingRequest { OrganizationId = organization, Shelf = Profile.Listing!, Limit = 10 };
        var page = await catalog.ListFacade(listing);
        Assert.Equal(names, page.Tokens.Select(t => t.FullName));
        Assert.Equal(3, page.Total);
        Assert.Equal(2, (await catalog.ListFacade(listing with { Name = "same" })).Total);
        Assert.Equal(0, (await catalog.ListFacade(listing with { Shelf = TokenProfile.AccessToken.Listing! })).Total);
        Assert.Empty(
            (await catalog.ListTokens(new ListRequest { OrganizationId = organization, Limit = 10 })).Tokens!.Value);
        Assert.Null(await catalog.FindToken(organization, "other"));
        await silo.Token(page.Tokens[0].Id).Delete(SiloFixture.Change());
        Assert.Equal(2, (await catalog.ListFacade(listing)).Total);
    }

    [Fact]
    public async Task Its_state_outlives_a_restart()
    {
        var token = await Issue();
        await silo.Token(token.Id).Edit(Edit(token.Pair) with { SecretVersion = 7, FullName = "kept", Claims = """{"a":1}""", Deadline = silo.Clock.GetUtcNow().AddHours(1), Life = "forever" });
        var before = (await silo.Verify(token.Id, token.Pair.Access)).Token!;
        await silo.RestartAsync();
        var after = (await silo.Verify(token.Id, token.Pair.Access)).Token!;
        Assert.Equal((7L, "kept", """{"a":1}""", "forever", true), (after.SecretVersion, after.FullName, after.Claims, after.Ttl, after.Independent));
        Assert.Equal((before.ExpiresAt, before.SecondaryDeadline), (after.ExpiresAt, after.SecondaryDeadline));
    }
}
