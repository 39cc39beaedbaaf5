using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Members;
using TokenActors.Grains.Organizations;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Catalog;

/// <summary>List queries and look-ups by name, run against storage. Owns nothing.</summary>
[StatelessWorker]
[GrainType("catalog")]
public sealed class CatalogGrain(IRecordStore store, TokenUseStore uses, TimeProvider time) : Grain, ICatalogGrain
{
    public async Task<TokenPage> ListTokens(ListRequest request, CancellationToken cancellationToken)
    {
        var scope = new RecordScope(Kinds.Token, request.OrganizationId.ToString(), request.MemberId?.ToString());
        var rows = await Rows(scope, TokenList.Schema, request, "tokens:list", v => v.Tokens, cancellationToken);
        return new TokenPage { Tokens = rows is null ? null : await Named(Views(rows), request.OrganizationId, cancellationToken) };
    }

    public async Task<TokenListPage> ListEveryToken(TokenListRequest request, CancellationToken cancellationToken)
    {
        var listing = new EveryToken(store, uses, request, time.GetUtcNow());
        if (request.Caller is { } caller
            && !caller.Grant.IsWholeIn(request.OrganizationId.ToString(), "tokens:list"))
        {
            var organization = GrainFactory.GetGrain<IOrganizationGrain>(request.OrganizationId.ToString());
            listing.Visible = new VisibleRows(store, organization, caller).Tokens;
        }

        listing.Policy = request.Breaching?.ToPolicy();

        var page = await listing.Page(cancellationToken);
        return page.Tokens is { } tokens
            ? page with { Tokens = await Named(tokens, request.OrganizationId, cancellationToken) }
            : page;
    }

    public async Task<ListingPage> ListFacade(ListingRequest request, CancellationToken cancellationToken)
    {
        // No member's id is empty, so that what is left are the tokens of none.
        var member = request.OnlyIndependent ? "" : request.MemberId?.ToString();
        var scope = new RecordScope(Kinds.Token, request.OrganizationId.ToString(), member, request.Shelf);
        var (rows, total) = await store.ListFacade(scope, ListingQueries.Of(request), request.Offset)
            .UntilCanceled(cancellationToken);
        return new ListingPage { Tokens = Views(rows), Total = total };
    }

    public async Task<TokenId?> FindToken(
        OrganizationId organization, string name, CancellationToken cancellationToken) =>
        await Find(Kinds.Token, organization, name, cancellationToken) is { } row ? TokenId.Parse(row.Key.Id) : null;

    public async Task<MemberPage> ListMembers(ListRequest request, CancellationToken cancellationToken)
    {
        var scope = new RecordScope(Kinds.Member, request.OrganizationId.ToString());
        var rows = await Rows(scope, MemberList.Schema, request, "members:list", v => v.Members, cancellationToken);
        if (rows is null)
        {
            return new MemberPage();
        }

        var organization = GrainFactory.GetGrain<IOrganizationGrain>(request.OrganizationId.ToString());
        var members = rows.Select(MemberRow.Read).Select(MemberViews.Of).Select(
            member => MemberViews.WithPresentRoles(member, organization, cancellationToken));
        return new MemberPage { Members = [.. await Task.WhenAll(members)] };
    }

    public Task<OrganizationPage> ListOrganizations(ListRequest request, CancellationToken cancellationToken) =>
        new SubOrganizationListing(store, request).Run(QueryOf(OrganizationList.Schema, request), cancellationToken);

    public async Task<ImmutableArray<OrganizationView>> ListSubOrganizations(
        OrganizationId root, CancellationToken cancellationToken)
    {
        var request = new ListRequest { OrganizationId = root, Limit = ListQuery.MaxLimit };
        return (await ListOrganizations(request, cancellationToken)).Organizations ?? [];
    }

    public Task<ResourcePage> ListResources(ResourceListRequest request, CancellationToken cancellationToken) =>
        new ResourceListing(store, request).Run(cancellationToken);

