using TokenActors.Domain.Lists;

namespace TokenActors.Domain.Tests.Lists;

/// <summary>Every list there is, by what it lists.</summary>
internal static class Schemas
{
    public static readonly IReadOnlyDictionary<string, ListSchema> All = new Dictionary<string, ListSchema>
    {
        ["tokens"] = TokenList.Schema,
        ["lifecycle tokens"] = LifecycleTokenList.Schema,
        ["members"] = MemberList.Schema,
        ["organizations"] = OrganizationList.Schema,
        ["accounts"] = ResourceLists.Accounts,
        ["roles"] = ResourceLists.Roles,
        ["integration points"] = ResourceLists.IntegrationPoints,
        ["integrations"] = ResourceLists.Integrations,
        ["credentials"] = ResourceLists.Credentials,
        ["bridges"] = ResourceLists.Bridges,
        ["status"] = StatusLists.Integrations,
        ["status events"] = StatusLists.Events,
        ["webhooks"] = ResourceLists.Webhooks,
        ["event endpoints"] = ResourceLists.EventEndpoints,
        ["policies"] = ResourceLists.Policies,
        ["mappings"] = ResourceLists.Mappings,
        ["audit"] = AuditList.Schema,
        ["lifecycle audit"] = LifecycleAuditList.Schema,
        ["operations"] = OperationList.Schema,
        ["executions"] = ExecutionList.Schema,
        ["shelf"] = ListingList.Schema,
    };

    public static TheoryData<string> Names => [.. All.Keys];
}
