using System.Text.RegularExpressions;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Naming;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management;

/// <summary>Fields that several kinds of resources share.</summary>
internal static partial class ResourceFields
{
    private const int LongestLabel = 48;

    /// <summary>The content of a resource that is of the kind that was asked for.</summary>
    /// <exception cref="InvalidOperationException">it is of another kind, which is a bug</exception>
    public static T Of<T>(T? content)
        where T : class => content ?? throw new InvalidOperationException($"the resource has no {typeof(T).Name}");

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
    public static async ValueTask<Guid?> FindResource(
        this IGrainFactory grains, OrganizationId organization, string kind, string idOrName, int longest = Slug.MaxLength)
    {
        if (Guid.TryParseExact(idOrName, "D", out var id))
        {
            return id;
        }

        return idOrName.Length <= longest && StorableText.Is(idOrName)
            ? await grains.GetGrain<ICatalogGrain>("0").FindResource(organization, kind, idOrName)
            : null;
    }

    /// <summary>The same for what hangs on an owner, within which its name is unique.</summary>
    public static ValueTask<Guid?> FindOwned(
        this IGrainFactory grains, OrganizationId organization, string kind, string idOrName, Guid owner) =>
        grains.FindOnly(idOrName, new ResourceListRequest
        {
            OrganizationId = organization, Kind = kind, OwnerId = owner.ToString(), Limit = 2,
        });

    /// <summary>The same where several may bear a name: one is found that alone is in reach of the bearer.</summary>
    public static ValueTask<Guid?> FindInReach(
        this IGrainFactory grains, Bearer bearer, string kind, string idOrName, string action) =>
        grains.FindOnly(idOrName, new ResourceListRequest
        {
            OrganizationId = bearer.OrganizationId, Kind = kind, Caller = bearer.Caller, Action = action, Limit = 2,
        });

    private static async ValueTask<Guid?> FindOnly(
        this IGrainFactory grains, string idOrName, ResourceListRequest request)
    {
        if (Guid.TryParseExact(idOrName, "D", out var id))
        {
            return id;
        }

        if (!Slug.Is(idOrName))
        {
            return null;
        }

        var page = await grains.GetGrain<ICatalogGrain>("0").ListResources(
            request with { Filters = [$"name[eq]{idOrName}"] });
        return page.Resources is [var only] ? only.Id : null;
    }

    /// <summary>Where an account lies, and what hangs on it.</summary>
    public static ResourceTarget ToTarget(this Resource account, string? category = null)
    {
        var content = Of(account.Content.Account);
        return new(
            account.OrganizationId.ToString(),
            Account: new AccountTarget(account.Id.ToString(), content.Labels, content.Environment),
            IntegrationCategory: category);
    }

    /// <summary>An account of the organization by id or name, whoever asks; null where there is none.</summary>
    public static async Task<Resource?> FindAccount(
        this IGrainFactory grains, OrganizationId organization, string idOrName, CancellationToken aborted) =>
        await grains.FindResource(organization, "account", idOrName) is { } id
            ? (await grains.GetGrain<IAccountGrain>(id.ToString()).Get(new ReadResource { OrganizationId = organization }, aborted)).Resource
            : null;

    /// <summary>The account that a path or a scope names, where the bearer may do something in it.</summary>
    public static async Task<Outcome<Resource>> FindAccount(
        this IGrainFactory grains, ApiRequest request, string idOrName, string action)
    {
        return await grains.FindAccount(request.Bearer.OrganizationId, idOrName, request.Aborted) is { } account
            && request.Bearer.Caller.Grant.CoversSomethingIn(action, account.ToTarget())
                ? account
                : Problems.NotFound("account", idOrName);
    }

    [GeneratedRegex("^[A-Za-z0-9_:.-]+$")]
    private static partial Regex Label();
}
