using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>What resources share, told on accounts, and what each kind adds.</summary>
[Collection("service")]
public sealed class ResourceTests(Service service)
{
    private string Admin => service.Admin;

    private static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..24];

    private static string Id(JsonNode node) => (string)node["id"]!;

    private async Task<JsonNode> Account(string? name = null, string environment = "test", params string[] labels) =>
        (await service.Post("/v1/accounts", Admin, new { name, environment, labels })).Is(HttpStatusCode.Created).Result["account"]!;

    private Task<Answer> Put(string path, JsonNode body, string? bearer = null) =>
        service.Send(HttpMethod.Put, path, bearer ?? Admin, body);

    private Task<Answer> Patch(string path, string body, string? bearer = null) =>
        service.Send(HttpMethod.Patch, path, bearer ?? Admin, body);

    [Fact]
    public async Task Names_come_from_the_fullname_else_the_id_and_stand_in_for_the_id()
    {
        var suffix = Guid.NewGuid().ToString("N")[..8];
        var named = (await service.Post("/v1/accounts", Admin, new { fullname = $"Demo Tenant {suffix}" })).Is(HttpStatusCode.Created).Result["account"]!;
        Assert.Equal($"demo-tenant-{suffix}", (string)named["name"]!);
        Assert.Equal("prod", (string)named["environment"]!);
        Assert.Equal(
            Id(named),
            Id((await service.Get($"/v1/accounts/Demo-Tenant-{suffix}", Admin)).Is(HttpStatusCode.OK).Result));
        var nameless = (await service.Post("/v1/accounts", Admin, "{}")).Is(HttpStatusCode.Created).Result["account"]!;
        Assert.Equal((Id(nameless), Id(nameless)), ((string)nameless["name"]!, (string)nameless["fullname"]!));
    }

    [Fact]
    public async Task A_name_is_409_in_any_letter_case_and_free_after_a_delete()
    {
        var name = Unique("taken");
        var account = await Account(name);
        var conflict = (await service.Post("/v1/accounts", Admin, new { name = name.ToUpperInvariant() })).IsProblem(HttpStatusCode.Conflict);
        Assert.Equal("account", (string)conflict.Json["context"]!["resources"]![0]!["type"]!);
        var other = await Account();
        other["name"] = name;
        (await Put($"/v1/accounts/{Id(other)}", other)).IsProblem(HttpStatusCode.Conflict);
        (await service.Delete($"/v1/accounts/{Id(account)}", Admin)).Is(HttpStatusCode.NoContent);
        (await service.Get($"/v1/accounts/{Id(account)}", Admin)).IsProblem(HttpStatusCode.NotFound);
        (await service.Delete($"/v1/accounts/{Id(account)}", Admin)).IsProblem(HttpStatusCode.NotFound);
        (await Put($"/v1/accounts/{Id(other)}", other)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"environment":"staging"}""", "/environment")]
    [InlineData("""{"labels":["a b"]}""", "/labels")]
    [InlineData("""{"labels":"a"}""", "/labels")]
    [InlineData("""{"name":"a b"}""", "/name")]
    [InlineData("""{"color":"red"}""", "/color")]
    [InlineData("""{"fullname":"a\u0000"}""", "/fullname")]
    [InlineData("""[]""", "")]
    public async Task Create_400_points_at_what_is_wrong(string body, string pointer) =>
        (await service.Post("/v1/accounts", Admin, body)).IsProblem(HttpStatusCode.BadRequest, pointer);

    [Fact]
    public async Task A_put_replaces_and_reads_over_what_the_server_sets_but_not_over_another_id_or_owner()
    {
        var account = await Account(null, "test", "a", "b");
        var path = $"/v1/accounts/{Id(account)}";
        var body = account.DeepClone();
        body["fullname"] = "changed";
        body["created_at"] = "2001-01-01T00:00:00Z";
        body.AsObject().Remove("labels");
        var changed = (await Put(path, body)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(
            ("changed", (string)account["created_at"]!, 0),
            ((string)changed["fullname"]!, (string)changed["created_at"]!, changed["labels"]!.AsArray().Count));
        foreach (var (field, value) in new[] { ("id", Guid.NewGuid().ToString()), ("organization_id", Guid.NewGuid().ToString()) })
        {
            var wrong = body.DeepClone();
            wrong[field] = value;
            (await Put(path, wrong)).IsProblem(HttpStatusCode.BadRequest, $"/{field}");
        }

        foreach (var field in new[] { "name", "environment" })
        {
            var less = body.DeepClone();
            less.AsObject().Remove(field);
            (await Put(path, less)).IsProblem(HttpStatusCode.BadRequest, $"/{field}");
        }
    }

    /// <summary>A deletion is no change that a list by the last change would look for.</summary>
    [Fact]
    public async Task A_list_by_the_last_change_goes_on_after_a_deleted_page()
    {
        var (_, _, boss) = await service.NewOrganization();
        foreach (var name in new[] { "a", "b", "c" })
        {
            (await service.Post("/v1/accounts", boss.Access, new { name })).Is(HttpStatusCode.Created);
            service.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await service.Delete("/v1/accounts/a", boss.Access)).Is(HttpStatusCode.NoContent);
        var rest = (await service.Get("/v1/accounts?order=updated_at&start_after=a", boss.Access)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Equal(["b", "c"], rest.Select(account => (string)account!["name"]!));
    }

    [Fact]
    public async Task All_six_patch_operations_apply_and_nothing_of_a_patch_that_fails()
    {
        var account = await Account(null, "test", "a", "b");
        var path = $"/v1/accounts/{Id(account)}";
        var patched = (await Patch(path, """
            [{"op":"test","path":"/environment","value":"test"},{"op":"add","path":"/labels/-","value":"c"},{"op":"remove","path":"/labels/0"},
             {"op":"replace","path":"/fullname","value":"F"},{"op":"copy","from":"/labels/0","path":"/labels/-"},{"op":"move","from":"/labels/1","path":"/labels/0"}]
            """)).Is(HttpStatusCode.OK).Result;
        Assert.Equal("F", (string)patched["fullname"]!);
        Assert.Equal("""["c","b"]""", patched["labels"]!.ToJsonString());
        (await Patch(path, """[{"op":"replace","path":"/fullname","value":"G"},{"op":"test","path":"/environment","value":"prod"}]""")).IsProblem(HttpStatusCode.Conflict);
        (await Patch(path, """[{"op":"replace","path":"/fullname","value":"G"},{"op":"remove","path":"/nothing"}]""")).IsProblem(HttpStatusCode.BadRequest, "/1/path");
        (await Patch(path, """[{"op":"replace","path":"/environment","value":"moon"}]""")).IsProblem(HttpStatusCode.BadRequest, "/environment");
        (await Patch(path, """[{"op":"dance","path":"/fullname"}]""")).IsProblem(HttpStatusCode.BadRequest, "/0/op");
        (await Patch(path, """[{"op":"add","path":"/fullname"}]""")).IsProblem(HttpStatusCode.BadRequest, "/0/value");
        (await Patch(path, """{"fullname":"G"}""")).IsProblem(HttpStatusCode.BadRequest, "");
        (await Patch(path, """[{"op":"replace","path":"/id","value":"x"}]""")).IsProblem(HttpStatusCode.BadRequest, "/id");
        Assert.Equal("F", (string)(await service.Get(path, Admin)).Result["fullname"]!);
    }

    [Fact]
    public async Task Patches_at_once_lose_no_update()
    {
        var account = await Account();
        var path = $"/v1/accounts/{Id(account)}";
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Patch(path, $$"""[{"op":"add","path":"/labels/-","value":"l{{i}}"}]""")));
        var done = answers.Count(a => a.Status == HttpStatusCode.OK);
        Assert.All(answers, a => Assert.True(a.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, a.Body));
        Assert.Equal(done, (await service.Get(path, Admin)).Result["labels"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_create_under_a_key_is_answered_again()
    {
        var first = (await service.Post("/v1/accounts", Admin, """{"environment":"test"}""", "acc")).Is(HttpStatusCode.Created);
        Assert.Equal(first.Body, (await service.Post("/v1/accounts", Admin, """{"environment":"test"}""", "acc")).Is(HttpStatusCode.Created).Body);
        (await service.Post("/v1/accounts", Admin, """{"environment":"prod"}""", "acc")).IsProblem(HttpStatusCode.Conflict);
        service.Clock.Advance(TimeSpan.FromMinutes(10));
        (await service.Post("/v1/accounts", Admin, """{"environment":"test"}""", "acc")).IsProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Lists_page_filter_order_and_count()
    {
        var (_, _, boss) = await service.NewOrganization();
        foreach (var (name, environment) in new[] { ("a-1", "test"), ("a-2", "prod"), ("b-1", "test"), ("b-2", "prod"), ("c-1", "test") })
        {
            (await service.Post("/v1/accounts", boss.Access, new { name, environment })).Is(HttpStatusCode.Created);
        }

        async Task<string> Names(string query) => string.Join(' ', (await service.Get($"/v1/accounts?{query}", boss.Access)).Is(HttpStatusCode.OK).Result.AsArray().Select(a => (string)a!["name"]!));
        Assert.Equal("a-1 a-2 b-1 b-2 c-1", await Names(""));
        Assert.Equal("b-1 b-2", await Names("limit=2&start_after=a-2"));
        Assert.Equal("c-1 b-1 a-1", await Names("filter=environment[eq]test&order=name[desc]"));
        Assert.Equal("a-2 b-2 a-1 b-1 c-1", await Names("order=environment&order=name"));
        Assert.Equal("b-1 b-2", await Names("filter=name[like]b-%25"));
        Assert.Equal("a-1 c-1", await Names("filter=name[in]a-1,c-1,x"));
        var counted = await service.Get("/v1/accounts?total=true&limit=2&filter=environment[eq]test", boss.Access);
        Assert.Equal((2, 3), (counted.Result.AsArray().Count, (int)counted.Json["total"]!));
        Assert.False((await service.Get("/v1/accounts", boss.Access)).Json.ContainsKey("total"));
        (await service.Get("/v1/accounts?total=many", boss.Access)).IsProblem(HttpStatusCode.BadRequest, "total");
        (await service.Get("/v1/accounts?filter=colour[eq]red", boss.Access)).IsProblem(
            HttpStatusCode.BadRequest, "filter");
        (await service.Get("/v1/accounts?order=name[up]", boss.Access)).IsProblem(HttpStatusCode.BadRequest, "order");
    }

    [Fact]
    public async Task A_token_narrowed_to_some_accounts_sees_and_touches_only_those()
    {
        var (mine, other) = (await Account(null, "test", "gold"), await Account(null, "prod", "silver"));
        foreach (var resources in new object[]
        {
            new { accounts = new { ids = new[] { Id(mine) } } },
            new { accounts = new { ids = new[] { "*" }, labels = new[] { "gold" } } },
            new { accounts = new { ids = new[] { Id(mine), Id(other) }, environments = new[] { "test" } } },
        })
        {
            var token = await service.Create("account-manager", resources);
            var listed = (await service.Get("/v1/accounts?limit=1000&total=true", token.Access)).Is(HttpStatusCode.OK);
            Assert.Contains(listed.Result.AsArray(), a => Id(a!) == Id(mine));
            Assert.DoesNotContain(listed.Result.AsArray(), a => Id(a!) == Id(other));
            Assert.Equal(listed.Result.AsArray().Count, (int)listed.Json["total"]!);
            (await service.Get($"/v1/accounts/{Id(mine)}", token.Access)).Is(HttpStatusCode.OK);
            (await service.Get($"/v1/accounts/{Id(other)}", token.Access)).IsProblem(HttpStatusCode.NotFound);
            (await service.Get($"/v1/accounts/{(string)other["name"]!}", token.Access)).IsProblem(HttpStatusCode.NotFound);
            (await service.Delete($"/v1/accounts/{Id(other)}", token.Access)).IsProblem(HttpStatusCode.NotFound);
            (await service.Post($"/v1/integrations/{Id(other)}", token.Access, new { provider_config = new { type = "siem_mock_siem" } })).IsProblem(HttpStatusCode.NotFound);
            (await service.Get($"/v1/credentials/{Id(other)}", token.Access)).IsProblem(HttpStatusCode.NotFound);
            (await service.Post($"/v1/integrations/{Id(mine)}", token.Access, new { provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created);
        }

        // Nor can it move an account in or out of what it may touch.
        var gold = await service.Create(
            "account-manager", new { accounts = new { ids = new[] { "*" }, labels = new[] { "gold" } } });
        (await Patch($"/v1/accounts/{Id(mine)}", """[{"op":"replace","path":"/labels","value":["silver"]}]""", gold.Access)).IsProblem(HttpStatusCode.Forbidden);
        (await service.Post("/v1/accounts", gold.Access, new { labels = new[] { "silver" } })).IsProblem(HttpStatusCode.Forbidden);
        (await service.Post("/v1/accounts", gold.Access, new { labels = new[] { "gold" } })).Is(HttpStatusCode.Created);
    }

    /// <summary>What an integration refers to may be gone since; what it is to refer to has to be there.</summary>
    [Fact]
    public async Task An_integration_whose_point_and_credential_are_deleted_can_still_be_changed()
    {
        var account = Id(await Account());
        var point = Id((await service.Post("/v1/integration-points", Admin, new { connector = "ticketing", environments = new { prod = new[] { "*" }, test = new[] { "*" } } })).Is(HttpStatusCode.Created).Result);
        var credential = Id((await service.Post($"/v1/credentials/{account}", Admin, new { config = new { type = "basic", username = "u", secret = "hunter2-hunter2" } })).Is(HttpStatusCode.Created).Result);
        var jira = new { type = "ticketing_jira", url = "https://x.example.com", credential = new { type = "basic_id", value = credential } };
        var made = (await service.Post($"/v1/integrations/{account}", Admin, new { provider_config = jira, integration_point_id = point })).Is(HttpStatusCode.Created);
        var path = $"/v1/integrations/{account}/{Id(made.Result["integration"]!)}";
        (await service.Delete($"/v1/integration-points/{point}", Admin)).Is(HttpStatusCode.NoContent);
        (await service.Delete($"/v1/credentials/{account}/{credential}", Admin)).Is(HttpStatusCode.NoContent);
        (await Patch(path, """[{"op":"replace","path":"/fullname","value":"Renamed"}]""")).Is(HttpStatusCode.OK);
        (await Patch(path, $$"""[{"op":"replace","path":"/provider_config/credential/value","value":"{{Guid.NewGuid()}}"}]""")).IsProblem(HttpStatusCode.BadRequest);
        (await Patch(path, $$"""[{"op":"replace","path":"/integration_point_id","value":"{{Guid.NewGuid()}}"}]""")).IsProblem(HttpStatusCode.BadRequest, "/integration_point_id");
    }

    [Fact]
    public async Task An_integration_brings_its_token_and_turns_inline_secrets_into_credentials()
    {
        var account = await Account();
        var path = $"/v1/integrations/{Id(account)}";
        var jira = new { type = "ticketing_jira", url = "https://x.example.com", credential = new { type = "basic", username = "u", secret = "hunter2-hunter2" } };
        var made = (await service.Post(path, Admin, new { name = Unique("jira"), provider_config = jira })).Is(HttpStatusCode.Created);
        Assert.Equal("no-store", made.Headers["Cache-Control"]);
        Assert.DoesNotContain("hunter2", made.Body);
        var integration = made.Result["integration"]!;
        Assert.Equal(
            ("ticketing", "ticketing_jira"), ((string)integration["category"]!, (string)integration["provider_type"]!));
        var credential = made.Result["credentials_created"]![0]!;
        Assert.Equal(("basic", "Managed", "integration"), ((string)credential["config"]!["type"]!, (string)credential["managed"]!, (string)credential["owner_type"]!));
        Assert.Equal($$"""{"type":"basic_id","value":"{{Id(credential)}}"}""", integration["provider_config"]!["credential"]!.ToJsonString());
        (await service.Delete($"/v1/credentials/{Id(integration)}/{Id(credential)}", Admin)).IsProblem(HttpStatusCode.Conflict);

        var access = (string)made.Result["token"]!["access"]!["secret"]!;
        var story = (await service.Introspect(Admin, access)).Json;
        Assert.True((bool)story["active"]!);
        Assert.Equal(
            (Id(integration), "integration"),
            ((string)story["permissions"]!["resource_id"]!, (string)story["permissions"]!["resource_type"]!));
        (await service.Get("/v1/accounts", access)).IsProblem(HttpStatusCode.Unauthorized);
        var token = (string)integration["refresh_token_id"]!;
        var rotated = (await service.Put($"/v1/tokens/{Id(integration)}/{token}/rotate", Admin)).Is(HttpStatusCode.OK);
        Assert.Equal("integration", (string)rotated.Result["owner_type"]!);

        // What was got is put back as it is; a second inline secret becomes a second credential.
        var whole = (await service.Get($"{path}/{Id(integration)}", Admin)).Result;
        Assert.False((await Put($"{path}/{Id(integration)}", whole)).Is(HttpStatusCode.OK).Json.ContainsKey("credentials_created"));
        whole["provider_config"]!["credential"] = new JsonObject { ["type"] = "basic", ["username"] = "v", ["secret"] = "hunter3-hunter3" };
        var again = (await Put($"{path}/{Id(integration)}", whole)).Is(HttpStatusCode.OK);
        Assert.NotEqual(Id(credential), Id(again.Json["credentials_created"]![0]!));
        (await service.Delete($"{path}/{Id(integration)}", Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(access));
    }

    /// <summary>The vendor's own examples send fields that its description does not list.</summary>
    [Fact]
    public async Task A_field_that_a_provider_does_not_know_is_taken_and_not_kept()
    {
        var account = Id(
            (await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!);
        var made = (await service.Post(
            $"/v1/integrations/{account}", service.Admin,
            new { provider_config = new { type = "siem_mock_siem", colour = "red" } }))
            .Is(HttpStatusCode.Created).Result["integration"]!;
        Assert.Equal("""{"type":"siem_mock_siem"}""", made["provider_config"]!.ToJsonString());
    }

    [Fact]
    public async Task A_url_with_a_password_in_it_is_400()
    {
        var account = Id(
            (await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!);
        var credential = new { type = "token", secret = "hunter2-hunter2" };
        (await service.Post($"/v1/integrations/{account}", service.Admin, new { provider_config = new { type = "appsec_gitlab", credential, url = "https://user:pass@example.com" } }))
            .IsProblem(HttpStatusCode.BadRequest, "/provider_config/url");
        (await service.Post(
            $"/v1/integrations/{account}", service.Admin,
            new { provider_config = new { type = "appsec_gitlab", credential, url = "https://example.com" } }))
            .Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_an_integration_point_does_not_name_is_not_allowed_and_what_it_schedules_is_taken_over()
    {
        object[] scheduled = [new { operation = "siem_query_events", enabled = true, frequency = new { type = "periodic", value = "1h" } }];
        var point = Id((await service.Post(
            "/v1/integration-points", service.Admin,
            new { connector = "siem", environments = new { test = new[] { "*" } }, scheduled_operations = scheduled }))
            .Is(HttpStatusCode.Created).Result);
        object Body() => new { integration_point_id = point, provider_config = new { type = "siem_mock_siem" } };
        var prod = Id((await service.Post("/v1/accounts", service.Admin, new { environment = "prod" })).Is(HttpStatusCode.Created).Result["account"]!);
        (await service.Post($"/v1/integrations/{prod}", service.Admin, Body())).IsProblem(
            HttpStatusCode.BadRequest, "/integration_point_id");
        (await service.Post($"/v1/integrations/{prod}/verify", service.Admin, new { integration = Body() }))
            .IsProblem(HttpStatusCode.BadRequest, "/integration/integration_point_id");
        var test = Id((await service.Post("/v1/accounts", service.Admin, new { environment = "test" })).Is(HttpStatusCode.Created).Result["account"]!);
        (await service.Post($"/v1/integrations/{test}/verify", service.Admin, new { integration = Body() })).Is(HttpStatusCode.OK);
        var made = (await service.Post($"/v1/integrations/{test}", service.Admin, Body())).Is(HttpStatusCode.Created).Result["integration"]!;
        Assert.Equal("siem_query_events", (string)made["scheduled_operations"]![0]!["operation"]!);
    }

    [Fact]
    public async Task An_integrations_own_schedule_is_kept_where_its_point_has_others()
    {
        static object[] Every(string value) =>
            [new { operation = "siem_query_events", enabled = true, frequency = new { type = "periodic", value } }];
        static string? Value(JsonNode integration) =>
            (string?)integration["scheduled_operations"]?.AsArray().Single()!["frequency"]!["value"];
        var point = Id((await service.Post("/v1/integration-points", service.Admin, new { connector = "siem", environments = new { test = new[] { "*" }, prod = new[] { "*" } }, scheduled_operations = Every("1h") })).Is(HttpStatusCode.Created).Result);
        var integrations = $"/v1/integrations/{Id(await Account())}";
        async Task<JsonNode> Create(object[]? own) => (await service.Post(
            integrations, service.Admin, new { integration_point_id = point, provider_config = new { type = "siem_mock_siem" }, scheduled_operations = own })).Is(HttpStatusCode.Created).Result["integration"]!;

        var made = await Create(Every("6h"));
        Assert.Equal("6h", Value(made));
        Assert.Equal(
            "6h", Value((await service.Get($"{integrations}/{Id(made)}", service.Admin)).Is(HttpStatusCode.OK).Result));
        Assert.Equal("1h", Value(await Create(null)));
        Assert.Equal("1h", Value(await Create([])));

        // What the point schedules later is for integrations that are made later.
        (await service.Send(HttpMethod.Patch, $"/v1/integration-points/{point}", service.Admin, """[{"op":"remove","path":"/scheduled_operations"}]""")).Is(HttpStatusCode.OK);
        Assert.Equal(
            "6h", Value((await service.Get($"{integrations}/{Id(made)}", service.Admin)).Is(HttpStatusCode.OK).Result));
    }

    [Theory]
    [InlineData("sink_mock_sink")]
    [InlineData("siem_splunk")]
    public async Task An_integration_of_a_point_does_not_change_to_a_provider_that_the_point_does_not_name(string other)
    {
        var point = Id((await service.Post(
            "/v1/integration-points", service.Admin,
            new { connector = "siem", environments = new { test = new[] { "siem_mock_siem" } } }))
            .Is(HttpStatusCode.Created).Result);
        var account = Id((await service.Post("/v1/accounts", service.Admin, new { environment = "test" })).Is(HttpStatusCode.Created).Result["account"]!);
        var made = (await service.Post($"/v1/integrations/{account}", service.Admin, new { integration_point_id = point, provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created);
        var path = $"/v1/integrations/{account}/{Id(made.Result["integration"]!)}";
        var config = other == "siem_splunk"
            ? """{"type":"siem_splunk","url":"https://example.com","credential":{"type":"token","secret":"hunter2-hunter2"}}"""
            : $$"""{"type":"{{other}}"}""";
        var patch = (await service.Send(HttpMethod.Patch, path, service.Admin, $$"""[{"op":"replace","path":"/provider_config","value":{{config}}}]"""));
        Assert.Equal(HttpStatusCode.BadRequest, patch.Status);
        Assert.Equal(
            "siem_mock_siem",
            (string)(await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Result["provider_type"]!);

        // What the point names no more goes on, as long as it stays as it is.
        (await service.Send(HttpMethod.Patch, $"/v1/integration-points/{point}", service.Admin, """[{"op":"replace","path":"/environments","value":{"prod":["*"]}}]""")).Is(HttpStatusCode.OK);
        (await service.Send(HttpMethod.Patch, path, service.Admin, """[{"op":"replace","path":"/fullname","value":"still"}]""")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_account_does_not_move_to_where_the_point_of_an_integration_does_not_offer_the_provider()
    {
        var point = Id((await service.Post("/v1/integration-points", Admin, """{"connector":"siem","environments":{"test":["siem_mock_siem"]}}""")).Is(HttpStatusCode.Created).Result);
        var path = $"/v1/accounts/{Id(await Account())}";
        var integrations = path.Replace("accounts", "integrations", StringComparison.Ordinal);
        (await service.Post(integrations, Admin, new { name = "only-here", integration_point_id = point, provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created);
        const string toProd = """[{"op":"replace","path":"/environment","value":"prod"}]""";
        Assert.Contains("only-here", (await Patch(path, toProd)).IsProblem(HttpStatusCode.BadRequest).Body);
        Assert.Equal("test", (string)(await service.Get(path, Admin)).Is(HttpStatusCode.OK).Result["environment"]!);
        (await Patch($"/v1/integration-points/{point}", """[{"op":"add","path":"/environments/prod","value":["*"]}]""")).Is(HttpStatusCode.OK);
        (await Patch(path, toProd)).Is(HttpStatusCode.OK);
        (await Patch(path, toProd.Replace("prod", "test", StringComparison.Ordinal))).Is(HttpStatusCode.OK);
        (await Patch($"/v1/integration-points/{point}", """[{"op":"replace","path":"/environments","value":{"test":["siem_mock_siem"]}}]""")).Is(HttpStatusCode.OK);
        (await service.Delete($"{integrations}/only-here", Admin)).Is(HttpStatusCode.NoContent);
        (await Patch(path, toProd)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task No_account_is_called_as_what_stands_in_its_place_in_a_path()
    {
        (await service.Post("/v1/accounts", Admin, """{"name":"Lookup"}""")).IsProblem(HttpStatusCode.Conflict);
        var account = await Account();
        (await Patch($"/v1/accounts/{Id(account)}", """[{"op":"replace","path":"/name","value":"lookup"}]""")).IsProblem(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("filter[]=name[eq]none", "filter[]")]
    [InlineData("filters=name[eq]none", "filters")]
    [InlineData("limit=3&orders=name", "orders")]
    public async Task Another_spelling_of_a_lists_parameter_is_not_passed_over(string query, string name)
    {
        foreach (var path in new[] { "accounts", "tokens", "members", "audit/organizations", "status" })
        {
            (await service.Get($"/v1/{path}?{query}", Admin)).IsProblem(HttpStatusCode.BadRequest, name);
        }
    }

    [Fact]
    public async Task A_name_like_an_id_is_taken_by_nobody_and_names_may_have_a_tilde()
    {
        (await service.Post("/v1/accounts", service.Admin, new { name = Guid.NewGuid().ToString() })).IsProblem(
            HttpStatusCode.BadRequest, "/name");
        (await service.Post("/v1/tokens", service.Admin, new { name = Guid.NewGuid().ToString("N"), permission_set = "viewer", resources = new { } })).IsProblem(HttpStatusCode.BadRequest, "/name");
        var name = $"a~{Guid.NewGuid():N}"[..20];
        Assert.Equal(name, (string)(await service.Post("/v1/accounts", service.Admin, new { name })).Is(HttpStatusCode.Created).Result["account"]!["name"]!);
        var taken = (await service.Post("/v1/accounts", service.Admin, new { name })).IsProblem(HttpStatusCode.Conflict);
        Assert.Equal("There is an account of this name.", (string)taken.Json["message"]!);
    }

    [Fact]
    public async Task A_body_where_none_is_expected_is_400()
    {
        var (made, other) = (await service.Create(), await service.Create());
        foreach (var (path, bearer) in new[] { ($"/v1/tokens/{service.OrganizationId}/{made.Id}/rotate", service.Admin), ($"/v1/tokens/{other.Id}/refresh", other.Refresh) })
        {
            (await service.Send(HttpMethod.Put, path, bearer, new { old_until = "1h" })).IsProblem(HttpStatusCode.BadRequest);
            (await service.Send(HttpMethod.Put, path, bearer, new { })).Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_point_keeps_its_fullname_where_a_whole_object_has_none_and_a_bare_credential_shows_its_config()
    {
        var point = (await service.Post("/v1/integration-points", service.Admin, new { connector = "siem", fullname = "Mine", environments = new { } })).Is(HttpStatusCode.Created).Result.AsObject();
        point.Remove("fullname");
        Assert.Equal("Mine", (string)(await service.Send(HttpMethod.Put, $"/v1/integration-points/{Id(point)}", service.Admin, point.DeepClone())).Is(HttpStatusCode.OK).Result["fullname"]!);
        var account = (await service.Post("/v1/accounts", service.Admin, new { fullname = "" })).Is(HttpStatusCode.Created).Result["account"]!;
        Assert.NotEmpty((string)account["fullname"]!);
        var credential = (await service.Post($"/v1/credentials/{Id(account)}", service.Admin, new { })).Is(HttpStatusCode.Created).Result;
        Assert.Equal("secret", (string)credential["config"]!["type"]!);
    }

    [Theory]
    [InlineData("PATCH", """[{"op":"remove","path":"/config"}]""", "/config")]
    [InlineData("PATCH", """[{"op":"replace","path":"/config","value":null}]""", "/config")]
    [InlineData("PATCH", """[{"op":"replace","path":"/config/type","value":"token"}]""", "/config/secret")]
    [InlineData("PATCH", """[{"op":"replace","path":"/config/type","value":"nothing"}]""", "/config/type")]
    [InlineData("PUT", """{"name":"bare","config":{"type":"token"}}""", "/config/secret")]
    [InlineData("PUT", """{"name":"bare","config":{"type":"basic","username":"","secret":""}}""", "/config/secret")]
    [InlineData("PUT", """{"name":"bare","config":{"type":"basic","username":"","secret":"hunter3-hunter3"}}""", null)]
    [InlineData("PUT", """{"name":"bare","config":{"type":"basic"}}""", null)]
    [InlineData("PUT", """{"name":"bare"}""", null)]
    [InlineData("PATCH", """[{"op":"test","path":"/config/type","value":"basic"}]""", null)]
    public async Task What_a_credential_holds_is_neither_taken_away_nor_of_another_type_without_saying_so(
        string method, string body, string? pointer)
    {
        var account = Id(
            (await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!);
        var credential = Id((await service.Post($"/v1/credentials/{account}", service.Admin, new { config = new { type = "basic", username = "u", secret = "hunter2-hunter2" } })).Is(HttpStatusCode.Created).Result);
        var answer = await service.Send(
            new HttpMethod(method), $"/v1/credentials/{account}/{credential}", service.Admin, body);
        if (pointer is null)
        {
            Assert.Equal("basic", (string)answer.Is(HttpStatusCode.OK).Result["config"]!["type"]!);
        }
        else
        {
            answer.IsProblem(HttpStatusCode.BadRequest, pointer);
        }
    }

    [Fact]
    public async Task No_webhook_is_signed_with_a_key_that_everybody_has()
    {
        object Body(string secret) => new { url = "https://hooks.example.com/x", filters = new[] { "all" }, secret = new { value = secret } };
        (await service.Post("/v1/organization/webhooks", service.Admin, Body(""))).IsProblem(
            HttpStatusCode.BadRequest, "/secret/value");
        (await service.Post("/v1/organization/webhooks", service.Admin, Body("hunter2-hunter2"))).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_first_administrator_can_be_edited()
    {
        var members = (await service.Get("/v1/members", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        var first = members.Single(member => (string)member!["name"]! == "administrator")!;
        (await service.Send(HttpMethod.Patch, $"/v1/members/{Id(first)}", service.Admin, """[{"op":"add","path":"/nickname","value":"boss"}]""")).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{}""", "/provider_config")]
    [InlineData("""{"provider_config":{"type":"ticketing_nothing"}}""", "/provider_config/type")]
    [InlineData("""{"provider_config":{"type":"ticketing_jira","credential":{"type":"token","secret":"x"}}}""", "/provider_config/url")]
    [InlineData("""{"provider_config":{"type":"ticketing_jira","url":"https://x"}}""", "/provider_config/credential")]
    [InlineData("""{"provider_config":{"type":"ticketing_jira","url":"https://x","credential":{"type":"basic","secret":"x"}}}""", "/provider_config/credential/username")]
    [InlineData("""{"provider_config":{"type":"ticketing_jira","url":"https://x","credential":{"type":"basic_id","value":"01900000-0000-7000-8000-000000000001"}}}""", "/provider_config/credential/value")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"integration_point_id":"x"}""", "/integration_point_id")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"edr_query_alerts","enabled":true,"frequency":{"type":"periodic","value":"1h"}}]}""", "/scheduled_operations/0/operation")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"additional_mappings":[{"resource":"nope","actions":["query"],"source":"a","destination":"b","data_type":"string"}]}""", "/additional_mappings/0/resource")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"webhook_config":{"items":[{"webhook_url":"nowhere"}]}}""", "/webhook_config/items/0/webhook_url")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"periodic","value":"1m"}}]}""", "/scheduled_operations/0/frequency/value")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"cron","value":"* * * * *"}}]}""", "/scheduled_operations/0/frequency/value")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"cron","value":"0 0 30 2 *"}}]}""", "/scheduled_operations/0/frequency/value")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"cron","value":"4h"}}]}""", "/scheduled_operations/0/frequency/value")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"cron"}}]}""", "/scheduled_operations/0/frequency/value")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"cron","value":5}}]}""", "/scheduled_operations/0/frequency/value")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"cron","value":"@daily","tz":"CET"}}]}""", "/scheduled_operations/0/frequency/tz")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"periodic","value":"@daily"}}]}""", "/scheduled_operations/0/frequency/value")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":"hourly","value":"@daily"}}]}""", "/scheduled_operations/0/frequency/type")]
    [InlineData("""{"provider_config":{"type":"siem_mock_siem"},"scheduled_operations":[{"operation":"siem_query_events","enabled":true,"frequency":{"type":1,"value":"@daily"}}]}""", "/scheduled_operations/0/frequency/type")]
    public async Task An_integration_is_400_for_what_does_not_fit_its_provider(string body, string pointer)
    {
        var account = await Account();
        (await service.Post($"/v1/integrations/{Id(account)}", Admin, body)).IsProblem(
            HttpStatusCode.BadRequest, pointer);
    }

    [Fact]
    public async Task An_integration_under_a_key_is_answered_again_with_its_secrets()
    {
        var account = await Account();
        const string body = """{"provider_config":{"type":"ticketing_jira","url":"https://x","credential":{"type":"token","secret":"hunter2-hunter2"}},"webhook_config":{"items":[{"webhook_url":"https://a.example.com"},{"webhook_url":"https://b.example.com"}]}}""";
        var first = (await service.Post($"/v1/integrations/{Id(account)}", Admin, body, "int")).Is(HttpStatusCode.Created);
        Assert.Equal(first.Body, (await service.Post($"/v1/integrations/{Id(account)}", Admin, body, "int")).Is(HttpStatusCode.Created).Body);
        Assert.Single((await service.Get($"/v1/integrations/{Id(account)}", Admin)).Result.AsArray());
        var items = first.Result["integration"]!["webhook_config"]!["items"]!.AsArray().Select(item => (string)item!["integrator_key"]!).ToList();
        Assert.Equal(2, items.Distinct().Count());
        Assert.All(items, key => Assert.Equal(32, Convert.FromBase64String(key).Length));
        var other = (await service.Post($"/v1/integrations/{Id(account)}", Admin, body, "another")).Is(HttpStatusCode.Created).Result;
        Assert.NotEqual(items[0], (string)other["integration"]!["webhook_config"]!["items"]![0]!["integrator_key"]!);
    }

    [Fact]
    public async Task Integrations_are_verified_expanded_and_keep_webhook_keys_to_themselves()
    {
        var account = await Account();
        var path = $"/v1/integrations/{Id(account)}";
        (await service.Post($"{path}/verify", Admin, """{"integration":{"provider_config":{"type":"sink_mock_sink"}}}""")).Is(HttpStatusCode.OK);
        (await service.Post($"{path}/verify", Admin, """{"integration":{"provider_config":{"type":"ticketing_jira","url":"https://x","credential":{"type":"token","secret":"x"}}}}""")).IsProblem(HttpStatusCode.NotImplemented);
        var point = (await service.Post("/v1/integration-points", Admin, """{"connector":"siem","environments":{"test":["siem_mock_siem"]}}""")).Is(HttpStatusCode.Created).Result;
        var made = (await service.Post(path, Admin, new
        {
            provider_config = new { type = "siem_mock_siem" }, integration_point_id = Id(point), webhook_config = new { items = new[] { new { webhook_url = "https://hooks.example.com/x" } } },
        })).Is(HttpStatusCode.Created).Result["integration"]!;
        Assert.NotEmpty((string)made["webhook_config"]!["items"]![0]!["integrator_key"]!);
        var shown = (await service.Get($"{path}/{Id(made)}", Admin)).Result;
        Assert.Null(shown["webhook_config"]!["items"]![0]!["integrator_key"]);
        var expanded = (await service.Get($"{path}?expand=all", Admin)).Is(HttpStatusCode.OK).Result[0]!;
        Assert.Equal((Id(account), Id(point)), (Id(expanded["account"]!), Id(expanded["integration_point"]!)));
        Assert.Null((await service.Get(path, Admin)).Result[0]!["account"]);
        (await service.Get($"{path}?expand=everything", Admin)).IsProblem(HttpStatusCode.BadRequest, "expand");
        var wrong = (await service.Post("/v1/integration-points", Admin, """{"connector":"ticketing","environments":{}}""")).Is(HttpStatusCode.Created).Result;
        (await service.Post(path, Admin, new { provider_config = new { type = "siem_mock_siem" }, integration_point_id = Id(wrong) })).IsProblem(HttpStatusCode.BadRequest, "/integration_point_id");
        var other = await Account();
        (await service.Get($"/v1/integrations/{Id(other)}/{Id(made)}", Admin)).IsProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_webhook_that_an_integration_gets_later_has_a_key_and_one_that_goes_takes_its_key_along()
    {
        var path = $"/v1/integrations/{Id(await Account())}";
        var made = (await service.Post(path, Admin, """{"provider_config":{"type":"siem_mock_siem"},"webhook_config":{"provider_key":"of the provider","items":[{"webhook_url":"https://a.example.com"}]}}"""))
            .Is(HttpStatusCode.Created).Result["integration"]!;
        path = $"{path}/{Id(made)}";
        var first = (string)made["webhook_config"]!["items"]![0]!["integrator_key"]!;

        var added = (await Patch(path, """[{"op":"add","path":"/webhook_config/items/-","value":{"webhook_url":"https://b.example.com"}}]""")).Is(HttpStatusCode.OK).Result["webhook_config"]!;
        Assert.Null(added["items"]![0]!["integrator_key"]);
        var second = (string)added["items"]![1]!["integrator_key"]!;
        var keys = await Keys();
        Assert.True(keys.Contains(first, StringComparison.Ordinal) && keys.Contains(second, StringComparison.Ordinal));
        Assert.DoesNotContain("integrator_key", (await service.Get(path, Admin)).Body);

        var moved = (await Patch(path, """[{"op":"replace","path":"/webhook_config/items/0/webhook_url","value":"https://c.example.com"}]""")).Is(HttpStatusCode.OK).Result["webhook_config"]!;
        Assert.NotEmpty((string)moved["items"]![0]!["integrator_key"]!);
        keys = await Keys();
        Assert.True(!keys.Contains(first, StringComparison.Ordinal) && keys.Contains(second, StringComparison.Ordinal));

        (await Patch(path, """[{"op":"remove","path":"/webhook_config/items/1"}]""")).Is(HttpStatusCode.OK);
        Assert.DoesNotContain(second, await Keys());
        Assert.Contains("of the provider", await Keys());
        (await Patch(path, """[{"op":"remove","path":"/webhook_config"}]""")).Is(HttpStatusCode.OK);
        Assert.Equal("", await Keys());

        async Task<string> Keys()
        {
            var id = Guid.Parse(Id(made));
            var row = await service.Store.Read(new RecordKey("integration", id.ToString()));
            return ResourceState.FromRecord(row!).Sealed is { } keys
                ? JsonNode.Parse(new SecretBox(service.Peppers).Open(keys, id).Reveal())!.ToJsonString(
                    new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
                : "";
        }
    }

    [Fact]
    public async Task A_credential_never_comes_back_and_its_secret_stays_until_another_is_given()
    {
        var account = await Account();
        var path = $"/v1/credentials/{Id(account)}";
        var made = (await service.Post(path, Admin, """{"name":"c1","config":{"type":"o_auth_client","client_id":"i","client_secret":"hunter2-hunter2","extra":{"a":1}}}""")).Is(HttpStatusCode.Created);
        Assert.Equal("""{"type":"o_auth_client"}""", made.Result["config"]!.ToJsonString());
        var whole = made.Result;
        whole["fullname"] = "renamed";
        (await Put($"{path}/c1", whole)).Is(HttpStatusCode.OK);
        var grain = service.Grains.GetGrain<Grains.Abstractions.Credentials.ICredentialGrain>(Id(made.Result));
        var open = await grain.Open(new() { CommandId = Guid.NewGuid() });
        Assert.Contains("hunter2-hunter2", open!.Reveal());
        Assert.DoesNotContain("hunter2", open.ToString());
        (await Patch($"{path}/c1", """[{"op":"replace","path":"/config","value":{"type":"token","secret":"hunter3-hunter3"}}]""")).Is(HttpStatusCode.OK);
        Assert.Contains("hunter3-hunter3", (await grain.Open(new() { CommandId = Guid.NewGuid() }))!.Reveal());
        Assert.DoesNotContain("hunter", (await service.Get($"{path}/c1", Admin)).Body + (await service.Get(path, Admin)).Body + (await service.Get($"/v1/credentials/lookup/{Id(made.Result)}", Admin)).Body);
        (await service.Post(path, Admin, """{"config":{"type":"password","secret":"x"}}""")).IsProblem(HttpStatusCode.BadRequest, "/config/type");
        (await service.Post(path, Admin, """{"config":{"type":"basic","secret":"hunter4-hunter4"}}""")).IsProblem(HttpStatusCode.BadRequest, "/config/username");
        Assert.DoesNotContain(await service.Store.AuditOf(Id(made.Result)), a => a.ToString().Contains("hunter"));
    }

    [Fact]
    public async Task The_organization_changes_its_settings_and_not_its_state()
    {
        var (_, _, boss) = await service.NewOrganization();
        var whole = (await service.Get("/v1/organization", boss.Access)).Result;
        whole["contact"] = "ops@example.com";
        whole["state"] = "disabled";
        whole["options"] = new JsonObject { ["minimum_password_length"] = 20, ["invite_duration"] = "48h", ["password_duration"] = "100h" };
        var changed = (await Put("/v1/organization", whole, boss.Access)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(("ops@example.com", "enabled", 20), ((string)changed["contact"]!, (string)changed["state"]!, (int)changed["options"]!["minimum_password_length"]!));
        (await service.Post("/v1/members", boss.Access, new { name = "x@example.com", secret = "short enough" })).IsProblem(HttpStatusCode.BadRequest, "/secret");
        var made = (await service.Post("/v1/members", boss.Access, new { name = "x@example.com", secret = "a password that is long enough", role_binding = new[] { "administrator" } })).Is(HttpStatusCode.Created).Result["member"]!;
        TimeSpan lasts = DateTimeOffset.Parse((string)made["expires"]!) - DateTimeOffset.Parse((string)made["created_at"]!);
        Assert.InRange(lasts.TotalHours, 99.9, 100.1);
        var logon = (await service.Post($"/v1/auth/logon/{Id(whole)}", null, new { name = "x@example.com", secret = "a password that is long enough" })).Is(HttpStatusCode.OK).Result;
        (await service.Post("/v1/auth/change_password", (string)logon["token"]!["access"]!["secret"]!, new { old_secret = "a password that is long enough", new_secret = "short enough" })).IsProblem(HttpStatusCode.BadRequest, "/new_secret");
        (await Patch("/v1/organization", """[{"op":"add","path":"/options/invite_duration","value":"1h"}]""", boss.Access)).IsProblem(HttpStatusCode.BadRequest, "/options/invite_duration");
        (await Patch("/v1/organization", """[{"op":"replace","path":"/name","value":"root"}]""", boss.Access)).IsProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_suborganization_is_made_whole_seen_by_its_root_only_and_dies_with_all_that_is_its()
    {
        var made = (await service.Post("/v1/suborgs", Admin, new { name = Unique("sub"), member = new { name = "boss@example.com", secret = "correct horse battery" } })).Is(HttpStatusCode.Created).Result;
        var (organization, access) = (Id(made["organization"]!), (string)made["token"]!["access"]!["secret"]!);
        (await service.Get("/v1/organization", access)).Is(HttpStatusCode.OK);
        (await service.Get("/v1/suborgs", access)).IsProblem(HttpStatusCode.Forbidden);
        var logon = (await service.Post($"/v1/auth/logon/{(string)made["organization"]!["name"]!}", null, new { name = "boss@example.com", secret = "correct horse battery" })).Is(HttpStatusCode.OK);
        Assert.Contains((await service.Get("/v1/suborgs", Admin)).Result.AsArray(), o => Id(o!) == organization);
        (await service.Post("/v1/suborgs", Admin, new { name = (string)made["organization"]!["name"]! })).IsProblem(HttpStatusCode.Conflict);
        (await service.Post("/v1/accounts", access, "{}")).Is(HttpStatusCode.Created);
        (await service.Delete($"/v1/suborgs/{organization}", Admin)).Is(HttpStatusCode.NoContent);
        (await service.Get("/v1/organization", access)).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get("/v1/organization", (string)logon.Result["token"]!["access"]!["secret"]!)).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Post($"/v1/auth/logon/{organization}", null, new { name = "boss@example.com", secret = "correct horse battery" })).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Get($"/v1/suborgs/{organization}", Admin)).IsProblem(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"name":"boss@example.com","secret":"correct horse battery","options":{"options":["disabled"]}}""")]
    [InlineData("""{"name":"boss@example.com","secret":"correct horse battery","options":{"options":["invited"]}}""")]
    [InlineData("""{"name":"boss@example.com","secret":"correct horse battery","role_binding":["viewer"]}""")]
    [InlineData("""{"name":"boss@example.com","secret":"correct horse battery"}""")]
    public async Task The_token_of_a_new_suborganization_is_its_administrators_whoever_the_first_member_is(string member)
    {
        var made = (await service.Post("/v1/suborgs", Admin, $$"""{"name":"{{Unique("sub")}}","member":{{member}}}""")).Is(HttpStatusCode.Created).Result;
        var access = (string)made["token"]!["access"]!["secret"]!;
        (await service.Post("/v1/accounts", access, "{}")).Is(HttpStatusCode.Created);
        var second = (await service.Post("/v1/members", access, """{"name":"second@example.com","secret":"correct horse battery","role_binding":["administrator"]}""")).Is(HttpStatusCode.Created).Result;
        (await service.Delete($"/v1/members/{Id(made["member"]!)}", access)).Is(HttpStatusCode.NoContent);
        (await service.Get($"/v1/members/{Id(second)}", access)).Is(HttpStatusCode.OK);
    }
}
