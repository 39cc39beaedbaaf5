using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Provisioning;

/// <summary>Commands that make several rows leave all of them or none, whatever becomes of their commit.</summary>
[Collection("silo")]
public sealed class ProvisioningTests(SiloFixture silo)
{
    public static TheoryData<string> Kinds() =>
        [Provisioner.Integration, Provisioner.Replacement, Provisioner.Bridge, Provisioner.SubOrganization, Provisioner.Account];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_lost_commit_leaves_nothing_and_the_name_is_free(string kind)
    {
        var (provisioner, name) = (await Provisioner.In(silo), NewName());
        var command = await provisioner.Prepare(kind, name);
        var rival = await provisioner.Prepare(kind, name);
        var before = await silo.Store.Read(command.Named);
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(command.Send);
        await NothingIsLeftOf(command, before);
        Assert.Null((await rival.Send()).Refusal);
        Assert.Equal("NameTaken", (await command.Send()).Refusal);
        await NothingIsLeftOf(command, before);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_same_command_gets_the_same_answer_after_its_first_was_lost(string kind)
    {
        var command = await (await Provisioner.In(silo)).Prepare(kind, NewName());
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(command.Send);
        var answer = await command.Send();
        await IsWhole(command, answer);
        await silo.RestartAsync();
        Assert.Equal(answer, await command.Send());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_same_command_again_gets_the_same_answer_and_makes_nothing_twice(string kind)
    {
        var command = await (await Provisioner.In(silo)).Prepare(kind, NewName());
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => command.Send()));
        Assert.Single(answers.Distinct());
        await IsWhole(command, answers[0]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Of_two_at_once_with_one_name_one_wins_and_the_other_leaves_nothing(string kind)
    {
        var provisioner = await Provisioner.In(silo);
        for (var round = 0; round < 10; round++)
        {
            var name = NewName();
            WholeCommand[] rivals = [await provisioner.Prepare(kind, name), await provisioner.Prepare(kind, name)];
            StoredRecord?[] before = [await silo.Store.Read(rivals[0].Named), await silo.Store.Read(rivals[1].Named)];
            var answers = await Task.WhenAll(rivals.Select(rival => rival.Send()));
            var loser = answers[0].Refusal is null ? 1 : 0;
            Assert.Equal("NameTaken", answers[loser].Refusal);
            await IsWhole(rivals[1 - loser], answers[1 - loser]);
            await NothingIsLeftOf(rivals[loser], before[loser]);
        }
    }

    /// <summary>What was asked before the commit is asked again in its transaction.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_name_that_is_taken_between_decision_and_commit_leaves_nothing(string kind)
    {
        var (provisioner, name) = (await Provisioner.In(silo), NewName());
        var command = await provisioner.Prepare(kind, name);
        var rival = await provisioner.Prepare(kind, name);
        var before = await silo.Store.Read(command.Named);
        silo.Store.Overtake = _ => rival.Send();
        silo.Store.Next(Fault.Overtaken);
        Assert.Equal("NameTaken", (await command.Send()).Refusal);
        await NothingIsLeftOf(command, before);
        await IsWhole(rival, await rival.Send());
    }

    [Theory]
    [InlineData(Provisioner.Integration, "account")]
    [InlineData(Provisioner.SubOrganization, "organization")]
    [InlineData(Provisioner.Account, "organization")]
    public async Task A_parent_that_goes_between_decision_and_commit_takes_everything_with_it(string kind, string parent)
    {
        var provisioner = await Provisioner.In(silo);
        var command = await provisioner.Prepare(kind, NewName());
        var key = new RecordKey(
            parent, parent == "account" ? provisioner.AccountId.ToString() : provisioner.Organization.ToString());
        silo.Store.Overtake = async _ =>
        {
            var row = Assert.IsType<StoredRecord>(await silo.Store.Read(key));
            var gone = row with { Version = row.Version + 1, CommandId = "other", Status = StoredRecord.Deleting, NameKey = null };
            Assert.Equal(CommitOutcome.Done, await silo.Store.Commit(new(gone, row.Version, [])));
        };
        silo.Store.Next(Fault.Overtaken);
        Assert.Equal("OwnerGone", (await command.Send()).Refusal);
        await NothingIsLeftOf(command, before: null);
    }

    [Fact]
    public async Task A_replacement_of_what_was_changed_meanwhile_is_refused_and_makes_no_credential()
    {
        var command = await (await Provisioner.In(silo)).Prepare(Provisioner.Replacement, NewName());
        StoredRecord? changed = null;
        silo.Store.Overtake = async _ =>
        {
            var row = Assert.IsType<StoredRecord>(await silo.Store.Read(command.Named));
            changed = row with { Version = row.Version + 1, CommandId = "other" };
            Assert.Equal(CommitOutcome.Done, await silo.Store.Commit(new(changed, row.Version, [])));
        };
        silo.Store.Next(Fault.Overtaken);
        Assert.Equal("ChangedMeanwhile", (await command.Send()).Refusal);
        await NothingIsLeftOf(command, changed);
    }

    [Fact]
    public async Task A_token_that_is_refused_makes_no_account()
    {
        var (provisioner, name) = (await Provisioner.In(silo), NewName());
        var own = await provisioner.Prepare(Provisioner.Account, NewName());
        Assert.Null((await own.Send()).Refusal);
        var viewer = await silo.NewToken(provisioner.Organization, provisioner.Member, PermissionSets.Viewer);
        var caller = await silo.CallerOf(viewer);
        (string Refusal, Func<IssueToken, IssueToken> Change)[] refused =
        [
            ("BeyondGrant", token => token with { Context = SiloFixture.Command(caller) }),
            ("OwnerGone", token => token with { MemberId = new MemberId(Guid.NewGuid()) }),
            ("LifeOutOfBounds", token => token with { Ttl = "nonsense" }),
            ("LifeOutOfBounds", token => token with { Ttl = "100000h" }),
        ];
        foreach (var (refusal, change) in refused)
        {
            var command = provisioner.NewAccount(name, change);
            Assert.Equal(refusal, (await command.Send()).Refusal);
            await NothingIsLeftOf(command, before: null);
        }

        // The id of a token that is there already, as where its account was deleted and the same key is used again.
        var taken = provisioner.NewAccount(name, tokenId: Assert.NotNull(own.Token).Id);
        Assert.Equal("IdTaken", (await taken.Send()).Refusal);
        Assert.Null(await silo.Store.Read(taken.Named));
        Assert.Null((await provisioner.NewAccount(name).Send()).Refusal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_authority_knows_the_first_member_at_once(bool answerIsLost)
    {
        var command = await (await Provisioner.In(silo)).Prepare(Provisioner.SubOrganization, NewName());
        if (answerIsLost)
        {
            silo.Store.Next(Fault.AnswerLost);
            await Assert.ThrowsAsync<ServiceUnavailableException>(command.Send);
        }
        else
        {
            Assert.Null((await command.Send()).Refusal);
        }

        var (token, pair) = Assert.NotNull(command.Token);
        var verified = await silo.Verify(token, pair.Access);
        Assert.Null(verified.Refusal);
        Assert.Equal(command.Named.Id, verified.Caller?.OrganizationId.ToString());
        Assert.Equal(command.Made[1].Id, verified.Caller?.MemberId.ToString());
        Assert.True(verified.Caller?.Grant.Covers("tokens:create", new(command.Named.Id)));
        var challenge = await silo.Organization(OrganizationId.Parse(command.Named.Id)).Challenge("FIRST");
        Assert.Equal((command.Made[1].Id, 1), (challenge.MemberId.ToString(), challenge.Iterations));
        Assert.NotNull(await silo.Grains.GetGrain<IMemberGrain>(command.Made[1].Id).Get());
    }

    /// <summary>
    /// Whoever asks for the answer under a key asks before the command; the activation that finds nothing stays for a
    /// moment.
    /// </summary>
    [Theory]
    [InlineData(Provisioner.Integration)]
    [InlineData(Provisioner.SubOrganization)]
    [InlineData(Provisioner.Account)]
    public async Task A_token_that_was_asked_for_before_it_was_made_is_served_at_once(string kind)
    {
        var command = await (await Provisioner.In(silo)).Prepare(kind, NewName());
        var (token, pair) = Assert.NotNull(command.Token);
        Assert.NotNull((await silo.Token(token).GetIdempotentAnswer([1], [2])).Refusal);
        await IsWhole(command, await command.Send());
        Assert.Null((await silo.Refresh(token, Assert.IsType<Secret>(pair.Refresh))).Answer.Refusal);
    }

    /// <summary>A root organization is provisioned at every start, by the same command.</summary>
    [Fact]
    public async Task The_same_command_brings_no_first_member_back_that_was_deleted_meanwhile()
    {
        var command = await (await Provisioner.In(silo)).Prepare(Provisioner.SubOrganization, NewName());
        Assert.Null((await command.Send()).Refusal);
        var (organization, first) = (OrganizationId.Parse(command.Named.Id), silo.Grains.GetGrain<IMemberGrain>(command.Made[1].Id));
        await silo.NewMember(organization, new MemberId(Guid.NewGuid()), "other", BuiltinRoles.Administrator);
        Assert.Null((await first.Delete(new DeleteResource { Context = SiloFixture.Command() })).Refusal);
        await first.FinishDelete();
        silo.Clock.Advance(TimeSpan.FromDays(31));
        await first.AsReference<IRemindable>().ReceiveReminder("cascade", default);
        Assert.Null(await silo.Store.Read(command.Made[1]));
        var successor = new MemberId(Guid.NewGuid());
        await silo.NewMember(organization, successor, "First", BuiltinRoles.Administrator);

        await silo.RestartAsync();
        Assert.Null((await command.Send()).Refusal);
        Assert.Equal(successor, (await silo.Organization(organization).Challenge("first")).MemberId);
    }

    private static string NewName() => $"n{Guid.NewGuid():N}";

    /// <summary>The answer shows what the grains show, every row is there, and each stands in the trail once.</summary>
    private async Task IsWhole(WholeCommand command, WholeAnswer answer)
    {
        Assert.Null(answer.Refusal);
        Assert.Equal(await command.Views(), answer.Views);
        foreach (var key in command.Made)
        {
            Assert.NotNull(await silo.Store.Read(key));
            Assert.Single(
                await silo.Store.AuditOf(key.Id),
                entry => entry.SubjectVersion == 1 && entry.Event != "credential.opened");
        }

        if (command.Token is { } token)
        {
            Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        }
    }

    private async Task NothingIsLeftOf(WholeCommand command, StoredRecord? before)
    {
        Assert.Equal(before, await silo.Store.Read(command.Named));
        foreach (var key in command.Made.Where(key => key != command.Named))
        {
            Assert.Null(await silo.Store.Read(key));
            Assert.Empty(await silo.Store.AuditOf(key.Id));
        }

        if (command.Token is { } token && before is null)
        {
            Assert.False(await silo.Accepts(token.Id, token.Pair.Access));
        }
    }
}
