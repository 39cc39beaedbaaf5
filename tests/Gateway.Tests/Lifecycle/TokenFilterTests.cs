using System.Net;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What filters of the list of tokens find as it was typed, and which slips they refuse: a bulk revocation has
/// the same.</summary>
[Collection("service")]
public sealed class TokenFilterTests(Service service)
{
    private const string Tokens = "/lifecycle/v1/tokens";

    [Theory]
    [InlineData("name[eq]{0}")]
    [InlineData("name[in]no-other-has-this,{0}")]
    [InlineData("name[like]{0}")]
    [InlineData("name[gte]{0}", "name[lte]{0}")]
    public async Task A_token_is_found_by_its_name_in_whatever_case_it_was_given(params string[] filters)
    {
        var (given, id) = await Named();
        foreach (var name in new[] { given, given.ToUpperInvariant(), given.ToLowerInvariant() })
        {
            Assert.Equal([id], await Found([.. filters.Select(filter => string.Format(null, filter, name))]));
        }
    }

    [Fact]
    public async Task A_page_by_name_goes_on_after_names_of_another_case()
    {
        var label = Guid.NewGuid().ToString("N");
        foreach (var name in new[] { "Zulu", "alpha", "Mike" })
        {
            await Create(new { permission_set = "viewer", name = $"{name}-{label}", labels = new[] { label } });
        }

        List<string> names = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await service.Get(
                $"{Tokens}?limit=1&order=name&filter=labels[eq]{label}{cursor}", service.Admin)).Is(HttpStatusCode.OK).Json;
            names.AddRange(page["items"]!.AsArray().Select(one => ((string)one!["name"]!).Split('-')[0]));
            cursor = page["next_cursor"] is { } next ? $"&cursor={Uri.EscapeDataString((string)next!)}" : null;
        }

        Assert.Equal(["alpha", "Mike", "Zulu"], names);
    }

    [Fact]
    public async Task A_bulk_revocation_leaves_out_the_name_that_it_was_told_to()
    {
        var label = Guid.NewGuid().ToString("N");
        var kept = await Create(
            new { permission_set = "viewer", name = $"Production-{label}", labels = new[] { label } });
        var gone = await Create(new { permission_set = "viewer", name = $"Old-{label}", labels = new[] { label } });
        var plan = await service.Post($"{Tokens}/revoke?dry_run=true", service.Admin, new
        {
            filter = new[] { $"labels[eq]{label}", $"name[neq]Production-{label}" },
        });
        Assert.Equal(1, (int)plan.Is(HttpStatusCode.OK).Json["affected"]!["tokens"]!);
        var upper = await service.Post($"{Tokens}/revoke?dry_run=true", service.Admin, new
        {
            filter = new[] { $"labels[eq]{label}", $"id[neq]{kept.ToUpperInvariant()}" },
        });
        Assert.Equal(1, (int)upper.Is(HttpStatusCode.OK).Json["affected"]!["tokens"]!);
        Assert.Equal([gone], await Found($"labels[eq]{label}", $"id[not in]{kept.ToUpperInvariant()}"));
    }

    [Theory]
    [InlineData("id[neq]production")]
    [InlineData("id[neq]")]
    [InlineData("id[not in]production,backup")]
    [InlineData("account_id[neq]crm")]
    [InlineData("member_id[neq]alice@example.com")]
    [InlineData("member_id[eq]")]
    [InlineData("parent_id[in]production")]
    [InlineData("owner_id[eq]crm")]
    [InlineData("id[not like]production")]
    [InlineData("id[not like]")]
    [InlineData("id[gte]")]
    [InlineData("id[lt]production")]
    [InlineData("parent_id[not like]production%")]
    [InlineData("state[neq]activ")]
    [InlineData("state[in]active,expird")]
    [InlineData("kind[neq]sesion")]
    [InlineData("profile[eq]nothing")]
    [InlineData("owner_type[eq]org")]
    [InlineData("belongs_to[not in]Parents")]
    [InlineData("permission_set[neq]views")]
    [InlineData("state[neq]")]
    [InlineData("kind[neq]")]
    [InlineData("belongs_to[not in],")]
    [InlineData("profile[gte]")]
    [InlineData("kind[not like]sesion")]
    [InlineData("permission_set[not like]viewr")]
    [InlineData("life[gt]2h")]
    [InlineData("life[lte]2h")]
    public async Task A_word_that_there_is_not_is_refused_and_so_is_an_order_of_lives(string filter)
    {
        Assert.Contains(
            "filter",
            (await service.Get($"{Tokens}?filter={filter}", service.Admin)).Is(HttpStatusCode.BadRequest).Body);
        (await service.Post($"{Tokens}/revoke?dry_run=true", service.Admin, new { filter = new[] { filter } })).Is(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("kind[eq]ADHOC")]
    [InlineData("permission_set[eq]Viewer")]
    [InlineData("state[eq]Active")]
    [InlineData("owner_type[eq]Organization")]
    [InlineData("belongs_to[in]PARENT")]
    [InlineData("life[neq]")]
    public async Task A_word_is_taken_in_whatever_case(string filter)
    {
        var (_, id) = await Named();
        Assert.Equal([id], await Found(filter, $"id[eq]{id}"));
    }

    [Fact]
    public async Task The_trail_is_found_by_an_id_in_whatever_case()
    {
        var (_, id) = await Named();
        var rows = (await service.Get($"/lifecycle/v1/audit?filter=subject_id[eq]{id.ToUpperInvariant()}", service.Admin)).Json["items"]!.AsArray();
        Assert.Equal("token.issued", (string?)Assert.Single(rows)!["event"]);
    }

    private async Task<(string Name, string Id)> Named()
    {
        var name = $"CamelName-{Guid.NewGuid():N}";
        return (name, await Create(new { permission_set = "viewer", name }));
    }

    private async Task<string> Create(object token) =>
        (string)(await service.Post(Tokens, service.Admin, token)).Is(HttpStatusCode.Created).Json["id"]!;

    private async Task<IEnumerable<string>> Found(params string[] filters)
    {
        var query = string.Join('&', filters.Select(filter => $"filter={Uri.EscapeDataString(filter)}"));
        var items = (await service.Get($"{Tokens}?{query}", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        return items.Select(one => (string)one!["id"]!);
    }
}
