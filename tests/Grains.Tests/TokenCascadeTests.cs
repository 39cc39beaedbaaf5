using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests;

/// <summary>
/// Tokens below something deleted go in pages, without their grains: what is active somewhere, what changes meanwhile
/// and what a crash leaves.
/// </summary>
[Collection("silo")]
public sealed class TokenCascadeTests(SiloFixture silo) : IDisposable
{
    public void Dispose() => (silo.Store.Loses, silo.Store.Overtake) = (null, null);

    private async Task<TestToken> NewChild(TestToken parent, string? name = null)
    {
        var caller = await silo.CallerOf(parent);
        var child = await silo.NewToken(caller.OrganizationId, caller.MemberId, caller: caller, name: name);
        Assert.Null(child.Answer.Refusal);
        return child;
    }

    private async Task<StoredRecord?> Row(TestToken token) =>
        await silo.Store.Read(new("token", token.Id.ToString()));

    private Task Delete(TestToken token) => Task.Run(async () =>
        Assert.Null((await silo.Token(token.Id).Delete(SiloFixture.Change())).Refusal));

    /// <summary>Waits until nothing says any more that tokens below are dead, but they themselves.</summary>
    private async Task CascadeEnds(TestToken parent)
    {
        await Eventually.Holds(
            async () => (await Row(parent))?.Status == StoredRecord.Deleted, "the cascade ends");
        var state = TokenRow.Read((await Row(parent))!);
        await Eventually.Holds(
            async () => (await silo.Organization(state.OrganizationId).Ask(Below(state))).AboveStands,
            "the mark is cleared");
    }

    private static OwnerStatusQuery Below(TokenState state) =>
        new() { MemberId = state.MemberId, Roles = [], Ancestors = [state.Id], Within = [] };

    private async Task<IEnumerable<string>> EventsOf(TestToken token) =>
        (await silo.Store.AuditOf(token.Id.ToString())).Select(entry => entry.Event);

    [Fact]
    public async Task Names_below_a_deleted_token_are_free_with_its_answer()
    {
        var parent = await silo.NewToken();
        var child = await NewChild(parent, "freed-child");
        var grandchild = await NewChild(child, "freed-grandchild");
        var caller = await silo.CallerOf(parent);
        await Delete(parent);
        foreach (var name in new[] { "freed-child", "freed-grandchild" })
        {
            Assert.Null((await silo.NewToken(caller.OrganizationId, caller.MemberId, name: name)).Answer.Refusal);
        }

        await CascadeEnds(parent);
        foreach (var token in new[] { child, grandchild })
        {
            Assert.Equal(["token.issued", "token.deleted", "token.cascade_finished"], await EventsOf(token));
            Assert.DoesNotContain("digest", (await Row(token))!.State);
        }
    }

    [Fact]
    public async Task An_active_child_is_refused_from_the_answer_on_and_after_the_mark_is_cleared()
    {
        var parent = await silo.NewToken();
        var child = await NewChild(parent);
        var grandchild = await NewChild(child);
        Assert.True(await silo.Accepts(child.Id, child.Pair.Access));
        Assert.True(await silo.Accepts(grandchild.Id, grandchild.Pair.Access));
        await Delete(parent);
        Assert.False(await silo.Accepts(child.Id, child.Pair.Access));
        Assert.False(await silo.Accepts(grandchild.Id, grandchild.Pair.Access));
        await CascadeEnds(parent);
        Assert.Equal(TokenRefusal.NotFound, (await silo.Verify(child.Id, child.Pair.Access)).Refusal);
        Assert.Equal(TokenRefusal.NotFound, (await silo.Verify(grandchild.Id, grandchild.Pair.Access)).Refusal);
    }

    [Fact]
    public async Task A_child_that_changes_at_the_same_time_is_deleted_as_it_became()
    {
        var parent = await silo.NewToken();
        var child = await NewChild(parent);
        var overtaken = 0;
        silo.Store.Overtake = async _ => Assert.Null(
            (await silo.Token(child.Id).Disable(SiloFixture.Change())).Refusal);
        silo.Store.Loses = commit =>
        {
            if (commit.Record.Key.Id == child.Id.ToString() && Interlocked.Increment(ref overtaken) == 1)
            {
                silo.Store.Next(Fault.Overtaken);
            }

            return false;
        };
        await Delete(parent);
        await CascadeEnds(parent);
        Assert.Equal(
            ["token.issued", "token.disabled", "token.deleted", "token.cascade_finished"], await EventsOf(child));
        Assert.Equal(TokenRefusal.NotFound, (await silo.Verify(child.Id, child.Pair.Access)).Refusal);
    }

