using TokenActors.Domain.Grants;
using TokenActors.Domain.Integrations;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>
/// <c>Resources</c> on the wire: a kind that is left out is not narrowed (in a request: inherited from the caller).
/// </summary>
internal sealed record ResourcesWire(
    OrganizationsWire? Organizations, AccountsWire? Accounts, IntegrationsWire? Integrations)
{
    private static readonly string[] Environments = ["test", "prod", "*"];

    public static ResourcesWire Read(JsonFields fields)
    {
        OrganizationsWire? organizations = null;
        AccountsWire? accounts = null;
        IntegrationsWire? integrations = null;
        if (fields.Object("organizations") is { } o)
        {
            organizations = new(Ids(o), o.Texts("labels", mayBeAll: true));
            o.RefuseUnknown();
        }

        if (fields.Object("accounts") is { } a)
        {
            accounts = new(Ids(a), a.Texts("labels", mayBeAll: true), a.Texts("environments", mayBeAll: true));
            if (accounts.Environments?.Any(environment => !Environments.Contains(environment)) == true)
            {
                a.Reject("environments", "must hold test or prod");
            }

            a.RefuseUnknown();
        }

        if (fields.Object("integrations") is { } i)
        {
            integrations = new(i.Texts("categories", required: true, mayBeAll: true) ?? []);
            if (integrations.Categories.FirstOrDefault(category => category != "*" && !ProviderCatalog.Categories.Contains(category)) is { } strange)
            {
                i.Reject("categories", $"'{strange}' is no category");
            }

            i.RefuseUnknown();
        }

        fields.RefuseUnknown();
        return new(organizations, accounts, integrations);
    }

    /// <summary>Ids, or <c>*</c> for all. A name would narrow to nothing, without a word.</summary>
    private static IReadOnlyList<string> Ids(JsonFields fields)
    {
        var ids = fields.Texts("ids", required: true, mayBeAll: true) ?? [];
        if (ids.FirstOrDefault(id => id != "*" && !Guid.TryParseExact(id, "D", out _)) is { } strange)
        {
            fields.Reject("ids", $"'{strange}' is no id");
        }

        // A grant compares text, and ids are kept in lower case.
        return [.. ids.Select(id => id.ToLowerInvariant())];
    }

    public ResourceRequest ToRequest() => new(
        Organizations is { } o ? (Of(o.Ids), Of(o.Labels)) : null,
        Accounts is { } a ? (Of(a.Ids), Of(a.Labels), Of(a.Environments)) : null,
        Integrations is { } i ? Of(i.Categories) : null);

    public static ResourcesWire From(Resources r) => new(
        r is { OrganizationIds.IsAll: true, OrganizationLabels.IsAll: true }
            ? null
            : new(ShowIds(r.OrganizationIds), Names(r.OrganizationLabels)),
        r is { AccountIds.IsAll: true, AccountLabels.IsAll: true, AccountEnvironments.IsAll: true }
            ? null
            : new(ShowIds(r.AccountIds), Names(r.AccountLabels), Names(r.AccountEnvironments)),
        r.IntegrationCategories.IsAll ? null : new(ShowIds(r.IntegrationCategories)));

    private static Selection Of(IReadOnlyList<string>? names) => names is null ? Selection.All : Selection.Of(names);

    private static IReadOnlyList<string> ShowIds(Selection selection) => Names(selection) ?? ["*"];

    private static IReadOnlyList<string>? Names(Selection selection) => selection.Names;
}

internal sealed record OrganizationsWire(IReadOnlyList<string> Ids, IReadOnlyList<string>? Labels);

internal sealed record AccountsWire(
    IReadOnlyList<string> Ids, IReadOnlyList<string>? Labels, IReadOnlyList<string>? Environments);

internal sealed record IntegrationsWire(IReadOnlyList<string> Categories);
