using System.Text.RegularExpressions;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Naming;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management;

/// <summary>Fields that several kinds of resources share.</summary>
internal static partial class ResourceFields
{
    private const int LongestLabel = 48;

    /// <summary>What a whole object says about where it belongs must be so.</summary>
    public static void SameAs(JsonFields fields, string name, string actual)
    {
        if (fields.Text(name) is { } given && !given.Equals(actual, StringComparison.OrdinalIgnoreCase))
        {
            fields.Reject(name, "must be that of the resource in the path");
        }
    }

    public static IReadOnlyList<string> Labels(JsonFields fields)
    {
        var labels = fields.Texts("labels", allowEmpty: true) ?? [];
        if (labels.Any(label => label.Length > LongestLabel || !Label().IsMatch(label)))
        {
            fields.Reject("labels", $"must have 1 to {LongestLabel} letters, digits, _ - : or . each");
        }

        return [.. labels.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The id of a live resource by what stands in a path: the id first, then the name.</summary>
    public static async ValueTask<Guid?> FindResource(this IGrainFactory grains, OrganizationId organization, string kind, string idOrName) =>
        Guid.TryParseExact(idOrName, "D", out var id) ? id
        : idOrName.Length > Slug.MaxLength || !StorableText.Is(idOrName) ? null
        : await grains.GetGrain<ICatalogGrain>("0").FindResource(organization, kind, idOrName);

    /// <summary>Where an account lies, and what hangs on it.</summary>
    public static ResourceTarget ToTarget(this Resource account, string? category = null) => new(
        account.OrganizationId.ToString(),
        Account: new AccountTarget(account.Id.ToString(), account.Content.Account!.Labels, account.Content.Account.Environment),
        IntegrationCategory: category);

    [GeneratedRegex("^[A-Za-z0-9_:.-]+$")]
    private static partial Regex Label();
}
