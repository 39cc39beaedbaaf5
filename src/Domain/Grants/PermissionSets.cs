using System.Collections.Frozen;

namespace TokenActors.Domain.Grants;

/// <summary>
/// The eight built-in permission sets of the Management API. Their names are the wire's; the action lists are ours
/// (docs/decisions/0006-permission-sets.md says why each is as it is).
/// </summary>
public static class PermissionSets
{
    public const string Administrator = "administrator";
    public const string Viewer = "viewer";
    public const string Member = "member";
    public const string AccountManager = "account-manager";
    public const string ConnectUi = "connect-ui";
    public const string TokenIssuer = "token-issuer";
    public const string McpIntegrationsUseOnly = "mcp-integrations-use-only";
    public const string McpManagement = "mcp-management";

    private static readonly FrozenDictionary<string, ActionSet> Sets = new Dictionary<string, ActionSet>
    {
        [Administrator] = ActionSet.Of("all:*"),
        [Viewer] = ActionSet.Of("all:read", "auth:*"),
        [Member] = ActionSet.Of(
            "auth:*", "organizations:get", "permission_set:list", "permission_set:get", "status:list", "status:get"),
        [AccountManager] = ActionSet.Of(
            "auth:*", "accounts:*", "integrations:*", "credentials:*", "integration_points:list",
            "integration_points:get", "members:get", "organizations:get", "permission_set:list",
            "permission_set:get", "status:list", "status:get",
            "tokens:create_integration"),
        [ConnectUi] = ActionSet.Of(
            "integrations:list", "integrations:list_account", "integrations:get", "integrations:create",
            "integrations:update", "integrations:patch", "integrations:delete", "integrations:verify",
            "credentials:list", "credentials:get", "credentials:create", "credentials:delete", "accounts:get",
            "integration_points:list", "integration_points:get"),
        [TokenIssuer] = ActionSet.Of("tokens:create_integration"),
        [McpIntegrationsUseOnly] = ActionSet.Of(
            "accounts:list", "accounts:get", "integrations:list", "integrations:list_account", "integrations:get"),
        [McpManagement] = ActionSet.Of(
            "accounts:list", "accounts:get", "integrations:list", "integrations:list_account", "integrations:get",
            "integrations:create", "integrations:update", "integrations:patch", "integrations:verify",
            "integration_points:list", "integration_points:get"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names in the order of the wire's enumeration.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Administrator, Viewer, Member, AccountManager, ConnectUi, TokenIssuer, McpIntegrationsUseOnly, McpManagement];

    /// <exception cref="KeyNotFoundException">no such set</exception>
    public static string DescriptionOf(string name) => name switch
    {
        Administrator => "Everything",
        Viewer => "Read only",
        Member => "Log on, see the own profile and basic status",
        AccountManager => "Accounts, integrations and credentials",
        ConnectUi => "Create and delete integrations and credentials from a browser",
        TokenIssuer => "Issue integration tokens and nothing else",
        McpIntegrationsUseOnly => "Read accounts and integrations, and use connectors",
        McpManagement => "Create and update integrations, without connectors",
        _ => throw new KeyNotFoundException(name),
    };

    public static bool Exists(string name) => Sets.ContainsKey(name);

    /// <exception cref="KeyNotFoundException">no such set</exception>
    public static ActionSet ActionsOf(string name) => Sets[name];
}
