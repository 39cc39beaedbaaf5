namespace TokenActors.Cli.Output;

/// <summary>How answers are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>As the service said it.</summary>
    Json,

    /// <summary>The same in YAML.</summary>
    Yaml,

    /// <summary>What names each thing, one a line.</summary>
    Name,

    /// <summary>The new secret alone.</summary>
    Secret,
}

/// <summary>How a kind of answer looks.</summary>
/// <param name="Name">the field that other commands take to name it</param>
/// <param name="Columns">fields of a table, in order, as <c>field</c> or <c>heading=field</c></param>
internal sealed record View(string Name, params string[] Columns)
{
    /// <summary>The field with the new secret; null where there is none.</summary>
    public string? Secret { get; init; }

    /// <summary>Fields that the service alone sets, beside its times.</summary>
    public string[] Kept { get; init; } = [];
}

/// <summary>How each kind of answer looks.</summary>
internal static class Views
{
    public static readonly View Token = new(
        "id", "id", "name", "kind", "state", "life", "expires=expires_at", "used=last_used_at", "labels")
    {
        Secret = "secrets.access",
    };

    public static readonly View Audit = new(
        "number", "at", "event", "subject=subject_kind", "id=subject_id", "outcome", "status", "address", "member=member_id");

    public static readonly View Usage = new("start", "hour=start", "accepted", "refused");

    public static readonly View Can = new("allowed", "allowed", "because", "action", "resource");

    public static readonly View Introspection = new(
        "jti", "active", "id=jti", "profile", "slot", "username", "expires=exp", "scope");

    public static readonly View Job = new(
        "id", "id", "state", "total", "done", "gone", "refused", "started_at", "ended_at");

    public static readonly View Import = new(
        "id", "id", "state", "total", "imported", "refused", "started_at", "ended_at");

    public static readonly View ImportPlan = new("lines", "lines", "would_import", "would_refuse", "refusals");

    public static readonly View ImportResult = new("line", "line", "state", "token=id", "status", "detail");

    public static readonly View ImportScheme = new(
        "name", "id", "name", "prefix", "length", "random_characters", "low=accept_low_entropy");

    public static readonly View Plan = new(
        "plan", "plan", "start_before", "tokens=affected.tokens", "kinds=affected.kinds");

    public static readonly View Preview = new(
        "change", "would_change", "status", "change", "subject=subject.id", "tokens=affected.tokens",
        "kinds=affected.kinds",
        "used_last_24h=affected.used_last_24h");

    public static readonly View Policy = new(
        "on_leak", "longest_life", "default_life", "must_expire", "allowed_kinds", "notice_days", "on_leak");

    public static readonly View Breach = new(
        "id", "id", "name", "kind", "breaches", "expires=expires_at", "used=last_used_at");

    public static readonly View Webhook = new("id", "id", "name", "url", "enabled", "types", "why=disabled_because") { Secret = "secret" };

    public static readonly View Delivery = new("id", "id", "type", "status", "created_at", "next=next_attempt_at");

    public static readonly View Queued = new("delivery_id", "count", "delivery_id");

    public static readonly View Account = new("name", "name", "fullname", "environment", "labels", "created_at");

    public static readonly View Member = new(
        "name", "name", "fullname", "state", "type", "roles=role_binding", "last_logon")
    {
        Kept = ["expires", "pin_expires", "last_logon"],
    };

    public static readonly View Role = new("name", "name", "fullname", "permission_set", "resources");

    public static readonly View Integration = new(
        "name", "name", "fullname", "category", "provider=provider_type", "account=account_id")
    {
        Kept = ["category", "provider_type", "refresh_token_id"],
    };

    public static readonly View CreatedIntegration = new(
        "integration.name", "name=integration.name", "provider=integration.provider_type", "account=integration.account_id")
    {
        Secret = "token.access.secret",
    };

    public static readonly View Credential = new("name", "name", "type=config.type", "owner_type", "expires", "managed")
    {
        Kept = ["managed", "account_id", "integration_id", "integration_point_id"],
    };

    public static readonly View Organization = new("name", "name", "fullname", "organization_type", "state", "contact")
    {
        Kept = ["state", "organization_type", "end_date", "refresh_token_id"],
    };

    public static readonly View PermissionSet = new("name", "name", "description");

    public static readonly View Identity = new(
        "token.id", "organization=organization.name", "member=member.name", "roles=member.role_binding",
        "token=token.id",
        "kind=token.kind", "grant=token.grant.permission_set", "expires=token.expires_at");

    /// <summary>Everything that is there.</summary>
    public static readonly View Anything = new("id");
}
