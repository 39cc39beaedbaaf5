using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.LocalReads;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests;

/// <summary>Tokens whose first row is written by the issuer are what their own grains would have made.</summary>
[Collection("silo")]
public sealed class IssuerTests(SiloFixture silo)
{
    private ITokenIssuerGrain Issuer => silo.Grains.GetGrain<ITokenIssuerGrain>("0");

    /// <summary>
    /// A secret that was never its own is refused at a glance where the token's grain is active, and is not looked at
    /// elsewhere.
    /// </summary>
    private bool IsActive(TokenId id) => silo.Services.GetRequiredService<LocalTokens>()
        .TryVerify(id, new VerifyToken { Presented = new Secret("no secret").Fingerprint() }) is not null;

    private (TokenId Id, SecretPair Pair, IssueToken Command) New(
        OrganizationId organization, MemberId member, Caller? caller = null)
    {
        var id = SecretMint.NewTokenId(silo.Clock);
        var pair = SecretMint.Mint(TokenProfile.Organization, id);
        return (id, pair, new IssueToken
        {
            Context = SiloFixture.Command(caller),
            Profile = TokenProfile.Organization.Name,
            OrganizationId = organization,
            MemberId = member,
            PermissionSet = PermissionSets.Viewer,
            Resources = caller?.Grant.Clauses[0].Resources ?? Resources.All,
            Secrets = pair.ToMinted(),
        });
    }

    private async Task<StoredRecord> RowOf(TokenId id) =>
        (await silo.Store.Read(new RecordKey("token", id.ToString())))!;

    [Fact]
    public async Task A_token_is_what_its_grain_would_have_made_and_its_grain_sleeps_until_it_is_used()
    {
        var (organization, member) = await silo.NewOrganization();
        var (id, pair, command) = New(organization, member);
        var answer = await Issuer.Issue(id, command);
        Assert.Null(answer.Refusal);
        Assert.False(IsActive(id));
        var row = await RowOf(id);
        Assert.True(await silo.Accepts(id, pair.Access));
        Assert.True(IsActive(id));
        var shown = (await silo.Token(id).Get(organization)).Token!;
        Assert.Equal(
            shown with { LastUsedAt = null }, answer.Token! with { Roles = shown.Roles, Resources = shown.Resources });

        // The same by its own grain, but for its id, its secrets and the time.
        var (otherId, _, other) = New(organization, member);
        var own = await silo.Token(otherId).Issue(other);
        var ownRow = await RowOf(otherId);
        Assert.Equal(own.Token!.Ttl, answer.Token!.Ttl);
        Assert.Equal(ownRow.DueAt - ownRow.CreatedAt, row.DueAt - row.CreatedAt);
        Assert.Equal(
            (ownRow.Version, ownRow.OwnerId, ownRow.MemberId, ownRow.Status),
            (row.Version, row.OwnerId, row.MemberId, row.Status));
        Assert.Equal(["token.issued"], (await silo.Store.AuditOf(id.ToString())).Select(entry => entry.Event));
        Assert.Null((await silo.Refresh(id, pair.Refresh!)).Answer.Refusal);
    }

    [Fact]
    public async Task What_a_grain_refuses_the_issuer_refuses()
    {
        var parent = await silo.NewToken();
        var caller = await silo.CallerOf(parent);
        var (organization, member) = (caller.OrganizationId, caller.MemberId);
        var (stranger, _) = await silo.NewOrganization();

        async Task<TokenRefusal?> Refusal(Func<IssueToken, IssueToken> change, Caller? by = null)
        {
            var (id, _, command) = New(organization, member, by);
            var refusal = (await Issuer.Issue(id, change(command))).Refusal;
            Assert.Equal(refusal is null, await silo.Store.Read(new RecordKey("token", id.ToString())) is not null);
            return refusal;
        }

        Assert.Null(await Refusal(command => command with { Name = "ci" }, caller));
        Assert.Equal(TokenRefusal.NameTaken, await Refusal(command => command with { Name = "CI" }, caller));
        Assert.Equal(TokenRefusal.LifeOutOfBounds, await Refusal(command => command with { Ttl = "never" }));
        Assert.Equal(
            TokenRefusal.LifeOutOfBounds,
            await Refusal(command => command with { Ttl = "2h", LongestTtl = TimeSpan.FromHours(1) }));
        Assert.Equal(
            TokenRefusal.NotFound, await Refusal(command => command with { OrganizationId = stranger }, caller));
        Assert.Equal(
            TokenRefusal.OwnerGone, await Refusal(command => command with { MemberId = new MemberId(Guid.NewGuid()) }));
        var viewer = await silo.NewToken(organization, member, PermissionSets.Viewer);
        Assert.Equal(
            TokenRefusal.BeyondGrant, await Refusal(
                command => command with { PermissionSet = PermissionSets.Administrator }, await silo.CallerOf(viewer)));
        await silo.Token(parent.Id).Delete(SiloFixture.Change());
        Assert.Equal(TokenRefusal.OwnerGone, await Refusal(command => command, caller));
    }

    [Fact]
    public async Task An_id_that_is_taken_is_refused()
    {
        var token = await silo.NewToken();
        var caller = await silo.CallerOf(token);
        var (_, _, command) = New(caller.OrganizationId, caller.MemberId);
        Assert.Equal(TokenRefusal.IdTaken, (await Issuer.Issue(token.Id, command)).Refusal);
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
    }

    [Fact]
    public async Task Where_its_answer_was_lost_the_grain_finds_the_command_done()
    {
        var (organization, member) = await silo.NewOrganization();
        var (id, pair, command) = New(organization, member);
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Issuer.Issue(id, command));
        var again = await silo.Token(id).Issue(command);
        Assert.Null(again.Refusal);
        Assert.Equal((await RowOf(id)).CreatedAt, again.Token!.CreatedAt);
        Assert.Single(await silo.Store.AuditOf(id.ToString()));
        Assert.True(await silo.Accepts(id, pair.Access));

        silo.Store.Next(Fault.Lost);
        (id, pair, command) = New(organization, member);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => Issuer.Issue(id, command));
        Assert.Null((await silo.Token(id).Issue(command)).Refusal);
        Assert.True(await silo.Accepts(id, pair.Access));
    }

    [Fact]
    public async Task What_is_due_soon_or_may_be_repeated_is_made_by_its_own_grain()
    {
        var (organization, member) = await silo.NewOrganization();
        var (id, _, command) = New(organization, member);
        var soon = silo.Clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        Assert.Null((await Issuer.Issue(id, command with { ExpiresAt = soon })).Refusal);
        Assert.True(IsActive(id));

        (id, _, command) = New(organization, member);
        var idempotency = new Idempotency { Key = [1], Request = [2], Sealed = [3] };
        Assert.Null((await Issuer.Issue(id, command with { Context = command.Context with { Idempotency = idempotency } })).Refusal);
        Assert.Null((await silo.Token(id).GetIdempotentAnswer([1], [2])).Refusal);
    }
}
