using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.Mappings;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Roles;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>The target that a grant has to cover for a row; null where its owner is gone.</summary>
public delegate ResourceTarget? TargetOf(ResourceState state);

/// <summary>A part of a grant's resources, and the field of a list that holds it; null where none does.</summary>
public sealed record ReachPart(Func<Resources, Selection> Of, ListField? Field);

/// <summary>What is fixed about a kind of resource.</summary>
public sealed record ResourceKind
{
    /// <summary>Of its rows and grains.</summary>
    public required string Name { get; init; }

    /// <summary>In the action table.</summary>
    public required string Api { get; init; }

    /// <summary>What a caller needs a permission for to make one.</summary>
    public string CreateVerb { get; init; } = "create";

    /// <summary>Its creation is a change like others to who asks for it, and is answered again as they are.</summary>
    public bool IsMadeByChange { get; init; }

    /// <summary>What its list can be ordered and filtered by.</summary>
    public required ListSchema List { get; init; }

    public required Func<IGrainFactory, string, IResourceGrain> Grain { get; init; }

    /// <summary>Kinds of resources that may belong to one, in the order in which they are deleted.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    /// <summary>What lists carry of a content: all of it, unless that is long and not shown.</summary>
    public Func<ResourceContent, ResourceContent> Listed { get; init; } = static content => content;

    /// <summary>
    /// The field of the list that holds an account's id, so that grants which name accounts can be asked by query.
    /// </summary>
    public ListField? AccountField { get; init; }

    /// <summary>
    /// What of a grant decides which are seen, with what a query can ask of it. An account holds integrations of every
    /// category.
    /// </summary>
    public IReadOnlyList<ReachPart> Parts => field ??=
    [
        new(resources => resources.AccountIds, AccountField),
        new(resources => resources.AccountLabels, FieldOfAccount("labels")),
        new(resources => resources.AccountEnvironments, FieldOfAccount("environment")),
        .. Name == Kinds.Account
            ? (ReadOnlySpan<ReachPart>)[]
            : [new(resources => resources.IntegrationCategories, List.Find("category"))],
    ];

    /// <summary>Reads what the targets of several rows follow from.</summary>
    public Func<IRecordStore, IReadOnlyList<ResourceState>, Task<TargetOf>> TargetsOf { get; init; } =
        static (_, _) => Task.FromResult<TargetOf>(ResourceTargets.Of);

    /// <summary>Labels of another kind are not those of its account.</summary>
    private ListField? FieldOfAccount(string name) => Name == Kinds.Account ? List.Find(name) : null;
}

/// <summary>Every kind of resource.</summary>
public static class ResourceKinds
{
    public static readonly ResourceKind Account = new()
    {
        Name = Kinds.Account,
        Api = "accounts",
        List = ResourceLists.Accounts,
        Grain = (grains, id) => grains.GetGrain<IAccountGrain>(id),
        Children = [Kinds.Integration, Kinds.Credential, Kinds.Bridge, Kinds.Token],
        AccountField = ResourceLists.Id,
    };

    public static readonly ResourceKind Role = new()
    {
        Name = Kinds.Role,
        Api = "roles",
        List = ResourceLists.Roles,
        Grain = (grains, id) => grains.GetGrain<IRoleGrain>(id),
    };

    public static readonly ResourceKind IntegrationPoint = new()
    {
        Name = Kinds.IntegrationPoint,
        Api = "integration_points",
        List = ResourceLists.IntegrationPoints,
        Grain = (grains, id) => grains.GetGrain<IIntegrationPointGrain>(id),
        Children = [Kinds.Credential],
    };

    public static readonly ResourceKind Integration = new()
    {
        Name = Kinds.Integration,
        Api = "integrations",
        List = ResourceLists.Integrations,
        Grain = (grains, id) => grains.GetGrain<IIntegrationGrain>(id),
        Children = [Kinds.Token, Kinds.Credential],
        AccountField = ResourceLists.AccountId,
        TargetsOf = OwnerTargets.OfIntegrations,
    };

    public static readonly ResourceKind Credential = new()
    {
        Name = Kinds.Credential,
        Api = "credentials",
        List = ResourceLists.Credentials,
        Grain = (grains, id) => grains.GetGrain<ICredentialGrain>(id),
        TargetsOf = OwnerTargets.OfCredentials,
    };

    public static readonly ResourceKind Webhook = new()
    {
        Name = Kinds.Webhook,
        Api = "webhooks",
        List = ResourceLists.Webhooks,
        Grain = (grains, id) => grains.GetGrain<IOrganizationWebhookGrain>(id),
        Children = [Kinds.Credential],
    };

    public static readonly ResourceKind EventEndpoint = new()
    {
        Name = Kinds.EventEndpoint,
        Api = "webhooks",
        List = ResourceLists.EventEndpoints,
        Grain = (grains, id) => grains.GetGrain<IEventEndpointGrain>(id),
    };

    public static readonly ResourceKind Bridge = new()
    {
        Name = Kinds.Bridge,
        Api = "bridges",
        List = ResourceLists.Bridges,
        Grain = (grains, id) => grains.GetGrain<IBridgeGrain>(id),
        Children = [Kinds.Token],
        AccountField = ResourceLists.AccountId,
        TargetsOf = OwnerTargets.OfBridges,
    };

    public static readonly ResourceKind Mapping = new()
    {
        Name = Kinds.Mapping,
        Api = "mappings",
        List = ResourceLists.Mappings,
        Grain = (grains, id) => grains.GetGrain<IMappingGrain>(id),
        Listed = static content => content with { Mapping = new MappingContent { Data = "" } },
    };

    public static readonly ResourceKind Policy = new()
    {
        Name = Kinds.Policy,
        Api = "organizations",
        CreateVerb = "update",
        IsMadeByChange = true,
        List = ResourceLists.Policies,
        Grain = (grains, id) => grains.GetGrain<IPolicyGrain>(id),
    };

    private static readonly Dictionary<string, ResourceKind> All = new[]
    {
        Integration, Credential, Bridge, Account, Role, IntegrationPoint, Mapping, Webhook, EventEndpoint, Policy,
    }.ToDictionary(kind => kind.Name);

    public static IEnumerable<string> Names => All.Keys;

    /// <exception cref="KeyNotFoundException">no such kind</exception>
    public static ResourceKind Of(string name) => All[name];
}
