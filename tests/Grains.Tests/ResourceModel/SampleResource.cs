using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.Mappings;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Roles;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.ResourceModel;

/// <summary>One resource of some kind, in an organization with an administrator, and the commands to it.</summary>
public sealed class SampleResource
{
    private readonly SiloFixture _silo;
    private readonly Func<string, ResourceContent> _content;

    private SampleResource(SiloFixture silo, string kind, Caller caller, Func<string, ResourceContent> content)
    {
        (_silo, Kind, Caller, _content) = (silo, kind, caller, content);
        Id = Guid.NewGuid();
    }

    public static TheoryData<string> Kinds =>
        ["account", "role", "integration_point", "integration", "bridge", "mapping", "webhook"];

    public string Kind { get; }

    public Guid Id { get; private init; }

    public Caller Caller { get; }

    public OrganizationId Organization => Caller.OrganizationId;

    public RecordKey Key => new(Kind, Id.ToString());

    public IResourceGrain Grain => GrainOf(Id);

    /// <summary>A resource that is not made yet, in an organization of its own.</summary>
    public static async Task<SampleResource> New(SiloFixture silo, string kind)
    {
        var caller = await silo.CallerOf(await silo.NewToken());
        return new SampleResource(silo, kind, caller, await ContentOf(silo, kind, caller.OrganizationId));
    }

    /// <summary>The same, made.</summary>
    public static async Task<SampleResource> Made(SiloFixture silo, string kind)
    {
        var sample = await New(silo, kind);
        Assert.Null((await sample.Create()).Refusal);
        return sample;
    }

    /// <summary>Another resource of the same kind and organization, that is not made yet.</summary>
    public SampleResource Another() => new(_silo, Kind, Caller, _content);

    public CreateResource Creation(string name = "sample", Idempotency? call = null) => new()
    {
        Context = SiloFixture.Command(Caller) with { Idempotency = call }, OrganizationId = Organization, Name = name,
        Content = _content("first"),
    };

    public UpdateResource Change(string fullName = "changed", string name = "sample", Idempotency? call = null) => new()
    {
        Context = SiloFixture.Command(Caller) with { Idempotency = call }, Verb = "update", Name = name,
        FullName = fullName, Content = _content("next"),
    };

    public DeleteResource Deletion(Idempotency? call = null) =>
        new() { Context = SiloFixture.Command(Caller) with { Idempotency = call } };

    public Task<ResourceAnswer> Create(string name = "sample") => Grain.Create(Creation(name));

    public Task<ResourceAnswer> Get(Caller? caller = null) => Grain.Get(new ReadResource
    {
        OrganizationId = (caller ?? Caller).OrganizationId, Caller = caller ?? Caller,
    });

    public Task Remind(string reminder = "cascade") =>
        Grain.AsReference<IRemindable>().ReceiveReminder(reminder, default);

    /// <summary>What the trail says happened to it.</summary>
    public async Task<string[]> Trail() =>
        [.. (await _silo.Store.AuditOf(Id.ToString())).Select(entry => entry.Event[(Kind.Length + 1)..])];

    /// <summary>A call under an idempotency key.</summary>
    public static Idempotency Call(byte key, byte request = 1) =>
        new() { Key = [.. Enumerable.Repeat(key, 32)], Request = [request], Sealed = [] };

    private static async Task<Func<string, ResourceContent>> ContentOf(
        SiloFixture silo, string kind, OrganizationId organization)
    {
        if (kind is not ("integration" or "bridge"))
        {
            return what => Unattached(kind, what);
        }

        var account = Guid.NewGuid();
        Assert.Null((await silo.Grains.GetGrain<IAccountGrain>(account.ToString()).Create(new CreateResource
        {
            Context = SiloFixture.Command(), OrganizationId = organization,
            Content = new() { Account = new AccountContent { Environment = "test" } },
        })).Refusal);
        return kind == "bridge"
            ? what => new() { Bridge = new BridgeContent { AccountId = account, Description = what } }
            : what => new()
            {
                Integration = new IntegrationContent
                {
                    AccountId = account, RefreshTokenId = new TokenId(account), Category = "siem",
                    ProviderType = "siem_mock_siem", ProviderConfig = $$"""{"region":"{{what}}"}""",
                },
            };
    }

    private static ResourceContent Unattached(string kind, string what) => kind switch
    {
        "account" => new() { Account = new AccountContent { Environment = "test", Labels = [what] } },
        "role" => new()
        {
            Role = new RoleContent { PermissionSet = PermissionSets.AccountManager, Description = what },
        },
        "integration_point" => new()
        {
            IntegrationPoint = new IntegrationPointContent { Connector = "ticketing", Description = what },
        },
        "mapping" => new() { Mapping = new MappingContent { Data = what } },
        _ => new() { Webhook = new WebhookContent { Address = "https://example.com/hook", Description = what } },
    };

    private IResourceGrain GrainOf(Guid id) => Kind switch
    {
        "account" => _silo.Grains.GetGrain<IAccountGrain>(id.ToString()),
        "role" => _silo.Grains.GetGrain<IRoleGrain>(id.ToString()),
        "integration_point" => _silo.Grains.GetGrain<IIntegrationPointGrain>(id.ToString()),
        "integration" => _silo.Grains.GetGrain<IIntegrationGrain>(id.ToString()),
        "bridge" => _silo.Grains.GetGrain<IBridgeGrain>(id.ToString()),
        "mapping" => _silo.Grains.GetGrain<IMappingGrain>(id.ToString()),
        _ => _silo.Grains.GetGrain<IOrganizationWebhookGrain>(id.ToString()),
    };
}
