using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>What no client of good will sends, to every API: it is refused in that API's shape, and changes
/// nothing.</summary>
[Collection("service")]
public sealed class HostileRequestTests(Service service)
{
    private string Account => Guid.Parse(service.OrganizationId).ToString("N");

    /// <summary>A route of each API that takes a JSON object.</summary>
    private (string Path, string Before, string After)[] Bodies =>
    [
        ("/v1/tokens", "{\"permission_set\":\"viewer\",\"resources\":{},\"name\":\"", "\"}"),
        ("/v1/members", "{\"name\":\"", "\",\"secret\":\"correct horse battery\"}"),
        ($"/v1/auth/logon/{service.OrganizationId}", "{\"name\":\"a\",\"secret\":\"", "\"}"),
        ($"/client/v4/accounts/{Account}/access/service_tokens", "{\"name\":\"", "\"}"),
        ("/api/v2/tokens", "{\"name\":\"", "\",\"role\":\"reader\"}"),
        ("/api/v2/token", "{\"type\":\"global\",\"name\":\"", "\",\"permissions\":[\"token/read\"]}"),
    ];

    private async Task<Answer> Post(string path, object body, params (string, string)[] headers)
    {
        var bearer = path.StartsWith("/api/v2/tokens", StringComparison.Ordinal)
            ? (await LaunchDarklyBearer())
            : "Bearer " + service.Admin;
        return await service.Send(HttpMethod.Post, path, [("Authorization", bearer), .. headers], body);
    }

    private Task<string> LaunchDarklyBearer() => Task.FromResult(service.Admin);

