using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Credentials of providers, wherever they stand in a configuration.</summary>
[Collection("service")]
public sealed class ProviderCredentialTests(Service service)
{
    private const string Secret = "hunter2-hunter2";

    [Theory]
    [InlineData("""{"type":"sink_sumo_logic","collection_url":{"type":"secret","secret":"hunter2-hunter2"}}""", "/collection_url")]
    [InlineData("""{"type":"siem_panther","api_config":{"url":"https://x","credential":{"type":"token","secret":"hunter2-hunter2"}}}""", "/api_config/credential")]
    [InlineData("""{"type":"custom_synqly","custom_id":"c","endpoints":{"a":{"url":"https://x","credential":{"type":"basic","username":"u","secret":"hunter2-hunter2"}}},"tags":{}}""", "/endpoints/a/credential")]
    [InlineData("""{"type":"siem_elasticsearch","url":"https://x","credential":{"type":"token","secret":"other-other"},"auth_options":{"shared_secret":{"type":"secret","secret":"hunter2-hunter2"}}}""", "/auth_options/shared_secret")]
    [InlineData("""{"type":"sink_http","url":"https://x","authorization":{"type":"o_auth_client","client_id":"c","client_secret":"hunter2-hunter2"}}""", "/authorization")]
    public async Task A_secret_at_any_depth_becomes_a_credential_and_a_reference_is_checked(
        string config, string pointer)
    {
        var account = await Account();
        var made = (await service.Post($"/v1/integrations/{account}", service.Admin, $$"""{"provider_config":{{config}}}""")).Is(HttpStatusCode.Created);
        Assert.DoesNotContain(Secret, made.Body);
        var id = (string)made.Result["integration"]!["id"]!;
        var stored = (await service.Get($"/v1/integrations/{account}/{id}", service.Admin)).Is(HttpStatusCode.OK).Result["provider_config"]!;
        var reference = At(stored, pointer);
        Assert.EndsWith("_id", (string)reference["type"]!);
        var credentials = (await service.Get($"/v1/credentials/{id}", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Contains((string)reference["value"]!, credentials.Select(credential => (string)credential!["id"]!));

        reference["value"] = Guid.NewGuid().ToString();
        (await service.Post(
            $"/v1/integrations/{account}", service.Admin, new JsonObject { ["provider_config"] = stored.DeepClone() }))
            .IsProblem(HttpStatusCode.BadRequest, $"/provider_config{pointer}/value");
    }

    [Theory]
    [InlineData("""{"type":"sink_http","url":"https://x","authorization":"Bearer hunter2-hunter2"}""", "/provider_config/authorization")]
    [InlineData("""{"type":"sink_http","url":"https://x","static_headers":{"Authorization":"hunter2-hunter2"}}""", "/provider_config/static_headers/Authorization")]
    [InlineData("""{"type":"sink_http","url":"https://x","static_headers":{"X-Api-Key":"hunter2-hunter2"}}""", "/provider_config/static_headers/X-Api-Key")]
    [InlineData("""{"type":"siem_panther","api_config":{"deep":[{"clientSecret":"hunter2-hunter2"}]}}""", "/provider_config/api_config/deep/0/clientSecret")]
    [InlineData("""{"type":"siem_panther","api_config":{"url":"https://user:hunter2@x"}}""", "/provider_config/api_config/url")]
    [InlineData("""{"type":"sink_sumo_logic","collection_url":"https://x/hunter2-hunter2"}""", "/provider_config/collection_url")]
    [InlineData("""{"type":"sink_http","url":"//u:hunter2@x"}""", "/provider_config/url")]
    [InlineData("""{"type":"sink_http","url":"u:hunter2@x.com/y"}""", "/provider_config/url")]
    [InlineData("""{"type":"sink_http","url":"https://x/?access_token=hunter2"}""", "/provider_config/url")]
    [InlineData("""{"type":"sink_http","url":"https://x","static_headers":{"Ocp-Apim-Subscription-Key":"hunter2"}}""", "/provider_config/static_headers/Ocp-Apim-Subscription-Key")]
    [InlineData("""{"type":"sink_http","url":"https://x","static_headers":{"Cookie":"hunter2"}}""", "/provider_config/static_headers/Cookie")]
    public async Task A_secret_that_is_no_credential_is_refused_and_not_shown(string config, string pointer)
    {
        var refused = (await service.Post($"/v1/integrations/{await Account()}", service.Admin, $$"""{"provider_config":{{config}}}"""))
            .IsProblem(HttpStatusCode.BadRequest, pointer);
        Assert.DoesNotContain("hunter2", refused.Body);
    }

    [Fact]
    public async Task A_secret_is_told_by_the_words_of_its_name_by_its_scheme_and_in_any_part_of_a_url()
    {
        var account = await Account();
        string[] names =
        [
            "auth", "X-Auth", "bearer", "X-Bearer", "pwd", "DbPwd", "pass", "X-Pass", "db_pass", "db.pass", "dbPass",
            "passwd", "jwt", "X-JWT", "credential", "Credentials",
            "session", "X-Session", "X-Session-Id", "sessionid", "PHPSESSID", "pat", "github_pat", "GitHubPAT", "hmac",
            "x-hmac", "connection_string", "ConnectionString", "secrets", "password1", "X-Auth-Value",
        ];
        string[] innocent =
        [
            "author", "passenger", "compass", "pattern", "barcode", "session_count", "auth_url", "auth_type",
            "token_url", "X-Author", "bypass", "spat", "obsession", "Content-Type", "keynote",
            "country_code", "signature",
        ];
        string[] urls =
        [
            "https://x/?sig=hunter2", "https://x/?a=1&auth=hunter2", "https://x/?pwd=hunter2",
            "https://x/?code=hunter2", "https://x/#access_token=hunter2", "https://x/?a=1;token=hunter2",
            "https://x/p;jsessionid=hunter2", "https://x/?X-Amz-Signature=hunter2", "https://x/?%70wd=hunter2",
            "x/?sig=hunter2", "Server=x;Password=hunter2",
        ];
        string[] innocentUrls = ["https://x/?country_code=de", "https://x/?author=me&pattern=a;compass=n", "https://x/#section", "https://x/?token=", "https://x/auth/token", "https://x/?api-version=1"];
        JsonObject With(string field, JsonNode value) => new() { ["type"] = "sink_http", ["url"] = "https://x", [field] = value };
        IEnumerable<(JsonObject Config, string Pointer)> refused =
        [
            .. names.Select(
                name => (With("static_headers", new JsonObject { [name] = "hunter2" }), "/static_headers/" + name)),
            .. urls.Select(url => (With("url", url), "/url")),
            .. urls.Select(url => (With("http_method", new JsonObject { ["a"] = url }), "/http_method/a")),
            (With("static_headers", new JsonObject { ["X-Any"] = "Bearer hunter2" }), "/static_headers/X-Any"),
            (With("static_headers", new JsonObject { ["X-Any"] = "basic hunter2" }), "/static_headers/X-Any"),
            (With("static_headers", new JsonObject { ["X-Auth"] = new JsonArray("hunter2") }), "/static_headers/X-Auth"),
            (With("request_body_format", new JsonArray(new JsonObject { ["name"] = "X-Auth", ["value"] = "hunter2" })), "/request_body_format/0/value"),
            (With("http_method", new JsonObject { ["a"] = "Bearer hunter2-hunter2-hunter2" }), "/http_method/a"),
            (new JsonObject { ["type"] = "custom_synqly", ["custom_id"] = "c", ["endpoints"] = new JsonObject(), ["tags"] = new JsonObject { ["db_pass"] = "hunter2" } }, "/tags/db_pass"),
        ];
        foreach (var (config, pointer) in refused)
        {
            var answer = await service.Post(
                $"/v1/integrations/{account}", service.Admin, new JsonObject { ["provider_config"] = config });
            Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{config}: {answer.Status}");
            answer.IsProblem(HttpStatusCode.BadRequest, "/provider_config" + pointer);
            Assert.DoesNotContain("hunter2", answer.Body);
        }

        IEnumerable<JsonObject> taken =
        [
            With("static_headers", new JsonObject(
                innocent.Select(name => KeyValuePair.Create<string, JsonNode?>(name, "x")))),
            With("http_method", new JsonArray([.. innocentUrls.Append("Basic plan").Append("Bearer of news").Select(
                text => JsonValue.Create(text))])),
            .. innocentUrls.Select(url => With("url", url)),
        ];
        foreach (var config in taken)
        {
            var answer = await service.Post(
                $"/v1/integrations/{account}", service.Admin, new JsonObject { ["provider_config"] = config });
            Assert.True(answer.Status == HttpStatusCode.Created, $"{config}: {answer.Body}");
        }
    }

    [Theory]
    [InlineData("/v1/organization")]
    [InlineData("/v1/members")]
    [InlineData("/v1/suborgs")]
    public async Task A_picture_holds_no_user(string path)
    {
        const string picture = "https://u:hunter2@example.com/p.png";
        var refused = path == "/v1/organization"
            ? await service.Send(HttpMethod.Patch, path, service.Admin, """[{"op":"add","path":"/picture","value":"https://u:hunter2@example.com/p.png"}]""")
            : await service.Post(
                path, service.Admin, new { name = $"p-{Guid.NewGuid():N}", secret = "a-long-password-1", picture });
        Assert.Contains("/picture", refused.IsProblem(HttpStatusCode.BadRequest).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Body);
    }

    /// <summary>The vendor's examples send more than its description lists.</summary>
    [Fact]
    public async Task What_a_configuration_has_beyond_its_description_is_taken_at_any_depth_and_not_kept()
    {
        var account = await Account();
        const string config = """{"type":"ticketing_jira","url":"https://x","more":1,"credential":{"type":"basic","username":"u","secret":"hunter2-hunter2","more":{"deep":"x"}}}""";
        var made = (await service.Post($"/v1/integrations/{account}", service.Admin, $$"""{"provider_config":{{config}}}""")).Is(HttpStatusCode.Created);
        var id = (string)made.Result["integration"]!["id"]!;
        var stored = (await service.Get($"/v1/integrations/{account}/{id}", service.Admin)).Is(HttpStatusCode.OK).Result["provider_config"]!;
        Assert.DoesNotContain("more", stored.ToJsonString());
        stored["credential"]!["more"] = 1;
        (await service.Post($"/v1/integrations/{account}", service.Admin, new JsonObject { ["provider_config"] = stored.DeepClone() })).Is(HttpStatusCode.Created);

        // Elsewhere a field that is ignored could be a restriction.
        (await service.Post($"/v1/credentials/{account}", service.Admin, """{"config":{"type":"token","secret":"hunter2-hunter2","more":1}}""")).IsProblem(HttpStatusCode.BadRequest, "/config/more");
    }

    [Fact]
    public async Task A_reference_is_to_a_credential_of_the_type_that_it_says()
    {
        var account = await Account();
        var stored = (string)(await service.Post($"/v1/credentials/{account}", service.Admin, new { config = new { type = "token", secret = Secret } })).Is(HttpStatusCode.Created).Result["id"]!;
        Task<Answer> Made(string type) => service.Post(
            $"/v1/integrations/{account}", service.Admin,
            new { provider_config = new { type = "appsec_gitlab", url = "https://example.com", credential = new { type, value = stored } } });
        (await Made("basic_id")).IsProblem(HttpStatusCode.BadRequest, "/provider_config/credential/value");
        (await Made("token_id")).Is(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("https://u:hunter2@hooks.example.com/x")]
    [InlineData("https://hunter2@hooks.example.com/x")]
    public async Task A_webhook_of_an_integration_holds_no_user(string url)
    {
        var body = new JsonObject
        {
            ["provider_config"] = new JsonObject { ["type"] = "ticketing_mock_ticketing" },
            ["webhook_config"] = new JsonObject { ["items"] = new JsonArray(new JsonObject { ["webhook_url"] = url }) },
        };
        var refused = (await service.Post($"/v1/integrations/{await Account()}", service.Admin, body)).IsProblem(HttpStatusCode.BadRequest);
        Assert.Contains("/webhook_config/items/0/webhook_url", refused.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Body);
    }

    [Fact]
    public async Task A_credential_that_a_change_replaces_is_gone_with_it()
    {
        var account = await Account();
        var made = (await service.Post($"/v1/integrations/{account}", service.Admin, Jira(Secret))).Is(HttpStatusCode.Created).Result;
        var (id, old) = ((string)made["integration"]!["id"]!, (string)made["credentials_created"]![0]!["id"]!);
        var patched = (await service.Send(
            HttpMethod.Patch, $"/v1/integrations/{account}/{id}", service.Admin,
            """[{"op":"replace","path":"/provider_config/credential","value":{"type":"token","secret":"another-another"}}]""")).Is(HttpStatusCode.OK);
        var next = (string)patched.Json["credentials_created"]![0]!["id"]!;
        var left = (await service.Get($"/v1/credentials/{id}", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Equal([next], left.Select(credential => (string)credential!["id"]!));
        (await service.Get($"/v1/credentials/{id}/{old}", service.Admin)).IsProblem(HttpStatusCode.NotFound);

        // Where nothing is replaced, nothing goes.
        (await service.Send(HttpMethod.Patch, $"/v1/integrations/{account}/{id}", service.Admin, """[{"op":"replace","path":"/fullname","value":"Other"}]""")).Is(HttpStatusCode.OK);
        (await service.Get($"/v1/credentials/{id}/{next}", service.Admin)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_display_name_that_is_left_out_stays_and_an_empty_one_is_the_name()
    {
        var account = await Account();
        var shown = (await service.Get($"/v1/accounts/{account}", service.Admin)).Is(HttpStatusCode.OK).Result.AsObject();
        shown["fullname"] = "Shown";
        (await service.Send(HttpMethod.Put, $"/v1/accounts/{account}", service.Admin, shown)).Is(HttpStatusCode.OK);
        shown.Remove("fullname");
        Assert.Equal("Shown", (string)(await service.Send(HttpMethod.Put, $"/v1/accounts/{account}", service.Admin, shown)).Is(HttpStatusCode.OK).Result["fullname"]!);
        shown["fullname"] = "";
        Assert.Equal((string)shown["name"]!, (string)(await service.Send(HttpMethod.Put, $"/v1/accounts/{account}", service.Admin, shown)).Is(HttpStatusCode.OK).Result["fullname"]!);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("x", false)]
    [InlineData("1-1", false)]
    [InlineData("2027-01-02T03:04:05", false)]
    [InlineData("9999999d", false)]
    [InlineData("-1d", false)]
    [InlineData("7d", true)]
    [InlineData("2026-01-02T03:04:05Z", true)]
    public async Task A_schedule_goes_back_to_a_time_or_for_a_while_of_at_most_a_year(string from, bool right)
    {
        var body = new JsonObject
        {
            ["provider_config"] = new JsonObject { ["type"] = "siem_mock_siem" },
            ["scheduled_operations"] = new JsonArray(new JsonObject { ["operation"] = "siem_query_events", ["schedule"] = "1h", ["backfill_from_time"] = from }),
        };
        var answer = await service.Post($"/v1/integrations/{await Account()}", service.Admin, body);
        Assert.Equal(!right, answer.Body.Contains("backfill_from_time", StringComparison.Ordinal) && answer.Status == HttpStatusCode.BadRequest);
    }

    private static string Jira(string secret) =>
        $$$$"""{"provider_config":{"type":"ticketing_jira","url":"https://x","credential":{"type":"token","secret":"{{{{secret}}}}"}}}""";

    private static JsonObject At(JsonNode node, string pointer) =>
        pointer.Split('/').Skip(1).Aggregate(node, (at, name) => at[name]!).AsObject();

    private async Task<string> Account() =>
        (string)(await service.Post("/v1/accounts", service.Admin, "{}")).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
}
