using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.StoredTokens;

namespace TokenActors.Grains.Tests;

/// <summary>Commit before answer, and what becomes of commits that fail, are lost, or come too late.</summary>
[Collection("silo")]
public sealed class FaultTests(SiloFixture silo)
{
    [Fact]
    public async Task A_failed_commit_changes_nothing_that_is_served()
    {
        var token = await silo.NewToken();
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => silo.Refresh(token.Id, token.Pair.Refresh!));
        Assert.Equal(1, (await silo.Verify(token.Id, token.Pair.Access)).Token!.Version);
        Assert.Null((await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_done_by_the_same_command()
    {
        var token = await silo.NewToken();
        var pair = SecretMint.Mint(TokenProfile.Organization, token.Id);
        var command = SiloFixture.Renewal(pair);
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => silo.Token(token.Id).Reset(command));
        var again = await silo.Token(token.Id).Reset(command);
        Assert.Null(again.Refusal);
        Assert.Equal(2, again.Token!.Version);
        Assert.True(await silo.Accepts(token.Id, pair.Access));
        Assert.Equal(2, (await silo.Store.AuditOf(token.Id.ToString())).Count);
    }

    [Fact]
    public async Task A_refresh_whose_answer_was_lost_gives_the_stored_pair_to_the_next_try()
    {
        var token = await silo.NewToken();
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => silo.Refresh(token.Id, token.Pair.Refresh!));
        var (answer, pair) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.Null(answer.Refusal);
        Assert.Equal(2, answer.Token!.Version);
        Assert.True(await silo.Accepts(token.Id, pair!.Access));
    }

    [Fact]
    public async Task A_conflict_is_decided_again_from_what_is_stored()
    {
        var token = await silo.NewToken();
        var (_, first) = await silo.Refresh(token.Id, token.Pair.Refresh!);

        // Another activation disables the token between this one's decision and its write.
        silo.Store.Overtake = async commit =>
        {
            var row = (await silo.Store.Read(commit.Record.Key))!;
            var disabled = TokenRow.Read(row) with { Enabled = false, Version = 3 };
            await silo.Store.Commit(
                new(TokenRow.Of(disabled, "other", row.DueAt, row.LastUsedAt, new RowDivision(IsMade: true)), 2, []));
        };
        silo.Store.Next(Fault.Overtaken);
        Assert.Equal(TokenRefusal.Disabled, (await silo.Refresh(token.Id, first!.Refresh!)).Answer.Refusal);
        Assert.Equal(TokenRefusal.Disabled, (await silo.Verify(token.Id, first.Access)).Refusal);
    }

    /// <summary>
    /// Tokens ask an organization of the same silo without a message only for as long as its grain is active.
    /// </summary>
    [Fact]
    public async Task Tokens_are_answered_for_when_their_organization_left_the_memory()
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await silo.NewToken(organization, member);
        var authorities = silo.Services.GetRequiredService<LocalAuthorities>();
        var query = new OwnerStatusQuery { MemberId = member };
        Assert.NotNull(authorities.Ask(organization, query));

        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(
            () => silo.Organization(organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Disabled));
        await Eventually.Holds(() => authorities.Ask(organization, query) is null, "it has left");
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        Assert.NotNull(authorities.Ask(organization, query));

        await silo.Organization(organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Disabled);
        Assert.False(await silo.Accepts(token.Id, token.Pair.Access));
    }

    [Fact]
    public async Task A_database_that_cannot_be_read_is_no_unknown_token()
    {
        var token = await silo.NewToken();
        await silo.RestartAsync();
        silo.Store.ReadsFail = true;
        await Assert.ThrowsAnyAsync<Exception>(() => silo.Verify(token.Id, token.Pair.Access));
        silo.Store.ReadsFail = false;
        await Eventually.Holds(() => Recovered(token), "it answers again");
    }

    private async Task<bool> Recovered(TestToken token)
    {
        try
        {
            return await silo.Accepts(token.Id, token.Pair.Access);
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Reads_do_not_wait_behind_a_write()
    {
        var token = await silo.NewToken();
        var gate = new TaskCompletionSource();
        silo.Store.Overtake = _ => gate.Task;
        silo.Store.Next(Fault.Overtaken);
        var write = silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.Equal(1, (await silo.Verify(token.Id, token.Pair.Access)).Token!.Version);
        Assert.False(write.IsCompleted);
        gate.SetResult();
        Assert.Equal(2, (await write).Answer.Token!.Version);
    }

    [Fact]
    public async Task A_presentation_during_a_write_is_not_forgotten()
    {
        var token = await silo.NewToken();
        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        var gate = new TaskCompletionSource();
        silo.Store.Overtake = _ => gate.Task;
        silo.Store.Next(Fault.Overtaken);
        var write = silo.Token(token.Id).Describe(new() { Context = SiloFixture.Command(), FullName = "Renamed" });
        Assert.True(await silo.Accepts(token.Id, next!.Access));
        gate.SetResult();
        await write;
        silo.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(TokenRefusal.Reused, (await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
        await silo.RestartAsync();
        Assert.Equal(TokenRefusal.Reused, (await silo.Refresh(token.Id, token.Pair.Refresh!)).Answer.Refusal);
    }
}
