using System.Net;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>One operation of the Management API as its description lists it.</summary>
/// <param name="Id">operation id</param>
/// <param name="Method">HTTP method</param>
/// <param name="Path">with the names of its parameters in braces</param>
/// <param name="Action">what it needs; null where any bearer may, or none is needed</param>
/// <param name="Body">what a success sends, if anything</param>
/// <param name="Success">status of a success</param>
public sealed record Operation(
    string Id, string Method, string Path, string? Action, object? Body = null,
    HttpStatusCode Success = HttpStatusCode.OK)
{
    private const HttpStatusCode Made = HttpStatusCode.Created;
    private const HttpStatusCode Empty = HttpStatusCode.NoContent;

    private static readonly object Patch = new[] { new { op = "test", path = "/id", value = "{id}" } };

    private static readonly object Integration = new { provider_config = new { type = "siem_mock_siem" } };

    /// <summary>One without a type of events, so that it is never called.</summary>
    public static readonly object Webhook = new { filters = new[] { "operation_complete" }, url = "https://hooks.example.com/x", secret = new { value = "hunter2-hunter2" } };

    public static readonly Operation[] All =
    [
        new("accounts_list", "GET", "/v1/accounts", "accounts:list"),
        new("accounts_create", "POST", "/v1/accounts", "accounts:create", new { }, Made),
        new("accounts_get", "GET", "/v1/accounts/{accountId}", "accounts:get"),
        new("accounts_update", "PUT", "/v1/accounts/{accountId}", "accounts:update", "itself"),
        new("accounts_patch", "PATCH", "/v1/accounts/{accountId}", "accounts:patch", Patch),
        new("accounts_delete", "DELETE", "/v1/accounts/{accountId}", "accounts:delete", null, Empty),
        new("audit_list", "GET", "/v1/audit/organizations", "audit:list"),
        new("auth_logon", "POST", "/v1/auth/logon/{organizationId}", null, "logon"),
        new("auth_change_password", "POST", "/v1/auth/change_password", "auth:change_password", "password"),
        new("auth_logoff", "POST", "/v1/auth/logoff", null, "session", Empty),
        new("bridges_list", "GET", "/v1/bridges/{accountId}", "bridges:list"),
        new("bridges_create", "POST", "/v1/bridges/{accountId}", "bridges:create", new { labels = new[] { "east" } }, Made),
        new("bridges_get", "GET", "/v1/bridges/{accountId}/{bridgeId}", "bridges:get"),
        new("bridges_update", "PUT", "/v1/bridges/{accountId}/{bridgeId}", "bridges:update", "itself"),
        new("bridges_patch", "PATCH", "/v1/bridges/{accountId}/{bridgeId}", "bridges:patch", Patch),
        new("bridges_delete", "DELETE", "/v1/bridges/{accountId}/{bridgeId}", "bridges:delete", null, Empty),
        new("bridges_get_status", "GET", "/v1/bridges/{accountId}/{bridgeId}/status", "bridges:status"),
        new("capabilities_list_connectors", "GET", "/v1/capabilities/connectors", null),
        new("capabilities_list_providers", "GET", "/v1/capabilities/providers", null),
        new("capabilities_get_provider", "GET", "/v1/capabilities/providers/{providerId}", null),
        new("credentials_list", "GET", "/v1/credentials/{ownerId}", "credentials:list"),
        new("credentials_create", "POST", "/v1/credentials/{ownerId}", "credentials:create", new { config = new { type = "token", secret = "hunter2-hunter2" } }, Made),
        new("credentials_get", "GET", "/v1/credentials/{ownerId}/{credentialId}", "credentials:get"),
        new("credentials_update", "PUT", "/v1/credentials/{ownerId}/{credentialId}", "credentials:update", "itself"),
        new("credentials_patch", "PATCH", "/v1/credentials/{ownerId}/{credentialId}", "credentials:patch", Patch),
        new("credentials_delete", "DELETE", "/v1/credentials/{ownerId}/{credentialId}", "credentials:delete", null, Empty),
        new("credentials_lookup", "GET", "/v1/credentials/lookup/{credentialId}", "credentials:lookup"),
        new("integrationPoints_list", "GET", "/v1/integration-points", "integration_points:list"),
        new("integrationPoints_create", "POST", "/v1/integration-points", "integration_points:create", new { connector = "siem", environments = new { test = new[] { "*" } } }, Made),
        new("integrationPoints_get", "GET", "/v1/integration-points/{integrationPointId}", "integration_points:get"),
        new("integrationPoints_update", "PUT", "/v1/integration-points/{integrationPointId}", "integration_points:update", "itself"),
        new("integrationPoints_patch", "PATCH", "/v1/integration-points/{integrationPointId}", "integration_points:patch", Patch),
        new("integrationPoints_delete", "DELETE", "/v1/integration-points/{integrationPointId}", "integration_points:delete", null, Empty),
        new("integrations_list", "GET", "/v1/integrations", "integrations:list"),
        new("integrations_list_account", "GET", "/v1/integrations/{accountId}", "integrations:list_account"),
        new("integrations_create", "POST", "/v1/integrations/{accountId}", "integrations:create", Integration, Made),
        new("integrations_get", "GET", "/v1/integrations/{accountId}/{integrationId}", "integrations:get"),
        new("integrations_update", "PUT", "/v1/integrations/{accountId}/{integrationId}", "integrations:update", "itself"),
        new("integrations_patch", "PATCH", "/v1/integrations/{accountId}/{integrationId}", "integrations:patch", Patch),
        new("integrations_delete", "DELETE", "/v1/integrations/{accountId}/{integrationId}", "integrations:delete", null, Empty),
        new("integrations_verify", "POST", "/v1/integrations/{accountId}/verify", "integrations:verify", new { integration = Integration }),
        new("mappings_list", "GET", "/v1/mappings", "mappings:list"),
        new("mappings_create", "POST", "/v1/mappings", "mappings:create", new { data = "@" }, Made),
        new("mappings_get", "GET", "/v1/mappings/{mappingId}", "mappings:get"),
        new("mappings_update", "PUT", "/v1/mappings/{mappingId}", "mappings:update", "itself"),
        new("mappings_patch", "PATCH", "/v1/mappings/{mappingId}", "mappings:patch", Patch),
        new("mappings_delete", "DELETE", "/v1/mappings/{mappingId}", "mappings:delete", null, Empty),
        new("mappings_apply", "POST", "/v1/mappings/apply", "mappings:apply", new { mappings = new[] { "as-it-is" }, data = new { k = "v" } }),
        new("members_list", "GET", "/v1/members", "members:list"),
        new("members_create", "POST", "/v1/members", "members:create", "member", Made),
        new("members_get", "GET", "/v1/members/{memberId}", "members:get"),
        new("members_update", "PUT", "/v1/members/{memberId}", "members:update", "itself"),
        new("members_patch", "PATCH", "/v1/members/{memberId}", "members:patch", Patch),
        new("members_delete", "DELETE", "/v1/members/{memberId}", "members:delete", null, Empty),
        new("operations_list", "GET", "/v1/jobs", "operations:list"),
        new("operations_list_execution_history", "GET", "/v1/jobs/history", "operations:list_history"),
        new("meta_managementOpenapiSpec", "GET", "/v1/meta/openapi/management", null),
        new("meta_engineOpenapiSpec", "GET", "/v1/meta/openapi/engine", null),
        new("organization_get", "GET", "/v1/organization", "organizations:get"),
        new("organization_update", "PUT", "/v1/organization", "organizations:update", "itself"),
        new("organization_patch", "PATCH", "/v1/organization", "organizations:patch", Patch),
        new("organizationWebhooks_list", "GET", "/v1/organization/webhooks", "webhooks:list"),
        new("organizationWebhooks_create", "POST", "/v1/organization/webhooks", "webhooks:create", Webhook, Made),
        new("organizationWebhooks_get", "GET", "/v1/organization/webhooks/{webhookId}", "webhooks:get"),
        new("organizationWebhooks_update", "PUT", "/v1/organization/webhooks/{webhookId}", "webhooks:update", "itself"),
        new("organizationWebhooks_patch", "PATCH", "/v1/organization/webhooks/{webhookId}", "webhooks:patch", Patch),
        new("organizationWebhooks_delete", "DELETE", "/v1/organization/webhooks/{webhookId}", "webhooks:delete", null, Empty),
        new("permissionset_list", "GET", "/v1/permissionsets", "permission_set:list"),
        new("permissionset_get", "GET", "/v1/permissionsets/{permissionsetId}", "permission_set:get"),
        new("roles_list", "GET", "/v1/roles", "roles:list"),
        new("roles_create", "POST", "/v1/roles", "roles:create", new { permission_set = "viewer" }, Made),
        new("roles_get", "GET", "/v1/roles/{roleId}", "roles:get"),
        new("roles_update", "PUT", "/v1/roles/{roleId}", "roles:update", "itself"),
        new("roles_patch", "PATCH", "/v1/roles/{roleId}", "roles:patch", Patch),
        new("roles_delete", "DELETE", "/v1/roles/{roleId}", "roles:delete", null, Empty),
        new("status_list", "GET", "/v1/status", "status:list"),
        new("status_get", "GET", "/v1/status/{accountId}/{integrationId}", "status:get"),
        new("status_reset", "PUT", "/v1/status/{accountId}/{integrationId}", "status:reset", null, Empty),
        new("status_list_events", "GET", "/v1/status/{accountId}/{integrationId}/events", "status:list_events"),
        new("status_get_timeseries", "GET", "/v1/status/timeseries", "status:timeseries"),
        new("status_get_integration_timeseries", "GET", "/v1/status/{accountId}/{integrationId}/timeseries", "status:integration_timeseries"),
        new("subOrgs_list", "GET", "/v1/suborgs", "suborgs:list"),
        new("subOrgs_create", "POST", "/v1/suborgs", "suborgs:create", new { }, Made),
        new("subOrgs_get", "GET", "/v1/suborgs/{organizationId}", "suborgs:get"),
        new("subOrgs_delete", "DELETE", "/v1/suborgs/{organizationId}", "suborgs:delete", null, Empty),
        new("tokens_create_token", "POST", "/v1/tokens", "tokens:create", new { permission_set = "viewer", resources = new { } }, Made),
        new("tokens_list", "GET", "/v1/tokens", "tokens:list"),
        new("tokens_create_mcp_token", "POST", "/v1/tokens/mcp", "tokens:create", new { scope = new { type = "management" } }, Made),
        new("tokens_create_integration_token", "POST", "/v1/tokens/{accountId}/{integrationId}", "tokens:create_integration", new { }, Made),
        new("tokens_create_synqly_integrations_token", "POST", "/v1/tokens/synqly-integrations", "tokens:create_synqly_integrations", new { }, Made),
        new("tokens_delete", "DELETE", "/v1/tokens/{refreshTokenId}", "tokens:delete", null, Empty),
        new("tokens_get", "GET", "/v1/tokens/{refreshTokenId}/info", "tokens:get"),
        new("tokens_reset", "PUT", "/v1/tokens/{ownerId}/{refreshTokenId}/reset", "tokens:reset"),
        new("tokens_rotate", "PUT", "/v1/tokens/{ownerId}/{refreshTokenId}/rotate", "tokens:rotate"),
        new("tokens_refresh", "PUT", "/v1/tokens/{refreshTokenId}/refresh", null),
        new("tokens_remove_secondary", "DELETE", "/v1/tokens/{refreshTokenId}/secondary", "tokens:remove_secondary", null, Empty),
    ];

    public override string ToString() => Id;
}