    public async Task<Guid?> FindResource(
        OrganizationId organization, string kind, string name, CancellationToken cancellationToken) =>
        await Find(kind, organization, name, cancellationToken) is { } row ? Guid.Parse(row.Key.Id) : null;

    /// <summary>Readiness asks this: a silo whose database cannot be written is not ready.</summary>
    public Task<OrganizationView?> FindOrganization(
        string? name, OrganizationType? type, CancellationToken cancellationToken) => store.IsWritable
            ? FindOrganization(store, name, type).UntilCanceled(cancellationToken)
            : throw new StorageUnavailableException("the database cannot be written");

    /// <summary>The same for programs that hold a store and no grains.</summary>
    public static async Task<OrganizationView?> FindOrganization(
        IRecordStore store, string? name, OrganizationType? type)
    {
        var scope = new RecordScope(Kinds.Organization, OrganizationId: "");
        var rows = name is not null
            ? new[] { await store.FindByName(scope, name) }.OfType<StoredRecord>()
            : await store.List(scope, OldestOf(type)) ?? [];
        return rows.Select(OrganizationRow.Read)
            .Where(organization => !organization.Founding && (type is null || organization.Type == type))
            .Select(OrganizationViews.Of)
            .FirstOrDefault();
    }

    private static ListQuery OldestOf(OrganizationType? type) => new(
        OrganizationList.Schema,
        ListQuery.MaxLimit,
        StartAfter: null,
        [new ListOrder(OrganizationList.CreatedAt, Descending: false)],
        type is { } wanted ? [new ListFilter(OrganizationList.Type, ListOperator.Eq, [wanted.ToString()])] : []);

    private Task<StoredRecord?> Find(
        string kind, OrganizationId organization, string name, CancellationToken cancellationToken) =>
        store.FindByName(new RecordScope(kind, organization.ToString()), name).UntilCanceled(cancellationToken);

    /// <summary>A page of rows that the caller of a request sees; null where it cannot begin.</summary>
    private async Task<IReadOnlyList<StoredRecord>?> Rows(
        RecordScope scope,
        ListSchema schema,
        ListRequest request,
        string action,
        Func<VisibleRows, Func<IReadOnlyList<StoredRecord>, Task<IEnumerable<StoredRecord>>>> visible,
        CancellationToken cancellationToken)
    {
        var query = QueryOf(schema, request);
        if (request.Caller is not { } caller
            || caller.Grant.IsWholeIn(request.OrganizationId.ToString(), action))
        {
            return await store.List(scope, query).UntilCanceled(cancellationToken);
        }

        var organization = GrainFactory.GetGrain<IOrganizationGrain>(request.OrganizationId.ToString());
        var asked = visible(new VisibleRows(store, organization, caller));
        return await new FilteredRows(store, scope, asked).Page(query, cancellationToken);
    }

    private static ListQuery QueryOf(ListSchema schema, ListRequest request)
    {
        List<ListProblem> problems = [];
        IReadOnlyList<string> startAfter = request.StartAfter is { } after ? [after] : [];
        var query = ListQueryParser.Parse(schema, [], startAfter, request.Orders, request.Filters, problems)
            ?? throw new ArgumentException(problems[0].Message, nameof(request));
        return query with { Limit = request.Limit };
    }

    private Task<ImmutableArray<TokenView>> Named(
        ImmutableArray<TokenView> tokens, OrganizationId organization, CancellationToken cancellationToken) =>
        TokenViews.WithPresentRoles(
            tokens, GrainFactory.GetGrain<IOrganizationGrain>(organization.ToString()), cancellationToken);

    private ImmutableArray<TokenView> Views(IReadOnlyList<StoredRecord> rows)
    {
        var now = time.GetUtcNow();
        return [.. rows.Select(row => TokenViews.Of(TokenRow.Read(row), row.LastUsedAt, now))];
    }
}
