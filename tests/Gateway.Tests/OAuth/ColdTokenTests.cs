using System.Net;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.LocalReads;
using TokenActors.Storage.Records;

namespace TokenActors.Gateway.Tests.OAuth;

/// <summary>
/// After a restart no token is in memory. Each is verified from its row the first time, in every way that a secret is
/// presented, and comes into memory when it is presented again.
/// </summary>
public sealed class ColdTokenTests(Service service) : IClassFixture<Service>
{
    private bool IsActive(Made token) => service.Get<LocalTokens>().IsActive(TokenId.Parse(token.Id));

    private async Task<Made> NewUsed()
    {
        var made = await service.Create("viewer");
        Assert.True(await service.IsActive(made.Access));
        await Eventually.Holds(
            async () => await service.Store.Read(new RecordKey("token", made.Id)) is { PresentedAt: not null });
        return made;
    }

    /// <summary>Until the organization has been in memory for a while.</summary>
    private async Task Restart()
    {
        await service.RestartAsync();
        await service.IsActive("nothing");
        service.Clock.Advance(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_token_is_active_from_its_row_and_in_memory_from_the_second_time_on()
    {
        var made = await NewUsed();
        await Restart();
        Assert.True(await service.IsActive(made.Access));
        Assert.False(IsActive(made));
        Assert.True(await service.IsActive(made.Access));
        Assert.True(IsActive(made));
    }

    [Fact]
    public async Task A_bearer_is_accepted_from_its_row()
    {
        var made = await NewUsed();
        await Restart();
        (await service.Get("/v1/tokens", made.Access)).Is(HttpStatusCode.OK);
        Assert.False(IsActive(made));
    }

    [Fact]
    public async Task What_ended_before_the_restart_is_refused_from_its_row()
    {
        var (revoked, refreshed) = (await NewUsed(), await NewUsed());
        (await service.Revoke(service.Admin, revoked.Access)).Is(HttpStatusCode.OK);
        (await service.Put($"/v1/tokens/{refreshed.Id}/refresh", refreshed.Refresh)).Is(HttpStatusCode.OK);
        await Restart();
        Assert.False(await service.IsActive(revoked.Access));
        (await service.Get("/v1/tokens", revoked.Access)).Is(HttpStatusCode.Unauthorized);
        Assert.True(await service.IsActive(refreshed.Access));
        Assert.False(IsActive(refreshed));
    }

    /// <summary>What nobody made is looked for once, and leaves nothing in memory.</summary>
    [Fact]
    public async Task Made_up_secrets_activate_nothing()
    {
        var id = SecretMint.NewTokenId(service.Clock);
        var secret = SecretMint.Mint(TokenProfile.Organization, id).Access.Reveal();
        Assert.False(await service.IsActive(secret));
        Assert.False(service.Get<LocalTokens>().IsActive(id));
    }
}
