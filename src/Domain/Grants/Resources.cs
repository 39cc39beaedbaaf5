namespace TokenActors.Domain.Grants;

/// <summary>
/// What a grant is narrowed to. All parts must hold; <see cref="Selection.All"/> in a part means no narrowing. A
/// labels part holds where the target bears at least one of the labels.
/// </summary>
public sealed record Resources
{
    public static readonly Resources All = new();

    /// <summary>How many names a part, or a list of roles, may have: all of them are compared at every
    /// change.</summary>
    public const int MostNames = 100;

    public Selection OrganizationIds { get; init; } = Selection.All;

    public Selection OrganizationLabels { get; init; } = Selection.All;

    public Selection AccountIds { get; init; } = Selection.All;

    public Selection AccountLabels { get; init; } = Selection.All;

    public Selection AccountEnvironments { get; init; } = Selection.All;

    public Selection IntegrationCategories { get; init; } = Selection.All;

    /// <summary>Some part selects nothing, so that nothing can be covered.</summary>
    public bool IsEmpty =>
        OrganizationIds.IsEmpty || OrganizationLabels.IsEmpty || AccountIds.IsEmpty || AccountLabels.IsEmpty
        || AccountEnvironments.IsEmpty || IntegrationCategories.IsEmpty;

    /// <summary>Some part names more than there may be.</summary>
    public bool HasTooMany => Parts(this).Any(part => part.Names is { Length: > MostNames });

    /// <summary>Not narrowed inside an organization.</summary>
    public bool IsWholeIn(string organizationId) =>
        OrganizationIds.Covers(organizationId) && OrganizationLabels.IsAll && IsWholeInAccounts
        && IntegrationCategories.IsAll;

    public bool IsWithin(Resources other) =>
        Parts(this).Zip(Parts(other)).All(pair => pair.First.IsWithin(pair.Second));

    public Resources Intersect(Resources other) => new()
    {
        OrganizationIds = OrganizationIds.Intersect(other.OrganizationIds),
        OrganizationLabels = OrganizationLabels.Intersect(other.OrganizationLabels),
        AccountIds = AccountIds.Intersect(other.AccountIds),
        AccountLabels = AccountLabels.Intersect(other.AccountLabels),
        AccountEnvironments = AccountEnvironments.Intersect(other.AccountEnvironments),
        IntegrationCategories = IntegrationCategories.Intersect(other.IntegrationCategories),
    };

    /// <summary>
    /// Every part holds. One that the target does not have (an integration point has no account) holds only where it
    /// is not narrowed.
    /// </summary>
    public bool Covers(ResourceTarget target) =>
        OrganizationIds.Covers(target.OrganizationId)
        && (target.OrganizationLabels is { } labels ? OrganizationLabels.CoversAny(labels) : OrganizationLabels.IsAll)
        && (target.Account is { } account ? CoversAccount(account) : IsWholeInAccounts)
        && (target.IntegrationCategory is { } category
            ? IntegrationCategories.Covers(category)
            : IntegrationCategories.IsAll);

    /// <summary>
    /// Every part holds that the target has: enough to see what is there for all of an organization. But where a part
    /// selects nothing, nothing is shown: such resources lie within all others.
    /// </summary>
    public bool Shows(ResourceTarget target) =>
        Reaches(target.OrganizationId)
        && (target.OrganizationLabels is not { } labels || OrganizationLabels.CoversAny(labels))
        && (target.Account is not { } account || CoversAccount(account))
        && (target.IntegrationCategory is not { } category || IntegrationCategories.Covers(category));

    /// <summary>Something in the organization is covered.</summary>
    public bool Reaches(string organizationId) => OrganizationIds.Covers(organizationId) && !IsEmpty;

    /// <summary>The parts in which this is wider than <paramref name="other"/>, as the wire names them.</summary>
    public IEnumerable<string> WiderThan(Resources other) =>
        PartNames.Zip(Parts(this).Zip(Parts(other)))
            .Where(part => !part.Second.First.IsWithin(part.Second.Second))
            .Select(part => part.First);

    private static readonly string[] PartNames =
    [
        "organizations.ids", "organizations.labels", "accounts.ids", "accounts.labels", "accounts.environments",
        "integrations.categories",
    ];

    private bool IsWholeInAccounts => AccountIds.IsAll && AccountLabels.IsAll && AccountEnvironments.IsAll;

    private bool CoversAccount(AccountTarget account) =>
        AccountIds.Covers(account.Id) && AccountLabels.CoversAny(account.Labels)
            && AccountEnvironments.Covers(account.Environment);

    private static IEnumerable<Selection> Parts(Resources r) =>
    [
        r.OrganizationIds, r.OrganizationLabels, r.AccountIds, r.AccountLabels, r.AccountEnvironments,
        r.IntegrationCategories,
    ];
}

/// <summary>
/// A request for narrower resources. A kind that is left out (null) is inherited from the caller as it is, whole.
/// </summary>
public sealed record ResourceRequest(
    (Selection Ids, Selection Labels)? Organizations = null,
    (Selection Ids, Selection Labels, Selection Environments)? Accounts = null,
    Selection? IntegrationCategories = null)
{
    /// <summary>The resources asked for by a caller who has <paramref name="own"/>.</summary>
    public Resources InheritFrom(Resources own) => new()
    {
        OrganizationIds = Organizations?.Ids ?? own.OrganizationIds,
        OrganizationLabels = Organizations?.Labels ?? own.OrganizationLabels,
        AccountIds = Accounts?.Ids ?? own.AccountIds,
        AccountLabels = Accounts?.Labels ?? own.AccountLabels,
        AccountEnvironments = Accounts?.Environments ?? own.AccountEnvironments,
        IntegrationCategories = IntegrationCategories ?? own.IntegrationCategories,
    };
}

/// <summary>What an action is about to touch. Null parts are those that it does not have.</summary>
public sealed record ResourceTarget(
    string OrganizationId,
    IReadOnlyCollection<string>? OrganizationLabels = null,
    AccountTarget? Account = null,
    string? IntegrationCategory = null)
{
    /// <summary>
    /// What a token or a member may do itself. Null where that does not lie in a grant of its own: for a default
    /// token, a token that is bound to roles, and one of another API, whose power is what that API makes of it.
    /// </summary>
    public Grant? Power { get; init; }

    /// <summary>The very token, or the member, on whose behalf the action is asked for.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>The account part of a <see cref="ResourceTarget"/>.</summary>
public sealed record AccountTarget(string Id, IReadOnlyCollection<string> Labels, string Environment);
