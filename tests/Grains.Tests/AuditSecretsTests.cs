using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Audit;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tests;

/// <summary>Secrets in audit rows of before they were masked there.</summary>
public sealed class AuditSecretsTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task A_row_tells_which_live_secret_of_which_token_stands_in_it()
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await silo.NewToken(organization, member);
        var found = Assert.Single(
            await Search(path: $"/v1/tokens/{token.Pair.Access.Reveal()}", agent: token.Pair.Access.Reveal()));
        Assert.Equal(
            (token.Id, organization, PresentedKind.PrimaryAccess), (found.TokenId, found.OrganizationId, found.Kind));
        var refresh = token.Pair.Refresh ?? throw new InvalidOperationException("it has no refresh half");
        Assert.Equal(
            PresentedKind.PrimaryRefresh, Assert.Single(await Search("/", "curl?" + refresh.Reveal() + "&x")).Kind);

        await silo.Token(token.Id).Reset(new() { Context = SiloFixture.Command(), Secrets = Minted(token) });
        Assert.Empty(await Search($"/v1/tokens/{token.Pair.Access.Reveal()}", refresh.Reveal()));
    }

    [Fact]
    public async Task What_is_masked_or_of_no_token_is_passed_over_and_a_disabled_tokens_secret_is_named()
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await silo.NewToken(organization, member);
        var access = token.Pair.Access.Reveal();
        Assert.Empty(await Search(SecretScan.Mask($"/v1/tokens/{access}"), access[..^1] + "!"));
        var stranger = Abstractions.Secrets.SecretMint.Mint(TokenProfile.Organization, new(Guid.NewGuid())).Access.Reveal();
        Assert.Empty(await Search(stranger, null));
        await silo.Token(token.Id).Disable(new() { Context = SiloFixture.Command() });
        Assert.Single(await Search(access, null));
    }

    private Task<IReadOnlyList<AuditSecret>> Search(string path, string? agent) =>
        new AuditSecrets(silo.Store, silo.Services.GetRequiredService<PepperRing>(), silo.Clock).FindIn(new AuditEntry
        {
            OrganizationId = "", At = silo.Clock.GetUtcNow(), Event = "request.refused", Subject = new("token", ""), SubjectVersion = 0,
            CommandId = "", Outcome = "not_found", Path = path, UserAgent = agent,
        });

    private static Abstractions.Tokens.MintedSecrets Minted(TestToken token) =>
        Abstractions.Secrets.SecretMint.Mint(TokenProfile.Organization, token.Id).ToMinted();
}
