using System.Collections.Immutable;
using System.Text.Json;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Members;
using TokenActors.Grains.Organizations;
using TokenActors.Grains.Records;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Catalog;

/// <summary>List queries and look-ups by name, run against storage. Owns nothing.</summary>
[StatelessWorker]
[GrainType("catalog")]
public sealed class CatalogGrain(IRecordStore store, TimeProvider time) : Grain, ICatalogGrain
{
    public Task<TokenPage> ListTokens(ListRequest request) => Guarded(async () =>
    {
        List<ListProblem> problems = [];
        var query = ListQueryParser.Parse(TokenList.Schema, [], request.StartAfter is { } s ? [s] : [], request.Orders, request.Filters, problems)
            ?? throw new ArgumentException(problems[0].Message, nameof(request));
        var scope = new RecordScope(Kinds.Token, request.OrganizationId.ToString(), request.MemberId?.ToString());
        var rows = await store.List(scope, query with { Limit = request.Limit });
        var now = time.GetUtcNow();
        return new TokenPage
        {
            Tokens = rows is null ? null : [.. rows.Select(row => TokenViews.Of(TokenRecord.FromRecord(row), row.LastUsedAt, now))],
        };
    });

    public Task<ShelfPage> ListShelf(ShelfRequest request) => Guarded(async () =>
    {
        // No member's id is empty, so that what is left are the tokens of none.
        var member = request.OnlyIndependent ? "" : request.MemberId?.ToString();
        var scope = new RecordScope(Kinds.Token, request.OrganizationId.ToString(), member, request.Shelf);
        var (rows, total) = await store.ListShelf(scope, ShelfQueries.Of(request), request.Offset);
        var now = time.GetUtcNow();
        return new ShelfPage { Tokens = [.. rows.Select(row => TokenViews.Of(TokenRecord.FromRecord(row), row.LastUsedAt, now))], Total = total };
    });

    public Task<TokenId?> FindToken(OrganizationId organization, string name) => Guarded(async () =>
        await store.FindByName(new RecordScope(Kinds.Token, organization.ToString()), name) is { } row ? TokenId.Parse(row.Key.Id) : (TokenId?)null);

    public Task<MemberPage> ListMembers(ListRequest request) => Guarded(async () =>
    {
        List<ListProblem> problems = [];
        var query = ListQueryParser.Parse(MemberList.Schema, [], request.StartAfter is { } s ? [s] : [], request.Orders, request.Filters, problems)
            ?? throw new ArgumentException(problems[0].Message, nameof(request));
        var rows = await store.List(new RecordScope(Kinds.Member, request.OrganizationId.ToString()), query with { Limit = request.Limit });
        return new MemberPage
        {
            Members = rows is null ? null :
            [
                .. rows.Select(row => JsonSerializer.Deserialize(row.State, IdentityJson.Default.MemberState)! with { Version = row.Version }).Select(MemberRecord.View),
            ],
        };
    });

    public Task<ImmutableArray<OrganizationView>> ListSubOrganizations(OrganizationId root) => Guarded(async () =>
    {
        var rows = await store.Owned(Kinds.Organization, root.ToString(), int.MaxValue);
        return rows.Select(row => JsonSerializer.Deserialize(row.State, IdentityJson.Default.OrganizationState)! with { Version = row.Version })
            .Where(organization => !organization.Founding).OrderBy(organization => organization.Name, StringComparer.Ordinal)
            .Select(OrganizationViews.Of).ToImmutableArray();
    });

    public Task<ResourcePage> ListResources(ResourceListRequest request) => Guarded(() => new ResourceListing(store, request).Run());

    public Task<Guid?> FindResource(OrganizationId organization, string kind, string name) => Guarded(async () =>
        await store.FindByName(new RecordScope(kind, organization.ToString()), name) is { } row ? Guid.Parse(row.Key.Id) : (Guid?)null);

    public Task<OrganizationView?> FindOrganization(string? name, OrganizationType? type) => Guarded(() => FindOrganization(store, name, type));

    /// <summary>The same for programs that hold a store and no grains.</summary>
    public static async Task<OrganizationView?> FindOrganization(IRecordStore store, string? name, OrganizationType? type)
    {
        var scope = new RecordScope(Kinds.Organization, OrganizationId: "");
        var rows = name is not null
            ? new[] { await store.FindByName(scope, name) }.OfType<StoredRecord>()
            : await store.List(scope, new ListQuery(
                OrganizationList.Schema, ListQuery.MaxLimit, StartAfter: null, [new ListOrder(OrganizationList.CreatedAt, false)],
                type is { } wanted ? [new ListFilter(OrganizationList.Type, ListOperator.Eq, [wanted.ToString()])] : [])) ?? [];
        return rows.Select(row => JsonSerializer.Deserialize(row.State, IdentityJson.Default.OrganizationState)!)
            .Where(organization => !organization.Founding && (type is null || organization.Type == type))
            .Select(OrganizationViews.Of)
            .FirstOrDefault();
    }

    private static async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StorageUnavailableException e)
        {
            throw new ServiceUnavailableException(e.Message);
        }
    }
}
