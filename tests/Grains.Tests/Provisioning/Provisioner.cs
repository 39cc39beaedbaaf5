using System.Collections.Immutable;
using System.Text.Json;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Provisioning;

/// <summary>What a command that makes several rows was answered.</summary>
/// <param name="Refusal">null where it was done</param>
/// <param name="Views">everything that the answer shows, as text to compare</param>
public sealed record WholeAnswer(string? Refusal, string Views);

/// <summary>A command that makes several rows, which may be sent again and again.</summary>
/// <param name="Send">sends it, always under the same command id</param>
/// <param name="Made">the rows that it makes</param>
/// <param name="Named">the row that takes the name</param>
/// <param name="Token">the token that it makes, with its secrets; null where it makes none</param>
/// <param name="Views">what the grains show of the rows, as text to compare with the answer</param>
public sealed record WholeCommand(
    Func<Task<WholeAnswer>> Send, IReadOnlyList<RecordKey> Made, RecordKey Named, (TokenId Id, SecretPair Pair)? Token,
    Func<Task<string>> Views);

/// <summary>
/// Prepares the five commands that make several rows in one transaction, in an organization of their own.
/// </summary>
public sealed class Provisioner(SiloFixture silo, OrganizationId organization, MemberId member, Guid account)
{
    public const string Integration = "integration";
    public const string Replacement = "replacement";
    public const string SubOrganization = "suborganization";
    public const string Account = "account";
    public const string Bridge = "bridge";

    public OrganizationId Organization => organization;

    public MemberId Member => member;

    public Guid AccountId => account;

    public static async Task<Provisioner> In(SiloFixture silo)
    {
        var (organization, member) = await silo.NewOrganization();
        var account = Guid.NewGuid();
        var made = await silo.Grains.GetGrain<IAccountGrain>(account.ToString()).Create(new CreateResource
        {
            Context = SiloFixture.Command(), OrganizationId = organization,
            Content = new() { Account = new AccountContent { Environment = "test" } },
        });
        Assert.Null(made.Refusal);
        return new Provisioner(silo, organization, member, account);
    }

