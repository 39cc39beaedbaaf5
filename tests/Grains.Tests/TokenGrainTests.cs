using TokenActors.Domain.Grants;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests;

[Collection("silo")]
public sealed class TokenGrainTests(SiloFixture silo)
{
    [Fact]
    public async Task An_issued_token_is_accepted_and_shown_without_secrets()
    {
        var token = await silo.NewToken();
        var verification = await silo.Verify(token.Id, token.Pair.Access);
        Assert.Null(verification.Refusal);
        Assert.Equal(token.Id, verification.Caller!.TokenId);
        Assert.Equal(PresentedKind.PrimaryAccess, verification.Presented);
        Assert.True(verification.Caller.Grant.Covers(
            "tokens:rotate", new ResourceTarget(verification.Caller.OrganizationId.ToString())));
        Assert.Equal(token.Pair.Access.LastFour, verification.Token!.Primary.Access.LastFour);
        Assert.Equal(token.Id, verification.Token.ParentId);
    }

    [Fact]
    public async Task A_refresh_half_is_no_bearer_and_a_stranger_is_nobody()
    {
        var token = await silo.NewToken();
        Assert.Equal(TokenRefusal.WrongKind, (await silo.Verify(token.Id, token.Pair.Refresh!)).Refusal);
        Assert.Null((await silo.Verify(token.Id, token.Pair.Refresh!, refreshToo: true)).Refusal);
        Assert.Equal(TokenRefusal.UnknownSecret, (await silo.Verify(token.Id, new Secret("stranger"))).Refusal);
        Assert.Equal(
            TokenRefusal.NotFound, (await silo.Verify(SecretMint.NewTokenId(silo.Clock), token.Pair.Access)).Refusal);
    }

