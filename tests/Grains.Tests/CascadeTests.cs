using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Roles;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests;

/// <summary>What hangs on something dies with it: at once, for good, and whatever is interrupted.</summary>
[Collection("silo")]
public sealed class CascadeTests(SiloFixture silo)
{
    private IAccountGrain Account(Guid id) => silo.Grains.GetGrain<IAccountGrain>(id.ToString());

    private IIntegrationGrain Integration(Guid id) => silo.Grains.GetGrain<IIntegrationGrain>(id.ToString());

    private static DeleteResource Delete() => new() { Context = SiloFixture.Command() };

    private async Task<Guid> NewAccount(OrganizationId organization)
    {
        var id = Guid.NewGuid();
        var answer = await Account(id).Create(new CreateResource
        {
            Context = SiloFixture.Command(), OrganizationId = organization, Content = new() { Account = new AccountContent { Environment = "test" } },
        });
        Assert.Null(answer.Refusal);
        return id;
    }

    private Task<ResourceAnswer> CreateIntegration(OrganizationId organization, Guid account, Guid id) => Integration(id).Create(new CreateResource
    {
        Context = SiloFixture.Command(), OrganizationId = organization,
        Content = new()
        {
            Integration = new IntegrationContent
            {
                AccountId = account, RefreshTokenId = new TokenId(Guid.NewGuid()), Category = "siem", ProviderType = "siem_mock_siem", ProviderConfig = "{}",
            },
        },
    });

    private async Task<TestToken> NewToken(
        OrganizationId organization, MemberId member, TokenProfile profile, Guid account, Guid? integration = null)
    {
        var id = SecretMint.NewTokenId(silo.Clock);
        var pair = SecretMint.Mint(profile, id);
        var answer = await silo.Token(id).Issue(new IssueToken
        {
            Context = SiloFixture.Command(), Profile = profile.Name, OrganizationId = organization, MemberId = member, Actions = [], Resources = Resources.All,
            IntegrationId = integration?.ToString(), AccountId = account, Secrets = pair.ToMinted(),
        });
        return new TestToken(id, pair, answer);
    }

    /// <summary>An account with two integrations, whose tokens and an MCP token of the account are given.</summary>
    private async Task<(OrganizationId Organization, Guid Account, Guid[] Integrations, TestToken[] Tokens)> NewTree()
    {
        var (organization, member) = await silo.NewOrganization();
        var account = await NewAccount(organization);
        Guid[] integrations = [Guid.NewGuid(), Guid.NewGuid()];
        List<TestToken> tokens = [await NewToken(organization, member, TokenProfile.Mcp, account)];
        foreach (var integration in integrations)
        {
            Assert.Null((await CreateIntegration(organization, account, integration)).Refusal);
            tokens.Add(await NewToken(organization, member, TokenProfile.Default, account, integration));
            tokens.Add(await NewToken(organization, member, TokenProfile.Integration, account, integration));
        }

        Assert.All(tokens, token => Assert.Null(token.Answer.Refusal));
        return (organization, account, integrations, [.. tokens]);
    }

