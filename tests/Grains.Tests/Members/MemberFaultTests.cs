using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Tests.Members;

/// <summary>Commands to members where the store fails, that come twice, from elsewhere, or to nobody.</summary>
[Collection("silo")]
public sealed class MemberFaultTests(SiloFixture silo)
{
    private IMemberGrain Member(MemberId id) => silo.Grains.GetGrain<IMemberGrain>(id.ToString());

    private static CreateMember Creation(
        OrganizationId organization, string name = "other", params string[] roles) => new()
        {
            Context = SiloFixture.Command(), OrganizationId = organization, Name = name,
            RoleBinding = [.. roles.DefaultIfEmpty(BuiltinRoles.Administrator)],
            Password = Password("derived"),
        };

    private static ReplaceMember Change(string name = "renamed", params string[] roles) => new()
    {
        Context = SiloFixture.Command(), Name = name, FullName = "Renamed", Status = MemberStatus.Enabled,
        RoleBinding = [.. roles.DefaultIfEmpty(BuiltinRoles.Administrator)], Ttl = "24h", TokenTtl = "1h",
    };

    private static DeleteResource Deletion(Caller? caller = null) => new() { Context = SiloFixture.Command(caller) };

    private static PasswordProof Proof(string password = "derived", string? next = null) => new()
    {
        Context = SiloFixture.Command(),
        Derived = new Secret(password).Fingerprint(),
        Next = next is null ? null : Password(next),
    };

    private static DerivedPassword Password(string derived) =>
        new() { Salt = new byte[16], Iterations = 1, Derived = new Secret(derived).Fingerprint() };

