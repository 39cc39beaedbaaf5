using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Catalog;

/// <summary>How many rows a list reads for a narrowed bearer, of many that there are.</summary>
[Collection("silo")]
public sealed class NarrowedListTests(SiloFixture silo)
{
    private const int Accounts = 5_000;
    private const int Page = 10;

    /// <summary>Every so many accounts bear the label.</summary>
    private const int Labelled = 50;

    /// <summary>An organization with accounts <c>a0000</c> and so on.</summary>
    private async Task<(OrganizationId Organization, MemberId Member, Guid[] Ids)> NewAccounts()
    {
        var (organization, member) = await silo.NewOrganization();
        Guid[] ids = [.. Enumerable.Range(0, Accounts).Select(_ => Guid.NewGuid())];
        var outcomes = await Task.WhenAll(ids.Select((id, i) => silo.Store.Commit(NewAccount(organization, id, i))));
        Assert.All(outcomes, outcome => Assert.Equal(CommitOutcome.Done, outcome));
        return (organization, member, ids);
    }

    private Commit NewAccount(OrganizationId organization, Guid id, int i)
    {
        var now = silo.Clock.GetUtcNow();
        var state = new ResourceState
        {
            Id = id,
            OrganizationId = organization,
            Name = $"a{i:D4}",
            FullName = "",
            Content = new ResourceContent
            {
                Account = new AccountContent
                {
                    Environment = i % 2 == 0 ? "test" : "prod", Labels = i % Labelled == 0 ? ["gold"] : [],
                },
            },
            CreatedAt = now,
            UpdatedAt = now,
            Version = 1,
        };
        return new(ResourceRow.Of(state, Kinds.Account, Guid.NewGuid().ToString("N")), ExpectedVersion: 0, []);
    }

    private async Task<(ResourcePage Page, long Read)> List(
        (OrganizationId Organization, MemberId Member, Guid[] Ids) where, string? after, params Resources[] reaches)
    {
        var caller = new Caller
        {
            TokenId = new TokenId(Guid.NewGuid()),
            OrganizationId = where.Organization,
            MemberId = where.Member,
            Grant = new Grant([.. reaches.Select(reach => new GrantClause(ActionSet.Of("accounts:*"), reach))]),
        };
        var before = silo.Store.RowsRead;
        var page = await silo.Grains.GetGrain<ICatalogGrain>("0").ListResources(new ResourceListRequest
        {
            OrganizationId = where.Organization, Kind = Kinds.Account, Caller = caller, Limit = Page, Total = true, StartAfter = after,
        });
        return (page, silo.Store.RowsRead - before);
    }

    private static IEnumerable<string> NamesOf(ResourcePage page) =>
        (page.Resources ?? []).Select(account => account.Name);

    [Fact]
    public async Task A_page_reads_no_more_rows_than_it_needs_and_a_total_none_where_a_query_can_say_it()
    {
        var all = await NewAccounts();
        var gold = Resources.All with { AccountLabels = Selection.Of(["gold"]) };
        var (page, read) = await List(all, after: null, gold);
        Assert.Equal(Enumerable.Range(0, Page).Select(i => $"a{i * Labelled:D4}"), NamesOf(page));
        Assert.Equal(Accounts / Labelled, page.Total);
        Assert.InRange(read, Page, 50);

        (page, read) = await List(all, after: "a0450", gold);
        Assert.Equal(Enumerable.Range(Page, Page).Select(i => $"a{i * Labelled:D4}"), NamesOf(page));
        Assert.InRange(read, Page, 50);

        (page, read) = await List(all, after: null, gold with { AccountEnvironments = Selection.Of(["prod"]) });
        Assert.Empty(NamesOf(page));
        Assert.Equal((0, 0), (page.Total, read));

        var some = Resources.All with { AccountIds = Selection.Of(all.Ids[..3].Select(id => id.ToString())) };
        (page, read) = await List(all, after: null, some);
        Assert.Equal((3, 3, 3), (NamesOf(page).Count(), page.Total, read));
    }

    /// <summary>Of two clauses each names another part, so that every row has to be asked about.</summary>
    [Fact]
    public async Task Where_no_query_can_say_it_rows_are_read_until_the_page_is_full_and_the_total_is_right()
    {
        var all = await NewAccounts();
        var gold = Resources.All with { AccountLabels = Selection.Of(["gold"]) };
        var one = Resources.All with { AccountIds = Selection.Of([all.Ids[1].ToString()]) };
        var total = (Accounts / Labelled) + 1;
        var (page, read) = await List(all, after: null, gold, one);
        Assert.Equal(["a0000", "a0001", "a0050"], NamesOf(page).Take(3));
        Assert.Equal((Page, total), (NamesOf(page).Count(), page.Total));

        // The total is counted among all, the page among the first seven or eight hundred.
        Assert.InRange(read, Accounts, Accounts + 1_000);
    }

    [Fact]
    public async Task A_page_of_suborganizations_reads_no_more_rows_than_it_shows_whoever_asks()
    {
        const int Tenants = 1_000;
        var (root, member) = await silo.NewOrganization();
        var (first, _) = await silo.NewOrganization(root);
        var row = await silo.Store.Read(new(Kinds.Organization, first.ToString()))
            ?? throw new InvalidOperationException("it is not stored");
        string[] ids = [.. Enumerable.Range(1, Tenants).Select(_ => Guid.NewGuid().ToString())];
        var outcomes = await Task.WhenAll(ids.Select((id, i) => silo.Store.Commit(
            new Commit(NewTenant(row, id, $"{row.Name}-{i:D4}"), ExpectedVersion: 0, []))));
        Assert.All(outcomes, outcome => Assert.Equal(CommitOutcome.Done, outcome));

        async Task<string[]> Page(string? after, Resources? reach, int rows)
        {
            var caller = reach is null ? null : new Caller
            {
                TokenId = new TokenId(Guid.NewGuid()), OrganizationId = root, MemberId = member,
                Grant = new Grant([new GrantClause(ActionSet.Of("suborgs:*"), reach)]),
            };
            var before = silo.Store.RowsRead;
            var page = await silo.Grains.GetGrain<ICatalogGrain>("0").ListOrganizations(
                new ListRequest { OrganizationId = root, Caller = caller, Limit = NarrowedListTests.Page, StartAfter = after, Orders = ["name"] });
            Assert.Equal(rows, silo.Store.RowsRead - before);
            return [.. (page.Organizations ?? []).Select(organization => organization.Name)];
        }

        var names = await Page(null, null, NarrowedListTests.Page);
        Assert.Equal([row.Name ?? "", .. Enumerable.Range(0, 9).Select(i => $"{row.Name}-{i:D4}")], names);
        Assert.Equal($"{row.Name}-0500", (await Page($"{row.Name}-0499", Resources.All, NarrowedListTests.Page))[0]);
        var some = Resources.All with { OrganizationIds = Selection.Of([ids[7], ids[900], Guid.NewGuid().ToString()]) };
        Assert.Equal([$"{row.Name}-0007", $"{row.Name}-0900"], await Page(null, some, 2));
        Assert.Empty(
            await Page(null, Resources.All with { OrganizationIds = Selection.Of([Guid.NewGuid().ToString()]) }, 0));
    }

    private static StoredRecord NewTenant(StoredRecord like, string id, string name) => like with
    {
        Key = like.Key with { Id = id },
        CommandId = Guid.NewGuid().ToString("N"),
        State = like.State.Replace(like.Key.Id, id, StringComparison.Ordinal).Replace(
            $"\"{like.Name}\"", $"\"{name}\"", StringComparison.Ordinal),
        Name = name,
        NameKey = name,
    };
}
