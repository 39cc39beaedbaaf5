using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Mappings: what they hold, what they make of data, and what refers to them.</summary>
[Collection("service")]
public sealed class MappingTests(Service service)
{
    private string Admin => service.Admin;

    private static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..24];

    private static string Id(JsonNode node) => (string)node["id"]!;

    private async Task<JsonNode> Mapping(string data, string? name = null) =>
        (await service.Post("/v1/mappings", Admin, new { name, data })).Is(HttpStatusCode.Created).Result["mapping"]!;

    private Task<Answer> Apply(object[] mappings, object data, string query = "") =>
        service.Post($"/v1/mappings/apply{query}", Admin, new { mappings, data });

    [Fact]
    public async Task A_mapping_is_shown_with_its_transform_and_listed_without()
    {
        var name = Unique("mapped");
        var mapping = await Mapping("{a: b}", name);
        Assert.Equal(
            ["created_at", "data", "fullname", "id", "name", "organization_id", "updated_at"],
            mapping.AsObject().Select(f => f.Key).Order());
        Assert.Equal(service.OrganizationId, (string)mapping["organization_id"]!);
        Assert.Equal(
            "{a: b}", (string)(await service.Get($"/v1/mappings/{name}", Admin)).Is(HttpStatusCode.OK).Result["data"]!);
        var list = (await service.Get($"/v1/mappings?total=true&filter=name[eq]{name}", Admin)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((1, 1), ((int)list["total"]!, list["result"]!.AsArray().Count));
        Assert.Equal(
            ["created_at", "fullname", "id", "name", "organization_id", "updated_at"],
            list["result"]![0]!.AsObject().Select(f => f.Key).Order());
    }

    [Fact]
    public async Task A_transform_that_cannot_be_parsed_is_400_with_the_place_whenever_it_comes()
    {
        const string wrong = "{a: b,\n c: shout(d)}";
        const string place = "/data cannot be parsed at line 2, character 5: there is no function shout";
        var mapping = await Mapping("@");
        var path = $"/v1/mappings/{Id(mapping)}";
        var whole = mapping.DeepClone();
        whole["data"] = wrong;
        foreach (var answer in new[]
        {
            await service.Post("/v1/mappings", Admin, new { data = wrong }),
            await service.Send(HttpMethod.Put, path, Admin, whole),
            await service.Send(
                HttpMethod.Patch, path, Admin, new[] { new { op = "replace", path = "/data", value = wrong } }),
        })
        {
            Assert.Equal(place, (string)answer.IsProblem(HttpStatusCode.BadRequest, "/data").Json["message"]!);
        }

        Assert.Equal("@", (string)(await service.Get(path, Admin)).Result["data"]!);
    }

    [Fact]
    public async Task A_chain_is_run_in_its_order_by_id_and_by_name()
    {
        var name = Unique("second");
        var first = await Mapping("{user: {name: actor.login}, ids: events[*].id}");
        await Mapping("{who: user.name, last: ids[-1], count: length(ids)}", name);
        var data = JsonNode.Parse("""{"actor":{"login":"ada"},"events":[{"id":1},{"id":9007199254740993}]}""")!;
        var made = (await Apply([Id(first), name], data)).Is(HttpStatusCode.OK).Result["mapping"]!;
        Assert.Equal("""{"who":"ada","last":9007199254740993,"count":2}""", made.ToJsonString());
        var raw = (await Apply([Id(first), name], data, "?include_raw_data=true")).Is(HttpStatusCode.OK).Result["mapping"]!;
        Assert.True(JsonNode.DeepEquals(data, raw["raw_data"]), raw.ToJsonString());
        Assert.Null((await Apply([Id(first)], data, "?include_raw_data=false")).Result["mapping"]!["raw_data"]);
        (await Apply([Id(first)], data, "?include_raw_data=perhaps")).IsProblem(
            HttpStatusCode.BadRequest, "include_raw_data");
    }

    [Fact]
    public async Task A_mapping_twice_in_a_chain_is_run_twice()
    {
        var mapping = await Mapping("{a: a[]}");
        var made = (await Apply([Id(mapping), Id(mapping)], new { a = new object[] { new object[] { new[] { 1 } } } })).Is(HttpStatusCode.OK).Result;
        Assert.Equal("""{"mapping":{"a":[1]}}""", made.ToJsonString());
    }

    [Fact]
    public async Task A_reference_may_name_the_version_that_is_there()
    {
        var mapping = await Mapping("@");
        (await Apply([$"{Id(mapping)}:1"], new { })).Is(HttpStatusCode.OK);
        mapping["data"] = "{a: `1`}";
        (await service.Send(HttpMethod.Put, $"/v1/mappings/{Id(mapping)}", Admin, mapping)).Is(HttpStatusCode.OK);
        (await Apply([$"{Id(mapping)}:2"], new { })).Is(HttpStatusCode.OK);
        (await Apply([$"{Id(mapping)}:1"], new { })).IsProblem(HttpStatusCode.BadRequest, "/mappings/0");
    }

    [Fact]
    public async Task What_cannot_be_run_is_400_and_points_at_the_mapping()
    {
        var good = Id(await Mapping("@"));
        var list = Id(await Mapping("[@]"));
        var type = Id(await Mapping("{a: abs(a)}"));
        (await Apply([good, Guid.NewGuid().ToString()], new { })).IsProblem(HttpStatusCode.BadRequest, "/mappings/1");
        (await Apply([good, "no-such-mapping"], new { })).IsProblem(HttpStatusCode.BadRequest, "/mappings/1");
        (await Apply([good, list], new { })).IsProblem(HttpStatusCode.BadRequest, "/mappings/1");
        (await Apply([good, good, type], new { a = "x" })).IsProblem(HttpStatusCode.BadRequest, "/mappings/2");
        (await Apply([.. Enumerable.Repeat(good, 11)], new { })).IsProblem(HttpStatusCode.BadRequest, "/mappings");
        (await Apply([], new { })).IsProblem(HttpStatusCode.BadRequest, "/mappings");
        (await Apply([good], new[] { 1 })).IsProblem(HttpStatusCode.BadRequest, "/data");
        (await Apply([good], """{"a":1,"a":2}""")).IsProblem(HttpStatusCode.BadRequest, "/data");
        foreach (var data in new[] { """{"a":1,"a":2}""", """{"a":"\ud800"}""", """{"a":1e999}""" })
        {
            (await service.Post("/v1/mappings/apply", Admin, $$"""{"mappings":["{{good}}"],"data":{{data}}}""")).IsProblem(HttpStatusCode.BadRequest, "/data");
        }

        var (_, _, stranger) = await service.NewOrganization();
        (await service.Post("/v1/mappings/apply", stranger.Access, new { mappings = new[] { good }, data = new { } })).IsProblem(HttpStatusCode.BadRequest, "/mappings/0");
    }

    [Fact]
    public async Task Data_may_be_larger_than_other_bodies_and_has_a_bound_of_its_own()
    {
        var mapping = Id(await Mapping("{n: length(a), t: length(t)}"));
        var made = (await Apply([mapping], new { a = Enumerable.Range(0, 5000), t = new string('x', 100_000) })).Is(HttpStatusCode.OK).Result;
        Assert.Equal("""{"n":5000,"t":100000}""", made["mapping"]!.ToJsonString());
        (await Apply([mapping], new { t = new string('x', 262_144) })).IsProblem(HttpStatusCode.BadRequest, "/data");
    }

    [Theory]
    [InlineData("takes more than 250000 steps", "{x: a | [@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]}")]
    [InlineData("makes more than 1048576 bytes", "{x: [t,t,t,t,t,t,t,t,t,t,t,t]}")]
    [InlineData("makes a value of more than 60 levels", "{x: @ | [@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]|[@]}")]
    public async Task A_transform_that_grows_is_stopped_with_400(string why, string transform)
    {
        var mapping = Id(await Mapping(transform));
        var problem = (await Apply([mapping], new { a = 1, t = new string('x', 100_000) })).IsProblem(
            HttpStatusCode.BadRequest, "/mappings/0");
        Assert.EndsWith(why, (string)problem.Json["message"]!);
    }

    [Fact]
    public async Task Who_asks_for_too_many_transforms_at_once_is_told_to_wait_and_others_are_answered()
    {
        var slow = Id(await Mapping("{x: a | sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)|sort(@)}"));
        var data = new { a = Enumerable.Range(0, 1000) };
        var asked = Enumerable.Range(0, 100).Select(_ => Apply([slow], data)).ToArray();
        var (_, _, other) = await service.NewOrganization();
        var mapping = Id((await service.Post("/v1/mappings", other.Access, new { data = "@" })).Is(HttpStatusCode.Created).Result["mapping"]!);
        (await service.Post("/v1/mappings/apply", other.Access, new { mappings = new[] { mapping }, data = new { } })).Is(HttpStatusCode.OK);
        foreach (var answer in await Task.WhenAll(asked))
        {
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, answer.Body);
        }
    }

    [Fact]
    public async Task An_integration_and_an_integration_point_refer_to_mappings_that_are_there()
    {
        var name = Unique("used");
        var mapping = Id(await Mapping("@", name));
        var account = Id((await service.Post("/v1/accounts", Admin, new { environment = "test" })).Is(HttpStatusCode.Created).Result["account"]!);
        object Chain(params string[] mappings) => new { mappings, operation_ids = new[] { "siem_query_events" } };
        object Body(params string[] mappings) => new { provider_config = new { type = "siem_mock_siem" }, mappings = new[] { Chain(mapping), Chain(mappings) } };
        object Template(params string[] mappings) => new
        {
            connector = "siem", environments = new { test = new[] { "*" } },
            mappings = new[] { new { mappings, operation_ids = new[] { "siem_query_events" }, providers = new[] { "*" } } },
        };
        (await service.Post($"/v1/integrations/{account}", Admin, Body(name, "no-such-mapping"))).IsProblem(
            HttpStatusCode.BadRequest, "/mappings/1/mappings/1");
        (await service.Post("/v1/integration-points", Admin, Template(mapping, Guid.NewGuid().ToString()))).IsProblem(
            HttpStatusCode.BadRequest, "/mappings/0/mappings/1");
        var point = (await service.Post("/v1/integration-points", Admin, Template($"{mapping}:1"))).Is(HttpStatusCode.Created).Result;
        var integration = (await service.Post($"/v1/integrations/{account}", Admin, Body($"{mapping}:7", name))).Is(HttpStatusCode.Created).Result["integration"]!;

        (await service.Delete($"/v1/mappings/{mapping}", Admin)).Is(HttpStatusCode.NoContent);
        integration["fullname"] = "renamed";
        (await service.Send(HttpMethod.Put, $"/v1/integrations/{account}/{Id(integration)}", Admin, integration)).Is(HttpStatusCode.OK);
        point["fullname"] = "renamed";
        (await service.Send(HttpMethod.Put, $"/v1/integration-points/{Id(point)}", Admin, point)).Is(HttpStatusCode.OK);
        (await service.Post($"/v1/integrations/{account}", Admin, Body())).IsProblem(HttpStatusCode.BadRequest);
    }
}