    /// <summary>A command with ids of its own. A replacement gets an integration to replace first.</summary>
    public async Task<WholeCommand> Prepare(string kind, string name) => kind switch
    {
        Integration => NewIntegration(name),
        Replacement => await ReplacedIntegration(name),
        Bridge => NewBridge(name),
        SubOrganization => NewSubOrganization(name),
        Account => NewAccount(name),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static string Text(params object?[] views) => JsonSerializer.Serialize(views);

    private WholeCommand NewIntegration(string name)
    {
        var (id, token, credentials) = (Guid.NewGuid(), SecretMint.NewTokenId(silo.Clock), Inline());
        var pair = SecretMint.Mint(TokenProfile.Default, token);
        var command = new ProvisionIntegration
        {
            Integration = new CreateResource
            {
                Context = SiloFixture.Command(), OrganizationId = organization, Name = name, Content = ContentOf(token),
            },
            Credentials = credentials,
            Token = new IssueToken
            {
                Context = SiloFixture.Command(), Profile = TokenProfile.Default.Name, OrganizationId = organization, MemberId = member,
                IntegrationId = id.ToString(), AccountId = account, Actions = [], Resources = Resources.All,
                Independent = true,
                Secrets = pair.ToMinted(),
            },
        };
        return new WholeCommand(
            async () =>
            {
                var answer = await Grain<IIntegrationGrain>(id).Provision(command);
                return new WholeAnswer(
                    answer.Answer.Refusal?.ToString(), Text(answer.Answer.Resource, answer.Credentials, answer.Token));
            },
            [new("integration", id.ToString()), .. Keys(credentials), new("token", token.ToString())],
            new("integration", id.ToString()),
            (token, pair),
            async () =>
                Text(await Get("integration", id), await Credentials(credentials), await Get(token, organization)));
    }

    private WholeCommand NewBridge(string name)
    {
        var (id, token) = (Guid.NewGuid(), SecretMint.NewTokenId(silo.Clock));
        var pair = SecretMint.Mint(TokenProfile.Bridge, token);
        var command = new ProvisionBridge
        {
            Bridge = new CreateResource
            {
                Context = SiloFixture.Command(), OrganizationId = organization, Name = name,
                Content = new() { Bridge = new BridgeContent { AccountId = account } },
            },
            TokenId = token,
            Token = new IssueToken
            {
                Context = SiloFixture.Command(), Profile = TokenProfile.Bridge.Name, OrganizationId = organization, MemberId = member,
                AccountId = account, Actions = [], Resources = Resources.All, Independent = true,
                Secrets = pair.ToMinted(),
            },
        };
        return new WholeCommand(
            async () =>
            {
                var answer = await Grain<IBridgeGrain>(id).Provision(command);
                return new WholeAnswer(answer.Answer.Refusal?.ToString(), Text(answer.Answer.Resource, answer.Token));
            },
            [new("bridge", id.ToString()), new("token", token.ToString())],
            new("bridge", id.ToString()),
            (token, pair),
            async () => Text(await Get("bridge", id), await Get(token, organization)));
    }

    private async Task<WholeCommand> ReplacedIntegration(string name)
    {
        var before = NewIntegration($"before-{Guid.NewGuid():N}");
        Assert.Null((await before.Send()).Refusal);
        var (id, credentials) = (Guid.Parse(before.Named.Id), Inline());
        var command = new ReplaceIntegration
        {
            Integration = new UpdateResource
            {
                Context = SiloFixture.Command(), Verb = "update", Name = name, FullName = "Replaced",
                Content = ContentOf(Assert.NotNull(before.Token).Id),
            },
            Credentials = credentials,
        };
        return new WholeCommand(
            async () =>
            {
                var answer = await Grain<IIntegrationGrain>(id).ReplaceWithCredentials(command);
                return new WholeAnswer(
                    answer.Answer.Refusal?.ToString(), Text(answer.Answer.Resource, answer.Credentials));
            },
            Keys(credentials),
            before.Named,
            null,
            async () => Text(await Get("integration", id), await Credentials(credentials)));
    }

    private WholeCommand NewSubOrganization(string name)
    {
        var (id, first, token) = (new OrganizationId(Guid.NewGuid()), new MemberId(Guid.NewGuid()), SecretMint.NewTokenId(silo.Clock));
        var pair = SecretMint.Mint(TokenProfile.Default, token);
        var command = new ProvisionOrganization
        {
            Organization = new CreateOrganization
            {
                Context = SiloFixture.Command(), Type = OrganizationType.Standard, Name = name, FullName = "Below", ParentId = organization,
                RefreshTokenId = token,
            },
            MemberId = first,
            Member = new CreateMember
            {
                Context = SiloFixture.Command(), OrganizationId = id, Name = "First", RoleBinding = [BuiltinRoles.Administrator],
                Password = new DerivedPassword { Salt = new byte[16], Iterations = 1, Derived = new Secret("derived").Fingerprint() },
            },
            Token = new IssueToken
            {
                Context = SiloFixture.Command(), Profile = TokenProfile.Default.Name, OrganizationId = id, MemberId = first, Name = "default",
                Roles = [BuiltinRoles.Administrator], Secrets = pair.ToMinted(),
            },
        };
        return new WholeCommand(
            async () =>
            {
                var answer = await silo.Organization(id).Provision(command);
                return new WholeAnswer(
                    answer.Refusal?.ToString(), Text(answer.Organization, answer.Member, answer.Token));
            },
            [new("organization", id.ToString()), new("member", first.ToString()), new("token", token.ToString())],
            new("organization", id.ToString()),
            (token, pair),
            async () => Text(
                await silo.Organization(id).Get(), await silo.Grains.GetGrain<IMemberGrain>(first.ToString()).Get(), await Get(token, id)));
    }

    /// <summary>An account with a token, which may be another than usual.</summary>
    public WholeCommand NewAccount(string name, Func<IssueToken, IssueToken>? change = null, TokenId? tokenId = null)
    {
        var (id, token) = (Guid.NewGuid(), tokenId ?? SecretMint.NewTokenId(silo.Clock));
        var pair = SecretMint.Mint(TokenProfile.SynqlyIntegrations, token);
        var command = new CreateAccountWithToken
        {
            Account = new CreateResource
            {
                Context = SiloFixture.Command(), OrganizationId = organization, Name = name,
                Content = new() { Account = new AccountContent { Environment = "prod" } },
            },
            TokenId = token,
            Token = (change ?? (usual => usual))(new IssueToken
            {
                Context = SiloFixture.Command(), Profile = TokenProfile.SynqlyIntegrations.Name, OrganizationId = organization,
                MemberId = member,
                PermissionSet = PermissionSets.AccountManager, Resources = Resources.All, AccountId = id,
                Secrets = pair.ToMinted(),
            }),
        };
        return new WholeCommand(
            async () =>
            {
                var answer = await Grain<IAccountGrain>(id).CreateWithToken(command);
                return new WholeAnswer(
                    (answer.Refusal ?? (object?)answer.Token?.Refusal)?.ToString(), Text(answer.Token?.Token));
            },
            [new("account", id.ToString()), new("token", token.ToString())],
            new("account", id.ToString()),
            (token, pair),
            async () => Text(await Get(token, organization)));
    }

    private static ImmutableArray<InlineCredential> Inline() =>
    [
        .. new[] { "one", "two" }.Select(what => new InlineCredential
        {
            Id = Guid.NewGuid(), FullName = what, Type = "token", Secret = new ProtectedText($$"""{"secret":"{{what}}"}"""),
        }),
    ];

    private ResourceContent ContentOf(TokenId token) => new()
    {
        Integration = new IntegrationContent
        {
            AccountId = account, RefreshTokenId = token, Category = "siem", ProviderType = "siem_mock_siem", ProviderConfig = "{}",
        },
    };

    private static RecordKey[] Keys(ImmutableArray<InlineCredential> credentials) =>
        [.. credentials.Select(credential => new RecordKey("credential", credential.Id.ToString()))];

    private async Task<ImmutableArray<Resource>> Credentials(ImmutableArray<InlineCredential> inline)
    {
        List<Resource> found = [];
        foreach (var credential in inline)
        {
            found.Add(Assert.IsType<Resource>(await Get("credential", credential.Id)));
            var secret = await Grain<Abstractions.Credentials.ICredentialGrain>(credential.Id).Open(SiloFixture.Command());
            Assert.Equal(credential.Secret.Reveal(), secret?.Reveal());
        }

        return [.. found];
    }

    private T Grain<T>(Guid id)
        where T : IGrainWithStringKey => silo.Grains.GetGrain<T>(id.ToString());

    private async Task<Resource?> Get(string kind, Guid id)
    {
        IResourceGrain grain = kind switch
        {
            "integration" => Grain<IIntegrationGrain>(id),
            "bridge" => Grain<IBridgeGrain>(id),
            _ => Grain<Abstractions.Credentials.ICredentialGrain>(id),
        };
        return (await grain.Get(new ReadResource { OrganizationId = organization })).Resource;
    }

    private async Task<TokenView?> Get(TokenId token, OrganizationId within) =>
        (await silo.Token(token).Get(within)).Token;
}
