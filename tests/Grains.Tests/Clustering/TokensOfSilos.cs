using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Clustering;

/// <summary>Organizations and tokens whose grains stand on a silo of choice.</summary>
internal static class TokensOfSilos
{
    /// <summary>
    /// An organization with a token, made by a call to <paramref name="on"/>, where its grains are placed.
    /// </summary>
    public static async Task<(OrganizationId Organization, MemberId Member)> NewOrganization(this TwoSilos silos, int on)
    {
        var (organization, member) = (new OrganizationId(Guid.NewGuid()), new MemberId(Guid.NewGuid()));
        var token = SecretMint.NewTokenId(TimeProvider.System);
        var answer = await silos.Grain<IOrganizationGrain>(organization.ToString(), from: on, on).Provision(new ProvisionOrganization
        {
            Organization = new CreateOrganization
            {
                Context = SiloFixture.Command(), Type = OrganizationType.Root, Name = $"o{organization.Value:N}", FullName = "Test",
                RefreshTokenId = token,
            },
            MemberId = member,
            Member = new CreateMember
            {
                Context = SiloFixture.Command(), OrganizationId = organization, Name = "someone", RoleBinding = [BuiltinRoles.Administrator],
                Password = new DerivedPassword { Salt = new byte[16], Iterations = 1, Derived = new Secret("derived").Fingerprint() },
            },
            Token = Issue(organization, member, SecretMint.Mint(TokenProfile.Default, token)) with { Profile = TokenProfile.Default.Name },
        });
        Assert.Null(answer.Refusal);
        return (organization, member);
    }

    public static IssueToken Issue(OrganizationId organization, MemberId member, SecretPair pair) => new()
    {
        Context = SiloFixture.Command(), Profile = TokenProfile.Organization.Name, OrganizationId = organization, MemberId = member,
        PermissionSet = PermissionSets.Administrator, Resources = Resources.All, Secrets = pair.ToMinted(),
    };

    public static async Task<(TokenId Id, SecretPair Pair)> NewToken(
        this TwoSilos silos, OrganizationId organization, MemberId member, int from, int on)
    {
        var id = SecretMint.NewTokenId(TimeProvider.System);
        var pair = SecretMint.Mint(TokenProfile.Organization, id);
        Assert.Null((await silos.Token(id, from, on).Issue(Issue(organization, member, pair))).Refusal);
        return (id, pair);
    }

    public static IRefreshTokenGrain Token(this TwoSilos silos, TokenId id, int from, int on) =>
        silos.Grain<IRefreshTokenGrain>(id.ToString(), from, on);

    public static Verification? VerifyLocally(this TwoSilos silos, int silo, TokenId id, Secret secret) =>
        silos.LocalTokensOf(silo).TryVerify(id, new VerifyToken { Presented = secret.Fingerprint() });

    public static async Task<Verification> Verify(this TwoSilos silos, TokenId id, Secret secret, int from, int on) =>
        await silos.Token(id, from, on).Verify(new VerifyToken { Presented = secret.Fingerprint() });

    public static ValueTask<Verification?> VerifyStored(this TwoSilos silos, int silo, TokenId id, Secret secret) =>
        silos.ServicesOf(silo).GetRequiredService<ILocalTokenVerifier>()
            .VerifyStored(id, new VerifyToken { Presented = secret.Fingerprint() }, CancellationToken.None);

    /// <summary>Whether the row holds that the primary was presented.</summary>
    public static async Task<bool> IsPresented(this TwoSilos silos, TokenId id) =>
        await silos.ServicesOf(0).GetRequiredService<IRecordStore>().Read(new RecordKey("token", id.ToString())) is { PresentedAt: not null };
}