    [Fact]
    public async Task A_crowd_that_asks_for_a_token_while_it_is_made_is_answered()
    {
        var (organization, member) = await silo.NewOrganization();
        for (var round = 0; round < 25; round++)
        {
            var id = SecretMint.NewTokenId(silo.Clock);
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            {
                await silo.Token(id).GetIdempotentAnswer([1], [2]);
                return await silo.NewToken(organization, member, id: id);
            })));
            Assert.Single(answers, answer => answer.Answer.Refusal is null);
        }
    }

    [Fact]
    public async Task What_was_answered_is_still_there_after_a_restart()
    {
        var token = await silo.NewToken();
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        await silo.RestartAsync();
        Assert.True(await silo.Accepts(token.Id, next!.Access));
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        var (again, pair) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.Equal(AnswerSecrets.SealedForHolder, again.Secrets);
        Assert.Equal(next.Access.Reveal(), pair!.Access.Reveal());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(64)]
    public async Task Concurrent_refreshes_of_one_secret_get_one_and_the_same_successor(int clients)
    {
        var token = await silo.NewToken();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, clients).Select(_ => silo.Refresh(token.Id, token.Pair.Refresh!)));
        Assert.All(answers, a => Assert.Null(a.Answer.Refusal));
        var access = Assert.Single(answers.Select(a => a.Pair!.Access.Reveal()).Distinct());
        Assert.Single(answers.Select(a => a.Pair!.Refresh!.Reveal()).Distinct());
        Assert.True(await silo.Accepts(token.Id, new Secret(access)));
        Assert.Equal(2, (await silo.Verify(token.Id, new Secret(access))).Token!.Version);
    }

    [Fact]
    public async Task A_first_presentation_and_the_grace_turn_a_retry_into_a_replay_that_is_audited_once_a_minute()
    {
        var token = await silo.NewToken();
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.True(await silo.Accepts(token.Id, next!.Access));
        silo.Clock.Advance(TimeSpan.FromSeconds(61));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(TokenRefusal.Reused, (await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
        }

        Assert.True(await silo.Accepts(token.Id, next.Access));
        Assert.Single(await silo.Store.AuditOf(token.Id.ToString()), a => a.Event == "token.reuse_detected");
        silo.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(TokenRefusal.Reused, (await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
        Assert.Equal(2, (await silo.Store.AuditOf(token.Id.ToString())).Count(a => a.Event == "token.reuse_detected"));
    }

    [Fact]
    public async Task A_presentation_outlives_a_restart()
    {
        var token = await silo.NewToken();
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.True(await silo.Accepts(token.Id, next!.Access));
        await silo.RestartAsync();
        silo.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(TokenRefusal.Reused, (await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
    }

    [Fact]
    public async Task The_sealed_answer_is_erased_once_nobody_can_be_given_it()
    {
        var token = await silo.NewToken();
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.NotNull((await silo.Store.Read(new("token", token.Id.ToString())))!.Sealed);
        await silo.Accepts(token.Id, next!.Access);
        silo.Clock.Advance(TimeSpan.FromSeconds(61));
        await silo.Accepts(token.Id, next.Access);
        await silo.RestartAsync();
        Assert.Null((await silo.Store.Read(new("token", token.Id.ToString())))!.Sealed);
    }

    [Fact]
    public async Task A_pair_that_an_administrator_rotated_away_is_superseded()
    {
        var token = await silo.NewToken();
        await silo.Token(token.Id).Rotate(SiloFixture.Renewal(SecretMint.Mint(TokenProfile.Organization, token.Id)));
        silo.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(TokenRefusal.Superseded, (await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
        Assert.DoesNotContain(await silo.Store.AuditOf(token.Id.ToString()), a => a.Event == "token.reuse_detected");
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
    }

    [Fact]
    public async Task Every_change_leaves_one_audit_row_of_its_version_and_refusals_none()
    {
        var token = await silo.NewToken();
        var grain = silo.Token(token.Id);
        await silo.Refresh(token.Id, token.Pair.Refresh!);
        await grain.RemoveSecondary(SiloFixture.Change());
        await grain.RemoveSecondary(SiloFixture.Change());
        await grain.Disable(SiloFixture.Change());
        Assert.Equal(
            TokenRefusal.Disabled,
            (await grain.Reset(SiloFixture.Renewal(SecretMint.Mint(TokenProfile.Organization, token.Id)))).Refusal);
        await grain.Enable(SiloFixture.Change());
        var audit = await silo.Store.AuditOf(token.Id.ToString());
        Assert.Equal(
            ["token.issued", "token.refreshed", "token.secondary_removed", "token.disabled", "token.enabled"], audit.Select(a => a.Event));
        Assert.Equal([1, 2, 3, 4, 5], audit.Select(a => a.SubjectVersion));
    }

    [Fact]
    public async Task A_name_is_unique_until_its_token_is_deleted()
    {
        var (organization, member) = await silo.NewOrganization();
        var first = await silo.NewToken(organization, member, name: "ci");
        Assert.Equal(TokenRefusal.NameTaken, (await silo.NewToken(organization, member, name: "ci")).Answer.Refusal);
        await silo.Token(first.Id).Delete(SiloFixture.Change());
        Assert.Null((await silo.NewToken(organization, member, name: "ci")).Answer.Refusal);
    }

    [Fact]
    public async Task A_default_token_stays_and_revoking_it_disables_it()
    {
        var token = await silo.NewToken(profile: TokenProfile.Default);
        Assert.Equal(TokenRefusal.DefaultTokenStays, (await silo.Token(token.Id).Delete(SiloFixture.Change())).Refusal);
        await silo.Token(token.Id).Revoke(
            new RevokeToken { Context = SiloFixture.Command(), Presented = token.Pair.Access.Fingerprint() });
        Assert.Equal(TokenRefusal.Disabled, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
    }

    [Fact]
    public async Task Revoking_a_secondary_removes_it_and_a_stranger_changes_nothing()
    {
        var token = await silo.NewToken();
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Task<TokenAnswer> Revoke(Secret secret) =>
            silo.Token(token.Id).Revoke(
                new RevokeToken { Context = SiloFixture.Command(), Presented = secret.Fingerprint() });
        Assert.Equal(TokenRefusal.UnknownSecret, (await Revoke(new Secret("stranger"))).Refusal);
        await Revoke(token.Pair.Refresh!);
        Assert.False(await silo.Accepts(token.Id, token.Pair.Access));
        Assert.True(await silo.Accepts(token.Id, next!.Access));
        await Revoke(next.Refresh!);
        Assert.False(await silo.Accepts(token.Id, next.Access));
    }

    [Fact]
    public async Task Disabled_members_and_organizations_take_effect_on_the_next_call()
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await silo.NewToken(organization, member);
        var memberGrain = silo.Grains.GetGrain<IMemberGrain>(member.ToString());
        await memberGrain.SetStatus(SiloFixture.Command(), MemberStatus.Disabled);
        Assert.Equal(TokenRefusal.OwnerGone, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
        Assert.Equal(TokenRefusal.OwnerGone, (await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
        await memberGrain.SetStatus(SiloFixture.Command(), MemberStatus.Enabled);
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        await silo.Organization(organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Disabled);
        Assert.Equal(TokenRefusal.OrganizationDisabled, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
        await silo.RestartAsync();
        Assert.Equal(TokenRefusal.OrganizationDisabled, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
    }

    [Fact]
    public async Task A_token_shrinks_with_its_member()
    {
        var (organization, member) = await silo.NewOrganization(BuiltinRoles.Administrator);
        var token = await silo.NewToken(organization, member);
        var target = new ResourceTarget(organization.ToString());
        Assert.True((await silo.CallerOf(token)).Grant.Covers("tokens:create", target));
        await silo.Grains.GetGrain<IMemberGrain>(member.ToString()).BindRoles(
            SiloFixture.Command(), [BuiltinRoles.Viewer]);
        var shrunk = await silo.CallerOf(token);
        Assert.False(shrunk.Grant.Covers("tokens:create", target));
        Assert.True(shrunk.Grant.Covers("tokens:list", target));
    }

    [Fact]
    public async Task A_deleted_tokens_descendants_are_dead_at_once_and_deleted_soon()
    {
        var (organization, member) = await silo.NewOrganization();
        var parent = await silo.NewToken(organization, member);
        var child = await silo.NewToken(organization, member, caller: await silo.CallerOf(parent));
        var grandchild = await silo.NewToken(organization, member, caller: await silo.CallerOf(child));
        var bystander = await silo.NewToken(organization, member);
        Assert.Equal(parent.Id, child.Answer.Token!.ParentId);
        await silo.Token(parent.Id).Delete(SiloFixture.Change());
        Assert.False(await silo.Accepts(child.Id, child.Pair.Access));
        Assert.False(await silo.Accepts(grandchild.Id, grandchild.Pair.Access));
        Assert.True(await silo.Accepts(bystander.Id, bystander.Pair.Access));
        await Eventually.Holds(
            async () => (await silo.Verify(grandchild.Id, grandchild.Pair.Access)).Refusal == TokenRefusal.NotFound, "the cascade ends");
        await Eventually.Holds(
            async () => (await silo.Store.BeingDeleted(organization.ToString())).Count == 0, "no mark is left");
    }

    [Fact]
    public async Task A_cascade_that_a_crash_interrupted_is_finished_by_the_reminder_and_nothing_below_was_accepted()
    {
        var (organization, member) = await silo.NewOrganization();
        var parent = await silo.NewToken(organization, member);
        var child = await silo.NewToken(organization, member, caller: await silo.CallerOf(parent));

        // The tombstone is written; the delete of the child is not, neither before the answer nor after it.
        silo.Store.Loses = commit => commit.Record.Key.Id == child.Id.ToString();
        var commits = silo.Store.Commits;
        await silo.Token(parent.Id).Delete(SiloFixture.Change());
        Assert.False(await silo.Accepts(child.Id, child.Pair.Access));
        await Eventually.Holds(() => silo.Store.Commits == commits + 3, "the cascade was interrupted");
        Assert.Equal("live", (await silo.Store.Read(new("token", child.Id.ToString())))!.Status);
        Assert.Equal("deleting", (await silo.Store.Read(new("token", parent.Id.ToString())))!.Status);
        await silo.RestartAsync();
        Assert.False(await silo.Accepts(child.Id, child.Pair.Access));
        await silo.Tick(parent.Id);
        Assert.Equal(TokenRefusal.NotFound, (await silo.Verify(child.Id, child.Pair.Access)).Refusal);
        Assert.Equal("deleted", (await silo.Store.Read(new("token", parent.Id.ToString())))!.Status);
    }

    [Fact]
    public async Task No_child_is_born_under_a_deleted_parent()
    {
        var (organization, member) = await silo.NewOrganization();
        var parent = await silo.NewToken(organization, member);
        var caller = await silo.CallerOf(parent);
        await silo.Token(parent.Id).Delete(SiloFixture.Change());
        Assert.Equal(
            TokenRefusal.OwnerGone, (await silo.NewToken(organization, member, caller: caller)).Answer.Refusal);
    }

    [Fact]
    public async Task Children_born_while_their_parent_dies_never_survive_it()
    {
        var (organization, member) = await silo.NewOrganization();
        for (var trial = 0; trial < 50; trial++)
        {
            var parent = await silo.NewToken(organization, member);
            var caller = await silo.CallerOf(parent);
            var births = Enumerable.Range(0, 4).Select(_ => silo.NewToken(organization, member, caller: caller)).ToList();
            await silo.Token(parent.Id).Delete(SiloFixture.Change());
            foreach (var child in await Task.WhenAll(births))
            {
                Assert.False(child.Answer.Refusal is null && await silo.Accepts(child.Id, child.Pair.Access));
            }
        }
    }

    [Fact]
    public async Task A_caller_sees_no_token_of_another_organization()
    {
        var mine = await silo.NewToken();
        var theirs = await silo.NewToken();
        var stranger = await silo.CallerOf(mine);
        var grain = silo.Token(theirs.Id);
        Assert.Equal(TokenRefusal.NotFound, (await grain.Get(stranger.OrganizationId)).Refusal);
        Assert.Equal(TokenRefusal.NotFound, (await grain.Delete(SiloFixture.Change(stranger))).Refusal);
        Assert.Equal(
            TokenRefusal.NotFound, (await grain.Reset(SiloFixture.Renewal(SecretMint.Mint(TokenProfile.Organization, theirs.Id), stranger))).Refusal);
        Assert.True(await silo.Accepts(theirs.Id, theirs.Pair.Access));
    }

    [Fact]
    public async Task A_narrowed_administrator_gets_at_no_wider_token_by_any_command()
    {
        var (organization, member) = await silo.NewOrganization();
        var wide = await silo.NewToken(organization, member);
        var narrow = await silo.NewToken(
            organization, member, resources: new Resources { OrganizationIds = Selection.Of(organization.ToString()), AccountIds = Selection.Of("a1") });
        var caller = await silo.CallerOf(narrow);
        var grain = silo.Token(wide.Id);
        RenewToken Renew() => SiloFixture.Renewal(SecretMint.Mint(TokenProfile.Organization, wide.Id), caller);
        TokenAnswer[] answers =
        [
            await grain.Rotate(Renew()), await grain.Reset(Renew()), await grain.Replace(Renew()),
            await grain.Disable(SiloFixture.Change(caller)),
            await grain.RemoveSecondary(SiloFixture.Change(caller)), await grain.Delete(SiloFixture.Change(caller)),
            await grain.Revoke(
                new RevokeToken { Context = SiloFixture.Command(caller), Presented = wide.Pair.Access.Fingerprint() }),
            (await silo.NewToken(organization, member, resources: Resources.All, caller: caller)).Answer,
        ];
        Assert.All(answers, answer => Assert.Equal(TokenRefusal.BeyondGrant, answer.Refusal));
        Assert.True(await silo.Accepts(wide.Id, wide.Pair.Access));
        Assert.Null((await silo.Token(narrow.Id).Rotate(SiloFixture.Renewal(SecretMint.Mint(TokenProfile.Organization, narrow.Id), caller))).Refusal);
        Assert.Null((await silo.NewToken(organization, member, PermissionSets.Viewer, caller.Grant.Clauses[0].Resources, caller)).Answer.Refusal);
    }

    [Fact]
    public async Task The_same_command_is_carried_out_once()
    {
        var token = await silo.NewToken();
        var pair = SecretMint.Mint(TokenProfile.Organization, token.Id);
        var command = SiloFixture.Renewal(pair, id: Guid.NewGuid());
        var first = await silo.Token(token.Id).Rotate(command);
        var again = await silo.Token(token.Id).Rotate(command);
        Assert.Equal(2, first.Token!.Version);
        Assert.Equal(2, again.Token!.Version);
        Assert.True(await silo.Accepts(token.Id, pair.Access));
    }

    [Fact]
    public async Task An_idempotent_call_is_recalled_with_the_sealed_secrets_even_after_it_was_superseded()
    {
        var token = await silo.NewToken();
        var pair = SecretMint.Mint(TokenProfile.Organization, token.Id);
        var command = SiloFixture.Renewal(pair);
        command = command with
        {
            Context = command.Context with { Idempotency = new() { Key = [1], Request = [2], Sealed = [3] } },
        };
        var first = await silo.Token(token.Id).Reset(command);
        await silo.Token(token.Id).Disable(SiloFixture.Change());
        var recalled = await silo.Token(token.Id).GetIdempotentAnswer([1], [2]);
        Assert.Equal(AnswerSecrets.SealedForCaller, recalled.Secrets);
        Assert.Equal([3], recalled.Sealed);
        Assert.Equal(first.Token, recalled.Token);
        Assert.Equal(
            TokenRefusal.IdempotencyConflict, (await silo.Token(token.Id).GetIdempotentAnswer([1], [9])).Refusal);
        Assert.Equal(TokenRefusal.NotFound, (await silo.Token(token.Id).GetIdempotentAnswer([7], [2])).Refusal);
        await silo.RestartAsync();
        Assert.Equal([3], (await silo.Token(token.Id).GetIdempotentAnswer([1], [2])).Sealed);
    }

    [Fact]
    public async Task Spent_secrets_are_known_after_a_restart()
    {
        var token = await silo.NewToken();
        List<Secret> spent = [token.Pair.Refresh!];
        for (var i = 0; i < 4; i++)
        {
            spent.Add((await silo.Refresh(token.Id, spent[^1])).Pair!.Refresh!);
            silo.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        await silo.RestartAsync();
        Assert.Equal(TokenRefusal.Reused, (await silo.Refresh(token.Id, spent[0])).Answer.Refusal);
        Assert.Equal(TokenRefusal.Reused, (await silo.Refresh(token.Id, spent[2])).Answer.Refusal);
        Assert.Null((await silo.Refresh(token.Id, spent[^1])).Answer.Refusal);
    }
}