    [Fact]
    public async Task A_member_whose_making_was_lost_is_none_and_one_whose_answer_was_lost_is_made_once()
    {
        var (organization, _) = await silo.NewOrganization();
        var (id, command) = (new MemberId(Guid.NewGuid()), Creation(organization));
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Member(id).Add(command));
        Assert.Null(await Member(id).Get());
        Assert.Null(await Member(id).Challenge());

        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Member(id).Add(command));
        Assert.Equal(1, (await Member(id).Add(command)).Member?.Version);
        Assert.Equal(["member.created"], (await silo.Store.AuditOf(id.ToString())).Select(entry => entry.Event));
        Assert.Equal(ResourceRefusal.IdTaken, (await Member(id).Add(Creation(organization, "third"))).Refusal);
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_done_once_and_keeps_what_it_expected()
    {
        var (_, member) = await silo.NewOrganization();
        var command = Change() with { ExpectedVersion = 1 };
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Member(member).Replace(command));
        var again = await Member(member).Replace(command);
        Assert.Equal((null, "renamed", 2L), (again.Refusal, again.Member?.Name, again.Member?.Version));
        Assert.Equal(
            ResourceRefusal.ChangedMeanwhile,
            (await Member(member).Replace(Change("late") with { ExpectedVersion = 1 })).Refusal);
        Assert.Equal("renamed", (await Member(member).Get())?.Name);
    }

    /// <summary>The authority lets the member go before the deletion is lost.</summary>
    [Fact]
    public async Task An_organization_keeps_an_administrator_when_the_deletion_of_another_was_lost()
    {
        var (organization, first) = await silo.NewOrganization();
        var second = new MemberId(Guid.NewGuid());
        Assert.Null((await Member(second).Add(Creation(organization))).Refusal);
        var deletion = Deletion();
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Member(first).Delete(deletion));
        Assert.NotNull(await Member(first).Get());

        Assert.Null((await Member(first).Delete(deletion)).Refusal);
        Assert.Null(await Member(first).Get());
        Assert.Equal(ResourceRefusal.LastAdministrator, (await Member(second).Delete(Deletion())).Refusal);
        Assert.Equal(
            ResourceRefusal.LastAdministrator,
            (await Member(second).Replace(Change("second", BuiltinRoles.Viewer))).Refusal);
        Assert.Equal(1, (await Member(second).Get())?.Version);
    }

    /// <summary>It stays an administrator, and the other may go.</summary>
    [Fact]
    public async Task A_member_whose_deletion_was_lost_counts_as_an_administrator_again()
    {
        var (organization, first) = await silo.NewOrganization();
        var second = new MemberId(Guid.NewGuid());
        Assert.Null((await Member(second).Add(Creation(organization))).Refusal);
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Member(first).Delete(Deletion()));
        Assert.NotNull(await Member(first).Get());
        Assert.Null((await Member(second).Delete(Deletion())).Refusal);
        Assert.Equal(ResourceRefusal.LastAdministrator, (await Member(first).Delete(Deletion())).Refusal);
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_answered_and_another_finds_nobody()
    {
        var (organization, _) = await silo.NewOrganization();
        var id = new MemberId(Guid.NewGuid());
        Assert.Null((await Member(id).Add(Creation(organization))).Refusal);
        var token = await silo.NewToken(organization, id);
        var deletion = Deletion();
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Member(id).Delete(deletion));
        Assert.Null((await Member(id).Delete(deletion)).Refusal);
        Assert.False(await silo.Accepts(token.Id, token.Pair.Access));
        Assert.Equal(ResourceRefusal.NotFound, (await Member(id).Delete(Deletion())).Refusal);
        Assert.Equal(ResourceRefusal.NotFound, (await Member(id).Replace(Change())).Refusal);
        Assert.Equal(AuthOutcome.Failure, (await Member(id).Logon(Proof())).Outcome);
        Assert.Equal(AuthOutcome.Failure, (await Member(id).ChangePassword(Proof(next: "new"))).Outcome);
        Assert.Null(await Member(id).Challenge());
        Assert.Single(
            await silo.Store.AuditOf(id.ToString()), entry => entry.Event == "member.deleted");

        // Its name is free, its id is not.
        Assert.Equal(ResourceRefusal.NotFound, (await Member(id).Add(Creation(organization, "again"))).Refusal);
        Assert.Null((await Member(new MemberId(Guid.NewGuid())).Add(Creation(organization, "OTHER"))).Refusal);
    }

    [Fact]
    public async Task A_caller_of_another_organization_learns_and_changes_nothing()
    {
        var (organization, member) = await silo.NewOrganization();
        var stranger = await silo.CallerOf(await silo.NewToken());
        var context = SiloFixture.Command(stranger);
        Assert.Equal(ResourceRefusal.NotFound, (await Member(member).Delete(Deletion(stranger))).Refusal);
        Assert.Equal(
            ResourceRefusal.NotFound, (await Member(member).Replace(Change() with { Context = context })).Refusal);
        var creation = Creation(organization) with { Context = context };
        Assert.Equal(ResourceRefusal.NotFound, (await Member(new MemberId(Guid.NewGuid())).Add(creation)).Refusal);
        Assert.Equal(ResourceRefusal.NotFound, (await Member(member).EndWithOrganization(Deletion(stranger))).Refusal);
        Assert.Equal(1, (await Member(member).Get())?.Version);
    }

    /// <summary>Nor does its answer say anything of the member.</summary>
    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData("Derived")]
    [InlineData("derived ")]
    public async Task A_wrong_password_changes_nothing(string password)
    {
        var (_, member) = await silo.NewOrganization();
        Assert.Equal((AuthOutcome.Failure, null), Parts(await Member(member).Logon(Proof(password))));
        Assert.Equal((AuthOutcome.Failure, null), Parts(await Member(member).ChangePassword(Proof(password, "new"))));
        Assert.Equal(1, (await Member(member).Get())?.Version);
        Assert.Equal(AuthOutcome.Success, (await Member(member).Logon(Proof())).Outcome);

        static (AuthOutcome, MemberView?) Parts(AuthAnswer answer) => (answer.Outcome, answer.Member);
    }

    [Fact]
    public async Task A_password_whose_change_was_lost_is_the_old_one_and_one_whose_answer_was_lost_the_new()
    {
        var (_, member) = await silo.NewOrganization();
        var change = Proof(next: "new");
        silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Member(member).ChangePassword(change));
        Assert.Equal(AuthOutcome.Failure, (await Member(member).Logon(Proof("new"))).Outcome);
        Assert.Equal(AuthOutcome.Success, (await Member(member).Logon(Proof())).Outcome);

        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Member(member).ChangePassword(change));
        Assert.Equal(AuthOutcome.Success, (await Member(member).Logon(Proof("new"))).Outcome);
        Assert.Equal(AuthOutcome.Failure, (await Member(member).Logon(Proof())).Outcome);
    }

    [Fact]
    public async Task A_caller_binds_roles_of_its_organization_only()
    {
        var caller = await silo.CallerOf(await silo.NewToken());
        var (organization, member) = (caller.OrganizationId, caller.MemberId);
        var context = SiloFixture.Command(caller);
        foreach (var role in new[] { "nobody", "", Guid.NewGuid().ToString() })
        {
            Assert.Equal(
                ResourceRefusal.InvalidReference,
                (await Member(new MemberId(Guid.NewGuid())).Add(
                    Creation(organization, "x", role) with { Context = context })).Refusal);
            Assert.Equal(
                ResourceRefusal.InvalidReference,
                (await Member(member).Replace(
                    Change("x", BuiltinRoles.Administrator, role) with { Context = context })).Refusal);
        }

        Assert.Equal(1, (await Member(member).Get())?.Version);
    }
}
