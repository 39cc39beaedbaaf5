namespace TokenActors.WebConsole.Permissions;

/// <summary>
/// What a session may see and do. Pages, places and buttons are shown by this and by nothing else; whether something is
/// done the service decides.
/// </summary>
/// <param name="reaches">by action; null where nothing is known, and all is shown</param>
/// <param name="isRoot">the organization runs the service</param>
internal sealed class Rights(IReadOnlyDictionary<string, Reach>? reaches, bool isRoot)
{
    /// <summary>Shows everything, so that nobody misses what the service would do for them.</summary>
    public static readonly Rights Unknown = new(null, isRoot: true);

    /// <summary>What <see cref="May"/> and <see cref="MayInAll"/> are asked about.</summary>
    public static readonly IReadOnlyList<string> Actions =
    [
        "tokens:get", "tokens:list", "tokens:create", "tokens:rotate", "tokens:reset", "tokens:delete",
        "accounts:list", "accounts:get", "accounts:create", "accounts:patch", "accounts:delete",
        "integrations:list_account", "integrations:create", "integrations:delete",
        "members:list", "members:create", "members:patch", "members:delete",
        "roles:list", "roles:create", "roles:patch", "roles:delete", "permission_set:list",
        "audit:list", "webhooks:list", "webhooks:get", "webhooks:create", "webhooks:update", "webhooks:delete",
        "organizations:get", "organizations:update", "suborgs:list", "auth:change_password",
    ];

    public bool SeesTokens => May("tokens:list") && May("tokens:get");

    /// <summary>Sees those of all members, and not only of its own.</summary>
    public bool SeesEveryToken => SeesTokens && MayInAll("tokens:reset");

    public bool MakesTokens => May("tokens:create");

    /// <summary>Also those that belong to the organization, and to no member.</summary>
    public bool MakesTokensOfAll => MayInAll("tokens:create");

    /// <summary>Edits, rotates and enables.</summary>
    public bool ChangesTokens => May("tokens:rotate");

    public bool ResetsTokens => May("tokens:reset");

    /// <summary>Disables and revokes, one or many.</summary>
    public bool EndsTokens => May("tokens:delete");

    public bool SeesAccounts => May("accounts:list");

    /// <summary>The page of an account lists its integrations.</summary>
    public bool OpensAccounts => May("accounts:get") && May("integrations:list_account");

    public bool MakesIntegrations => May("integrations:create");

    public bool DeletesIntegrations => May("integrations:delete");

    public bool SeesMembers => May("members:list");

    /// <summary>Known to: what is only told beside something else is not worth a refusal.</summary>
    public bool NamesMembers => reaches is not null && SeesMembers;

    public bool MakesMembers => MayInAll("members:create");

    public bool ChangesMembers => MayInAll("members:patch");

    public bool DeletesMembers => MayInAll("members:delete");

    /// <summary>The page of the roles lists permission sets too.</summary>
    public bool SeesRoles => May("roles:list") && May("permission_set:list");

    public bool MakesRoles => MayInAll("roles:create");

    public bool ChangesRoles => MayInAll("roles:patch");

    public bool DeletesRoles => MayInAll("roles:delete");

    public bool SeesTrail => May("audit:list");

    public bool SeesWebhooks => MayInAll("webhooks:list") && MayInAll("webhooks:get");

    public bool MakesWebhooks => MayInAll("webhooks:create");

    /// <summary>Edits, tests, sends again, and so on.</summary>
    public bool ChangesWebhooks => MayInAll("webhooks:update");

    public bool DeletesWebhooks => MayInAll("webhooks:delete");

    public bool SeesPolicy => MayInAll("organizations:get");

    public bool ChangesPolicy => MayInAll("organizations:update");

    public bool SeesCluster => isRoot && MayInAll("organizations:get");

    public bool SeesOrganizations => isRoot && MayInAll("suborgs:list");

    public bool ChangesPassword => May("auth:change_password");

    /// <summary>How far an action reaches.</summary>
    public Reach ReachOf(string action) =>
        reaches is null ? Reach.Everywhere : reaches.GetValueOrDefault(action, Reach.Nowhere);

    private bool May(string action) => ReachOf(action) != Reach.Nowhere;

    /// <summary>What belongs to the organization as a whole is changed by sessions that are not narrowed in
    /// it.</summary>
    private bool MayInAll(string action) => ReachOf(action) == Reach.Everywhere;
}