    private async Task<bool> AnyIsAccepted(TestToken[] tokens)
    {
        foreach (var token in tokens)
        {
            if (await silo.Accepts(token.Id, token.Pair.Access))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> AllAreGone(OrganizationId organization, Guid account)
    {
        foreach (var kind in new[] { "integration", "token", "credential" })
        {
            if ((await silo.Store.Live(kind, organization.ToString(), null, 10)).Count > 0)
            {
                return false;
            }
        }

        return (await silo.Store.Read(new("account", account.ToString())))!.Status == StoredRecord.Deleted;
    }

    [Theory]
    [InlineData("integration_point")]
    [InlineData("webhook")]
    public async Task A_credential_is_not_shown_once_its_owner_is_deleted_and_goes_with_it(string kind)
    {
        var maker = await silo.NewToken();
        var (caller, id, organization) = (await silo.CallerOf(maker), Guid.NewGuid(), maker.Answer.Token!.OrganizationId);
        IResourceGrain owner = kind == "webhook"
            ? silo.Grains.GetGrain<IOrganizationWebhookGrain>(id.ToString())
            : silo.Grains.GetGrain<IIntegrationPointGrain>(id.ToString());
        var credential = silo.Grains.GetGrain<ICredentialGrain>(Guid.NewGuid().ToString());
        Assert.Null((await owner.Create(New(kind == "webhook"
            ? new() { Webhook = new WebhookContent { Address = "https://example.com/hook" } }
            : new() { IntegrationPoint = new IntegrationPointContent { Connector = "ticketing" } }))).Refusal);
        var hangsOn = kind == "webhook" ? CredentialOwner.Webhook : CredentialOwner.IntegrationPoint;
        Assert.Null((await credential.Create(New(new() { Credential = new CredentialContent { OwnerType = hangsOn, OwnerId = id, Type = "secret" } }))).Refusal);
        ReadResource read = new() { OrganizationId = organization, Caller = caller };
        Assert.Null((await credential.Get(read)).Refusal);

        silo.Store.Loses = commit => commit.Record.Key.Kind == "credential";
        try
        {
            Assert.Null((await owner.Delete(Delete())).Refusal);
            Assert.Equal(ResourceRefusal.NotFound, (await credential.Get(read)).Refusal);
        }
        finally
        {
            silo.Store.Loses = null;
        }

        await owner.AsReference<IRemindable>().ReceiveReminder("cascade", default);
        Assert.Empty(await silo.Store.Live("credential", organization.ToString(), null, 10));

        CreateResource New(ResourceContent content) =>
            new() { Context = SiloFixture.Command(), OrganizationId = organization, Name = Guid.NewGuid().ToString(), Content = content };
    }

    [Fact]
    public async Task A_deleted_account_takes_everything_with_it_from_its_answer_on()
    {
        var (organization, account, _, tokens) = await NewTree();
        Assert.True(await AnyIsAccepted(tokens));
        Assert.Null((await Account(account).Delete(Delete())).Refusal);
        Assert.False(await AnyIsAccepted(tokens));
        await Eventually.Holds(() => AllAreGone(organization, account), "the cascade ends");
        await silo.RestartAsync();
        Assert.False(await AnyIsAccepted(tokens));
    }

    [Fact]
    public async Task A_deleted_integration_takes_its_own_tokens_only()
    {
        var (_, _, integrations, tokens) = await NewTree();
        Assert.Null((await Integration(integrations[0]).Delete(Delete())).Refusal);
        Assert.False(await AnyIsAccepted(tokens[1..3]));
        Assert.True(await silo.Accepts(tokens[0].Id, tokens[0].Pair.Access));
        Assert.True(await silo.Accepts(tokens[3].Id, tokens[3].Pair.Access));
    }

    [Fact]
    public async Task A_cascade_that_was_cut_short_is_finished_after_the_restart_and_nothing_below_was_accepted()
    {
        var (organization, account, _, tokens) = await NewTree();
        silo.Store.Loses = commit => commit.Record.Key.Kind != "account";
        Assert.Null((await Account(account).Delete(Delete())).Refusal);
        Assert.False(await AnyIsAccepted(tokens));
        await silo.RestartAsync();
        Assert.Equal(StoredRecord.Deleting, (await silo.Store.Read(new("account", account.ToString())))!.Status);
        Assert.False(await AnyIsAccepted(tokens));
        await Account(account).AsReference<IRemindable>().ReceiveReminder("cascade", default);
        Assert.True(await AllAreGone(organization, account));
        await Account(account).AsReference<IRemindable>().ReceiveReminder("cascade", default);
    }

    /// <summary>The grains below are called at once, so that their commits are written in groups.</summary>
    [Fact]
    public async Task Twenty_five_hundred_tokens_below_an_account_are_gone_within_seconds()
    {
        const int tokens = 2_500;
        var (organization, member) = await silo.NewOrganization();
        var account = await NewAccount(organization);
        var made = await Task.WhenAll(
            Enumerable.Range(0, tokens).Select(_ => NewToken(organization, member, TokenProfile.Mcp, account)));
        Assert.All(made, token => Assert.Null(token.Answer.Refusal));
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Null((await Account(account).Delete(Delete())).Refusal);
        Assert.False(await AnyIsAccepted(made[..3]));
        await Eventually.Holds(() => AllAreGone(organization, account), "the cascade ends");
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_child_made_at_the_moment_of_its_parents_delete_never_survives_it()
    {
        var (organization, member) = await silo.NewOrganization();
        List<(Guid Account, TestToken Token)> trials = [];
        for (var i = 0; i < 1000; i++)
        {
            var account = await NewAccount(organization);
            var integration = Guid.NewGuid();
            var delete = Task.Run(() => Account(account).Delete(Delete()));
            var create = Task.Run(() => CreateIntegration(organization, account, integration));
            var issue = Task.Run(() => NewToken(organization, member, TokenProfile.Mcp, account));
            await Task.WhenAll(delete, create, issue);
            Assert.Null((await delete).Refusal);
            var token = await issue;
            Assert.False(
                token.Answer.Refusal is null && await silo.Accepts(token.Id, token.Pair.Access),
                $"trial {i}: a token outlived its account");
            trials.Add((account, token));
        }

        await Eventually.Holds(
            async () => (await silo.Store.Live("integration", organization.ToString(), null, 1)).Count == 0,
            "no integration is left");
        await Eventually.Holds(
            async () => (await silo.Store.Live("token", organization.ToString(), null, 1)).Count == 0,
            "no token is left");
        foreach (var (_, token) in trials)
        {
            Assert.False(await silo.Accepts(token.Id, token.Pair.Access));
        }
    }

    [Fact]
    public async Task A_deleted_member_takes_its_tokens_with_it_and_a_tombstone_is_purged_after_thirty_days()
    {
        var (organization, member) = await silo.NewOrganization();
        var other = new MemberId(Guid.NewGuid());
        await silo.NewMember(organization, other, "other", "administrator");
        var (gone, stays) = (await silo.NewToken(organization, member), await silo.NewToken(organization, other));
        var grain = silo.Grains.GetGrain<IMemberGrain>(member.ToString());
        Assert.Null((await grain.Delete(Delete())).Refusal);
        Assert.False(await silo.Accepts(gone.Id, gone.Pair.Access));
        Assert.True(await silo.Accepts(stays.Id, stays.Pair.Access));
        await Eventually.Holds(
            async () => (await silo.Store.Live("token", organization.ToString(), member.ToString(), 1)).Count == 0,
            "its tokens are deleted");
        Assert.Equal(
            ResourceRefusal.LastAdministrator,
            (await silo.Grains.GetGrain<IMemberGrain>(other.ToString()).Delete(Delete())).Refusal);
        Assert.Null(await grain.Get());
        silo.Clock.Advance(TimeSpan.FromDays(30));
        await grain.AsReference<IRemindable>().ReceiveReminder("cascade", default);
        Assert.Null(await silo.Store.Read(new("member", member.ToString())));
    }

    [Fact]
    public async Task A_role_whose_word_to_the_authority_was_lost_gives_it_when_it_is_activated()
    {
        var (organization, _) = await silo.NewOrganization();
        var member = new MemberId(Guid.NewGuid());
        var role = Guid.NewGuid();
        var grain = silo.Grains.GetGrain<IRoleGrain>(role.ToString());
        Assert.Null((await grain.Create(new CreateResource
        {
            Context = SiloFixture.Command(), OrganizationId = organization, Name = "custom", Content = new() { Role = new RoleContent { PermissionSet = PermissionSets.Viewer } },
        })).Refusal);
        await silo.NewMember(organization, member, "bound", "custom");
        var resolved = await silo.Organization(organization).ResolveRoles(["custom", "nothing"]);
        Assert.Equal("nothing", Assert.Single(resolved.Unknown));
        Assert.True(resolved.Grant.Covers("accounts:list", new ResourceTarget(organization.ToString())));
        await silo.RestartAsync();
        Assert.Empty((await silo.Organization(organization).ResolveRoles(["CUSTOM"])).Unknown);
        Assert.Null((await silo.Grains.GetGrain<IRoleGrain>(role.ToString()).Delete(Delete())).Refusal);
        Assert.Equal("custom", Assert.Single((await silo.Organization(organization).ResolveRoles(["custom"])).Unknown));
    }
}