    [Fact]
    public async Task A_byte_that_is_not_utf_8_is_400_in_every_api()
    {
        foreach (var (path, before, after) in Bodies)
        {
            byte[] value = [.. Encoding.UTF8.GetBytes(before), 0xFF, .. Encoding.UTF8.GetBytes(after)];
            var answer = (await Post(path, value)).Is(HttpStatusCode.BadRequest);
            Assert.Equal("application/json", MediaTypeHeaderValue.Parse(answer.ContentType!).MediaType);
            byte[] name = [.. "{\""u8, 0xC0, 0x80, .. "\":1}"u8];
            (await Post(path, name)).Is(HttpStatusCode.BadRequest);
        }

        var made = await service.Create();
        foreach (var patch in new[] { "/v1/organization", "/v1/members/" + Guid.NewGuid(), $"/api/v2/tokens/{made.Id.Replace("-", "")[..24]}" })
        {
            byte[] body = [.. "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\""u8, 0xFF, .. "\"}]"u8];
            var bearer = patch.StartsWith("/api", StringComparison.Ordinal) ? service.Admin : "Bearer " + service.Admin;
            (await service.Send(HttpMethod.Patch, patch, [("Authorization", bearer)], body)).Is(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task A_mark_of_byte_order_is_taken_and_a_compressed_body_is_not()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. "{\"permission_set\":\"viewer\",\"resources\":{}}"u8];
        (await Post("/v1/tokens", body)).Is(HttpStatusCode.Created);
        foreach (var encoding in new[] { "gzip", "deflate", "br" })
        {
            foreach (var (path, before, after) in Bodies)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(before + "x" + after, Encoding.UTF8, "application/json") };
                request.Content.Headers.ContentEncoding.Add(encoding);
                var bearer = path.StartsWith("/api/v2/tokens", StringComparison.Ordinal)
                    ? service.Admin
                    : "Bearer " + service.Admin;
                request.Headers.TryAddWithoutValidation("Authorization", bearer);
                using var response = await service.Http.SendAsync(request);
                Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
            }
        }
    }

    /// <summary>Of X that rotated T: only whoever may rotate T may see T's secrets again.</summary>
    [Fact]
    public async Task A_dead_bearer_is_given_no_answer_about_another_token()
    {
        var target = await service.Create();
        var bearer = await service.Create();
        var path = $"/v1/tokens/{service.OrganizationId}/{target.Id}/rotate";
        (await service.Put(path, bearer.Access, "k1")).Is(HttpStatusCode.OK);
        var again = (await service.Put(path, bearer.Access, "k1")).Is(HttpStatusCode.OK);
        var body = new { permission_set = "viewer", resources = new { } };
        var made = (await service.Post("/v1/tokens", bearer.Access, body, "k2")).Is(HttpStatusCode.Created);
        Assert.Equal(
            made.Body, (await service.Post("/v1/tokens", bearer.Access, body, "k2")).Is(HttpStatusCode.Created).Body);
        Assert.NotNull(again.Result["primary"]);

        await service.Delete($"/v1/tokens/{bearer.Id}", service.Admin);
        (await service.Put(path, bearer.Access, "k1")).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Post("/v1/tokens", bearer.Access, body, "k2")).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_secret_in_a_path_is_shown_and_noted_to_nobody()
    {
        var made = await service.Create();
        var answer = (await service.Delete($"/v1/tokens/{made.Access}", service.Admin)).IsProblem(HttpStatusCode.NotFound);
        Assert.DoesNotContain(made.Access, answer.Body);
        (await service.Send(
            HttpMethod.Delete, "/v1/tokens/" + Guid.NewGuid(),
            [("Authorization", "Bearer " + service.Admin), ("User-Agent", $"tool/{made.Access}")]))
            .IsProblem(HttpStatusCode.NotFound);
        var audit = (await service.Get("/v1/audit/organizations?limit=1000&order=created_at[desc]", service.Admin)).Is(HttpStatusCode.OK).Body;
        Assert.DoesNotContain(made.Access, audit);
        Assert.Contains($"/v1/tokens/ta_org_…{made.Access[^4..]}", audit);
    }

    [Fact]
    public async Task Every_answer_is_guarded_and_every_401_says_how_to_authenticate()
    {
        string[] paths =
        [
            "/v1/organization", "/v1/nothing", "/nothing", "/oauth2/introspect",
            $"/client/v4/accounts/{Account}/access/service_tokens", "/api/v2/tokens",
            "/api/v2/token/query", "/access/verify", "/health/ready", "/v1/meta/openapi/management",
            "/lifecycle/v1/tokens", "/lifecycle/v1/audit", "/lifecycle/v1/nothing",
        ];
        foreach (var path in paths)
        {
            foreach (var bearer in new[] { service.Admin, "nonsense" })
            {
                var answer = await service.Send(
                    path.StartsWith("/oauth2", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path,
                    bearer);
                Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
                Assert.Equal("no-store", answer.Headers["Cache-Control"]);
                Assert.True(
                    answer.Status != HttpStatusCode.Unauthorized || answer.Headers.ContainsKey("WWW-Authenticate"),
                    path);
            }
        }
    }

    /// <summary>Routes of reads and of commands, one that is not there, and tools.</summary>
    [Theory]
    [InlineData("GET", "/lifecycle/v1/tokens")]
    [InlineData("POST", "/lifecycle/v1/introspect")]
    [InlineData("GET", "/lifecycle/v1/webhooks")]
    [InlineData("GET", "/lifecycle/v1/nothing")]
    [InlineData("POST", "/mcp")]
    [InlineData("GET", "/mcp")]
    public async Task The_lifecycle_api_and_mcp_are_guarded_as_the_others_and_say_how_to_authenticate(string method, string path)
    {
        var refused = await service.Send(new HttpMethod(method), path, "nonsense");
        Assert.True(
            refused.Status is HttpStatusCode.Unauthorized == !path.EndsWith("nothing", StringComparison.Ordinal),
            refused.Body);
        Assert.Equal(
            refused.Status == HttpStatusCode.Unauthorized,
            refused.Headers.TryGetValue("WWW-Authenticate", out var how));
        Assert.StartsWith("Bearer", how ?? "Bearer");
        foreach (var answer in new[] { refused, await service.Send(new HttpMethod(method), path, service.Admin) })
        {
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        }
    }

    [Theory]
    [InlineData("/v1/accounts", 200)]
    [InlineData("/v1/accounts/none", 404)]
    [InlineData("/lifecycle/v1/tokens?limit=1", 200)]
    [InlineData("/oauth2/introspect", 405)]
    public async Task What_can_be_read_answers_head_as_get_without_content(string path, int status)
    {
        var head = await service.Send(HttpMethod.Head, path, service.Admin);
        Assert.Equal((status, ""), ((int)head.Status, head.Body));
        Assert.Equal((await service.Get(path, service.Admin)).ContentType, head.ContentType);
        (await service.Get("/health/live", null)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/health/startup")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Probes_may_ask_by_head(string path)
    {
        var answer = (await service.Send(HttpMethod.Head, path)).Is(HttpStatusCode.OK);
        Assert.Equal("", answer.Body);
    }
}
