using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Tests.Tokens;

namespace TokenActors.Grains.Tests;

/// <summary>
/// Verifications without a message say what a call would say, and never what was so before an acknowledged command.
/// </summary>
[Collection("silo")]
public sealed class LocalReadTests(SiloFixture silo)
{
    private Verification? TryVerifyLocally(TokenId id, Secret secret, bool refreshToo = false) => silo.Services.GetRequiredService<LocalTokens>()
        .TryVerify(id, new VerifyToken { Presented = secret.Fingerprint(), RefreshToo = refreshToo });

    [Fact]
    public async Task What_has_to_be_noted_is_left_to_the_grain()
    {
        var token = await silo.NewToken();
        Assert.Null(TryVerifyLocally(token.Id, token.Pair.Access));
        var called = await silo.Verify(token.Id, token.Pair.Access);
        var seen = TryVerifyLocally(token.Id, token.Pair.Access)!;
        Assert.Equal(called.Caller!.Grant, seen.Caller!.Grant);
        Assert.Equal(called.Token!.LastUsedAt, seen.Token!.LastUsedAt);
        Assert.Equal(
            (called.Refusal, called.Presented, called.ExpiresAt), (seen.Refusal, seen.Presented, seen.ExpiresAt));

        silo.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(TryVerifyLocally(token.Id, token.Pair.Access));
        var later = await silo.Verify(token.Id, token.Pair.Access);
        Assert.True(later.Token!.LastUsedAt > called.Token.LastUsedAt);
        Assert.NotNull(TryVerifyLocally(token.Id, token.Pair.Access));
    }

    [Fact]
    public async Task Every_command_is_seen_from_its_answer_on()
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await silo.NewToken(organization, member);
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        Assert.Equal(TokenRefusal.WrongKind, TryVerifyLocally(token.Id, token.Pair.Refresh!)!.Refusal);
        Assert.Equal(
            TokenRefusal.UnknownSecret,
            TryVerifyLocally(token.Id, SecretMint.Mint(TokenProfile.Organization, token.Id).Access)!.Refusal);

        await silo.Token(token.Id).Disable(SiloFixture.Change());
        Assert.Equal(TokenRefusal.Disabled, TryVerifyLocally(token.Id, token.Pair.Access)!.Refusal);
        await silo.Token(token.Id).Enable(SiloFixture.Change());
        Assert.Null(TryVerifyLocally(token.Id, token.Pair.Access)!.Refusal);

        await silo.Organization(organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Disabled);
        Assert.Equal(TokenRefusal.OrganizationDisabled, TryVerifyLocally(token.Id, token.Pair.Access)!.Refusal);
        await silo.Organization(organization).SetStatus(SiloFixture.Command(), OrganizationStatus.Enabled);

        var (_, next) = await silo.Refresh(token.Id, token.Pair.Refresh!);
        Assert.Null(TryVerifyLocally(token.Id, next!.Access));
        Assert.True(await silo.Accepts(token.Id, next.Access));
        Assert.Equal(PresentedKind.PrimaryAccess, TryVerifyLocally(token.Id, next.Access)!.Presented);
        Assert.Equal(PresentedKind.SecondaryAccess, TryVerifyLocally(token.Id, token.Pair.Access)!.Presented);

        await silo.Token(token.Id).Delete(SiloFixture.Change());
        Assert.False(TryVerifyLocally(token.Id, next.Access) is { Refusal: null });
        Assert.False(await silo.Accepts(token.Id, next.Access));
    }

    [Fact]
    public async Task A_token_under_a_deleted_one_is_refused_at_a_glance()
    {
        var parent = await silo.NewToken();
        var caller = await silo.CallerOf(parent);
        var child = await silo.NewToken(caller.OrganizationId, caller.MemberId, caller: caller);
        Assert.True(await silo.Accepts(child.Id, child.Pair.Access));
        Assert.Null(TryVerifyLocally(child.Id, child.Pair.Access)!.Refusal);
        await silo.Token(parent.Id).Delete(SiloFixture.Change());
        Assert.False(TryVerifyLocally(child.Id, child.Pair.Access) is { Refusal: null });
    }

    [Fact]
    public async Task A_grain_under_another_spelling_of_an_id_stands_for_nobody()
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await silo.NewToken(organization, member);
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        foreach (var key in new[] { organization.ToString().ToUpperInvariant(), "no id" })
        {
            Assert.Null(await silo.Grains.GetGrain<IOrganizationGrain>(key).Get());
        }

        foreach (var key in new[] { token.Id.ToString().ToUpperInvariant(), "no id" })
        {
            Assert.Equal(
                TokenRefusal.NotFound, (await silo.Grains.GetGrain<IRefreshTokenGrain>(key).Get(organization)).Refusal);
        }

        Assert.Null(TryVerifyLocally(token.Id, token.Pair.Access)!.Refusal);
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
    }

    [Fact]
    public async Task An_activation_that_was_dropped_is_not_looked_at()
    {
        var token = await silo.NewToken();
        Assert.True(await silo.Accepts(token.Id, token.Pair.Access));
        silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => silo.Token(token.Id).Disable(SiloFixture.Change()));

        // A secret that was never its own is refused at a glance for as long as it is there.
        var wrong = SecretMint.Mint(TokenProfile.Organization, token.Id).Access;
        await Eventually.Holds(() => TryVerifyLocally(token.Id, wrong) is null, "it has left");
        Assert.Equal(TokenRefusal.Disabled, (await silo.Verify(token.Id, token.Pair.Access)).Refusal);
        Assert.Equal(TokenRefusal.Disabled, TryVerifyLocally(token.Id, token.Pair.Access)!.Refusal);
    }

    [Fact]
    public async Task Glances_beside_commands_are_never_behind_an_answer()
    {
        var token = await silo.NewToken();
        var access = token.Pair.Access;
        Assert.True(await silo.Accepts(token.Id, access));

        await using var onlookers = new Onlookers(2, () => Task.FromResult(TryVerifyLocally(token.Id, access)));
        for (var i = 1; i <= 200; i++)
        {
            var answer = await onlookers.During(i, () => i % 2 == 0
                ? silo.Token(token.Id).Enable(SiloFixture.Change())
                : silo.Token(token.Id).Disable(SiloFixture.Change()));
            Assert.Null(answer.Refusal);
            await silo.Accepts(token.Id, access);
        }

        await Eventually.Holds(() => onlookers.Seen > 0, "somebody looked");
        Assert.Equal(0, onlookers.Wrong);
    }
}