    [Fact]
    public async Task A_cascade_that_was_cut_short_is_finished_by_the_reminder_after_a_restart()
    {
        var parent = await silo.NewToken();
        var child = await NewChild(parent);
        var grandchild = await NewChild(child);
        silo.Store.Loses = commit => commit.Record.Status == StoredRecord.Deleted;
        await Delete(parent);
        Assert.Equal(StoredRecord.Deleting, (await Row(child))!.Status);
        await silo.RestartAsync();
        Assert.False(await silo.Accepts(grandchild.Id, grandchild.Pair.Access));
        await silo.Tick(parent.Id);
        await CascadeEnds(parent);
        Assert.Equal(["token.issued", "token.deleted", "token.cascade_finished"], await EventsOf(child));
        Assert.Equal(["token.issued", "token.deleted", "token.cascade_finished"], await EventsOf(grandchild));
    }

    /// <summary>A crash came between the write of a tombstone and the call to the grain, which is active
    /// elsewhere.</summary>
    [Fact]
    public async Task A_child_that_was_never_told_of_its_tombstone_is_told_before_the_mark_is_cleared()
    {
        var parent = await silo.NewToken();
        var child = await NewChild(parent);
        Assert.True(await silo.Accepts(child.Id, child.Pair.Access));
        silo.Store.Loses = commit => commit.Record.Key.Id != parent.Id.ToString();
        await Delete(parent);
        var buried = new CascadedToken((await Row(child))!)
            .Decide(new TokenCommand.Delete(), SiloFixture.Command(), silo.Clock.GetUtcNow()).Commit;

        // What the delete left running writes nothing before this is written.
        silo.Store.Loses = commit => commit != buried && commit.Record.Key.Id != parent.Id.ToString();
        Assert.Equal(CommitOutcome.Done, await silo.Store.Commit(buried!));
        silo.Store.Loses = null;
        await silo.Tick(parent.Id);
        await CascadeEnds(parent);
        Assert.Equal(TokenRefusal.NotFound, (await silo.Verify(child.Id, child.Pair.Access)).Refusal);
        Assert.Equal(StoredRecord.Deleted, (await Row(child))!.Status);
    }

    [Fact]
    public async Task What_was_made_with_a_token_of_a_deleted_member_goes_with_it()
    {
        var (organization, member) = await silo.NewOrganization();
        await silo.NewMember(organization, new MemberId(Guid.NewGuid()), "other", BuiltinRoles.Administrator);
        var token = await silo.NewToken(organization, member);
        var child = await NewChild(token, "of-a-member");
        Assert.Null((await silo.Grains.GetGrain<Abstractions.Members.IMemberGrain>(member.ToString())
            .Delete(new() { Context = SiloFixture.Command() })).Refusal);
        Assert.Null((await silo.Store.Read(new("token", child.Id.ToString())))!.NameKey);
        Assert.False(await silo.Accepts(child.Id, child.Pair.Access));
        await Eventually.Holds(
            async () => (await Row(child))?.Status == StoredRecord.Deleted, "the cascade ends");
    }

    [Fact]
    public async Task A_deleted_organization_takes_its_tokens_with_it()
    {
        var organization = new OrganizationId(Guid.NewGuid());
        var member = new MemberId(Guid.NewGuid());
        await silo.Organization(organization).CreateOrganization(new CreateOrganization
        {
            Context = SiloFixture.Command(),
            Type = OrganizationType.Standard,
            Name = $"o{organization.Value:N}",
            FullName = "Below",
            ParentId = (await silo.NewOrganization()).Organization,
            RefreshTokenId = new TokenId(Guid.NewGuid()),
        });
        await silo.Organization(organization).FinishFounding(SiloFixture.Command());
        await silo.NewMember(organization, member, "someone", BuiltinRoles.Administrator);
        var token = await silo.NewToken(organization, member);
        var child = await NewChild(token);
        Assert.Null((await silo.Organization(organization).Delete(new() { Context = SiloFixture.Command() })).Refusal);
        await Eventually.Holds(
            async () => (await silo.Store.Read(new("organization", organization.ToString())))?.Status
                == StoredRecord.Deleted,
            "the cascade ends");
        Assert.All([await Row(token), await Row(child)], row => Assert.Equal(StoredRecord.Deleted, row?.Status));
    }
}
