using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Roles;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests.Tokens;

/// <summary>Grains that are called on behalf of a narrowed caller hold it to what the routes hold it to.</summary>
[Collection("silo")]
public sealed class NarrowedCallerTests(SiloFixture silo)
{
    [Theory]
    [InlineData("cloudflare")]
    [InlineData("launchdarkly")]
    [InlineData("boomerang-global")]
    [InlineData("default")]
    public async Task A_token_whose_power_is_elsewhere_is_made_and_commanded_by_whole_grants_only(string profile)
    {
        var (organization, member) = await silo.NewOrganization();
        var (whole, narrowed) = (Caller(organization, member, Resources.All), Caller(organization, member, OneAccount));
        Assert.Equal(TokenRefusal.BeyondGrant, (await Issue(organization, member, narrowed, profile)).Answer.Refusal);
        var (id, answer) = await Issue(organization, member, whole, profile);
        Assert.Null(answer.Refusal);
        var grain = silo.Token(id);
        RenewToken Renewal(Caller caller) => SiloFixture.Renewal(
            SecretMint.Mint(TokenProfile.Named(profile), id), caller);
        TokenAnswer[] answers =
        [
            await grain.Rotate(Renewal(narrowed)), await grain.Reset(Renewal(narrowed)),
            await grain.Replace(Renewal(narrowed)),
            await grain.SetLife(new SetTokenLife { Context = SiloFixture.Command(narrowed), Life = "48h" }),
            await grain.Enable(SiloFixture.Change(narrowed)), await grain.Disable(SiloFixture.Change(narrowed)),
        ];
        Assert.All(answers, refused => Assert.Equal(TokenRefusal.BeyondGrant, refused.Refusal));
        Assert.Equal(TokenRefusal.NotFound, (await grain.See(new SeeToken { Caller = narrowed })).Refusal);
        Assert.Null((await grain.See(new SeeToken { Caller = whole })).Refusal);
        Assert.NotNull((await grain.Delete(SiloFixture.Change(narrowed))).Refusal);
        Assert.Null((await grain.Replace(Renewal(whole))).Refusal);
    }

    [Fact]
    public async Task A_clause_that_is_whole_lends_its_reach_to_no_other()
    {
        var (organization, member) = await silo.NewOrganization();
        var caller = Caller(organization, member, OneAccount);
        caller = caller with { Grant = new([.. caller.Grant.Clauses, new(ActionSet.Of("accounts:*"), Resources.All)]) };
        Assert.Equal(
            TokenRefusal.BeyondGrant, (await Issue(organization, member, caller, "cloudflare")).Answer.Refusal);
    }

    [Fact]
    public async Task What_belongs_to_the_organization_as_a_whole_is_left_alone()
    {
        var (organization, member) = await silo.NewOrganization();
        var narrowed = Caller(organization, member, OneAccount);
        var bare = new MemberId(Guid.NewGuid());
        await silo.NewMember(organization, bare, "bare");
        var grain = silo.Grains.GetGrain<IMemberGrain>(bare.ToString());
        Assert.Equal(
            ResourceRefusal.BeyondGrant,
            (await grain.Delete(new DeleteResource { Context = SiloFixture.Command(narrowed) })).Refusal);
        Assert.Equal(ResourceRefusal.BeyondGrant, (await silo.Organization(organization).Replace(new ReplaceOrganization
        {
            Context = SiloFixture.Command(narrowed), Name = $"x{organization.Value:N}", FullName = "Taken over",
        })).Refusal);
        var role = new CreateResource
        {
            Context = SiloFixture.Command(narrowed),
            OrganizationId = organization,
            Content = new ResourceContent { Role = new RoleContent { PermissionSet = "viewer", Resources = OneAccount } },
        };
        Assert.Equal(
            ResourceRefusal.BeyondGrant,
            (await silo.Grains.GetGrain<IRoleGrain>(Guid.NewGuid().ToString()).Create(role)).Refusal);
        var account = Guid.NewGuid().ToString();
        var wanted = new CreateResource
        {
            Context = SiloFixture.Command(narrowed),
            OrganizationId = organization,
            Content = new ResourceContent { Account = new AccountContent { Environment = "prod" } },
        };
        Assert.Equal(
            ResourceRefusal.BeyondGrant, (await silo.Grains.GetGrain<IAccountGrain>(account).Create(wanted)).Refusal);
        Assert.Null(await silo.Store.Read(new("account", account)));
    }

    [Fact]
    public async Task A_caller_names_roles_that_exist_and_not_too_many()
    {
        var (organization, member) = await silo.NewOrganization();
        var whole = Caller(organization, member, Resources.All);
        Assert.Equal(
            TokenRefusal.UnknownRole,
            (await Issue(organization, member, whole, "launchdarkly", "later")).Answer.Refusal);
        string[] many = [.. Enumerable.Range(0, 101).Select(i => $"r{i}")];
        Assert.Equal(
            TokenRefusal.TooManyItems, (await Issue(organization, member, whole, "launchdarkly", many)).Answer.Refusal);
        Assert.Null((await Issue(organization, member, whole, "launchdarkly", "viewer", "viewer")).Answer.Refusal);
    }

    private static Resources OneAccount => new() { AccountIds = Selection.Of("a1") };

    private static Caller Caller(OrganizationId organization, MemberId member, Resources resources) => new()
    {
        TokenId = new(Guid.NewGuid()),
        OrganizationId = organization,
        MemberId = member,
        Grant = Grant.Of(
            PermissionSets.Administrator, resources with { OrganizationIds = Selection.Of(organization.ToString()) }),
    };

    private async Task<(TokenId Id, TokenAnswer Answer)> Issue(
        OrganizationId organization, MemberId member, Caller caller, string profile, params string[] roles)
    {
        var id = SecretMint.NewTokenId(silo.Clock);
        return (id, await silo.Token(id).Issue(new IssueToken
        {
            Context = SiloFixture.Command(caller),
            Profile = profile,
            OrganizationId = organization,
            MemberId = member,
            Name = profile == "default" ? $"t{id.Value:N}" : null,
            Actions = roles.Length == 0 ? [] : null,
            Roles = [.. roles],
            Independent = true,
            Secrets = SecretMint.Mint(TokenProfile.Named(profile), id).ToMinted(),
        }));
    }
}
