using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>
/// Every route with a bearer that is narrowed within its organization: NA administers one account, CU is a page of that
/// account, NC administers integrations of one category. The table says what each is answered.
/// </summary>
public sealed partial class NarrowedBearerTests(NarrowedWorld service) : IClassFixture<NarrowedWorld>
{
    private const string Table =
        """
        GET    /v1/accounts                                200 403 200
        POST   /v1/accounts                                403 403 403 {}
        GET    /v1/accounts/{A}                            200 200 200
        GET    /v1/accounts/{B}                            404 404 200
        PUT    /v1/accounts/{A}                            200 403 403 itself
        PATCH  /v1/accounts/{A}                            200 403 403 []
        PATCH  /v1/accounts/{B}                            404 403 403 []
        DELETE /v1/accounts/{A}                            204 403 403
        DELETE /v1/accounts/{B}                            404 403 403
        GET    /v1/organization                            200 403 200
        PUT    /v1/organization                            403 403 403 {"name":"mine","fullname":"Mine"}
        PATCH  /v1/organization                            403 403 403 []
        GET    /v1/permissionsets                          200 403 200
        GET    /v1/permissionsets/viewer                   200 403 200
        GET    /v1/roles                                   200 403 200
        POST   /v1/roles                                   403 403 403 {"permission_set":"viewer"}
        GET    /v1/roles/{role}                            200 403 200
        PUT    /v1/roles/{role}                            403 403 403 itself
        PATCH  /v1/roles/{role}                            403 403 403 []
        DELETE /v1/roles/{role}                            403 403 403
        GET    /v1/integration-points                      200 200 200
        POST   /v1/integration-points                      403 403 403 {"connector":"siem","environments":{"test":["*"]}}
        GET    /v1/integration-points/{point}              200 200 200
        GET    /v1/integration-points/{pointSink}          200 200 404
        PUT    /v1/integration-points/{point}              403 403 403 itself
        PATCH  /v1/integration-points/{point}              403 403 403 []
        DELETE /v1/integration-points/{point}              403 403 403
        GET    /v1/organization/webhooks                   200 403 200
        POST   /v1/organization/webhooks                   403 403 403 {"filters":["all"],"url":"https://x.example.com","secret":{"value":"s"}}
        GET    /v1/organization/webhooks/{webhook}         404 403 404
        PUT    /v1/organization/webhooks/{webhook}         403 403 403 itself
        PATCH  /v1/organization/webhooks/{webhook}         403 403 403 []
        DELETE /v1/organization/webhooks/{webhook}         403 403 403
        POST   /lifecycle/v1/introspect                    200 403 200 {"tokens":["x"]}
        GET    /lifecycle/v1/revocations                   403 403 403
        POST   /lifecycle/v1/leaks                         403 403 403 {"secrets":["x"]}
        GET    /lifecycle/v1/cluster                       403 403 403
        GET    /lifecycle/v1/overview                      403 403 403
        GET    /lifecycle/v1/webhooks                      403 403 403
        POST   /lifecycle/v1/webhooks                      403 403 403 {"url":"https://x.example.com"}
        GET    /lifecycle/v1/webhooks/{webhook}            403 403 403
        PATCH  /lifecycle/v1/webhooks/{webhook}            403 403 403 {"description":"x"}
        DELETE /lifecycle/v1/webhooks/{webhook}            403 403 403
        POST   /lifecycle/v1/webhooks/{webhook}/rotate-secret 403 403 403
        POST   /lifecycle/v1/webhooks/{webhook}/enable     403 403 403
        POST   /lifecycle/v1/webhooks/{webhook}/disable    403 403 403
        POST   /lifecycle/v1/webhooks/{webhook}/test       403 403 403
        POST   /lifecycle/v1/webhooks/{webhook}/redeliver  403 403 403 {"delivery_id":"msg_x"}
        POST   /lifecycle/v1/webhooks/{webhook}/replay     403 403 403 {"since":"2026-01-01T00:00:00Z"}
        GET    /lifecycle/v1/webhooks/{webhook}/deliveries 403 403 403
        GET    /lifecycle/v1/tokens                        200 403 200
        GET    /lifecycle/v1/tokens/{within}               200 403 200
        GET    /lifecycle/v1/tokens/{siemTokenA}           200 403 200
        GET    /lifecycle/v1/tokens/{siemTokenB}           404 403 200
        GET    /lifecycle/v1/tokens/{wide}                 404 403 404
        GET    /lifecycle/v1/tokens/{default}              404 403 404
        GET    /lifecycle/v1/tokens/{service}              404 403 404
        GET    /lifecycle/v1/tokens/{within}/usage         200 403 200
        GET    /lifecycle/v1/tokens/{within}/history       200 403 200
        GET    /lifecycle/v1/tokens/{wide}/history         404 403 404
        GET    /lifecycle/v1/tokens/{wide}/usage           404 403 404
        GET    /lifecycle/v1/tokens/{within}/descendants   200 403 200
        GET    /lifecycle/v1/tokens/{wide}/descendants     404 403 404
        GET    /lifecycle/v1/tokens/{within}/can?action=accounts:get 200 403 200
        GET    /lifecycle/v1/tokens/{wide}/can?action=accounts:get   404 403 404
        PATCH  /lifecycle/v1/tokens/{within}               428 403 428 {"description":"x"}
        PATCH  /lifecycle/v1/tokens/{siemTokenB}           404 403 428 {"description":"x"}
        POST   /lifecycle/v1/tokens                        201 403 201 {"permission_set":"viewer"}
        POST   /lifecycle/v1/tokens                        403 403 403 {"permission_set":"viewer","resources":{"accounts":{"ids":["*"]},"integrations":{"categories":["*"]}}}
        POST   /lifecycle/v1/tokens                        201 403 201 {"kind":"mcp","permission_set":"viewer"}
        POST   /lifecycle/v1/tokens                        201 403 201 {"kind":"integration","integration_id":"{siemA}"}
        POST   /lifecycle/v1/tokens                        400 403 201 {"kind":"integration","integration_id":"{siemB}"}
        POST   /lifecycle/v1/tokens/{within}/rotate        200 403 200
        POST   /lifecycle/v1/tokens/{wide}/rotate          404 403 404
        POST   /lifecycle/v1/tokens/{service}/rotate       404 403 404
        POST   /lifecycle/v1/tokens/{siemTokenB}/rotate    404 403 200
        POST   /lifecycle/v1/tokens/{within}/refresh       200 403 200
        POST   /lifecycle/v1/tokens/{wide}/refresh         404 403 404
        POST   /lifecycle/v1/tokens/{within}/reset         200 403 200
        POST   /lifecycle/v1/tokens/{wide}/reset           404 403 404
        POST   /lifecycle/v1/tokens/{within}/enable        200 403 200
        POST   /lifecycle/v1/tokens/{wide}/enable          404 403 404
        POST   /lifecycle/v1/tokens/{within}/disable       200 403 200
        POST   /lifecycle/v1/tokens/{wide}/disable         404 403 404
        POST   /lifecycle/v1/tokens/{default}/disable      404 403 404
        POST   /lifecycle/v1/tokens/{within}/remove-secondary 200 403 200
        POST   /lifecycle/v1/tokens/{wide}/remove-secondary   404 403 404
        POST   /lifecycle/v1/tokens/{within}/move-deadline 200 403 200 {"deadline":"2030-01-01T00:00:00Z"}
        POST   /lifecycle/v1/tokens/{wide}/move-deadline   404 403 404 {"deadline":"2030-01-01T00:00:00Z"}
        DELETE /lifecycle/v1/tokens/{within}               204 403 204
        DELETE /lifecycle/v1/tokens/{wide}                 404 403 404
        DELETE /lifecycle/v1/tokens/{default}              404 403 404
        DELETE /lifecycle/v1/tokens/{service}              404 403 404
        POST   /lifecycle/v1/tokens/revoke                 202 403 202 {"filter":["labels[eq]none"]}
        POST   /lifecycle/v1/tokens/revoke                 404 403 404 {"plan":"{A}"}
        GET    /lifecycle/v1/jobs/{A}                      404 403 404
        DELETE /lifecycle/v1/jobs/{A}                      404 403 404
        GET    /lifecycle/v1/import-schemes                403 403 403
        POST   /lifecycle/v1/import-schemes                403 403 403 {"name":"acme","prefix":"acme_","length":40}
        DELETE /lifecycle/v1/import-schemes/{A}            403 403 403
        POST   /lifecycle/v1/tokens/import                 403 403 403 {}
        GET    /lifecycle/v1/imports/{A}                   404 403 404
        DELETE /lifecycle/v1/imports/{A}                   404 403 404
        GET    /lifecycle/v1/imports/{A}/results           404 403 404
        POST   /lifecycle/v1/intents                       201 403 201 {"command":"create","token":{"permission_set":"viewer"}}
        POST   /lifecycle/v1/intents                       403 403 403 {"command":"create","token":{"permission_set":"viewer","resources":{"accounts":{"ids":["*"]},"integrations":{"categories":["*"]}}}}
        POST   /lifecycle/v1/intents                       201 403 201 {"command":"rotate","token_id":"{within}"}
        POST   /lifecycle/v1/intents                       404 403 404 {"command":"rotate","token_id":"{wide}"}
        GET    /lifecycle/v1/intents/{A}                   404 404 404
        POST   /lifecycle/v1/intents/{A}/collect           404 404 404
        GET    /v1/jobs                                    200 403 200
        GET    /v1/jobs/history                            200 403 200
        GET    /v1/mappings                                200 403 200
        POST   /v1/mappings                                403 403 403 {"data":"@"}
        POST   /v1/mappings/apply                          403 403 403 {"mappings":["{mapping}"],"data":{}}
        GET    /v1/mappings/{mapping}                      404 403 404
        PUT    /v1/mappings/{mapping}                      403 403 403 itself
        PATCH  /v1/mappings/{mapping}                      403 403 403 []
        DELETE /v1/mappings/{mapping}                      403 403 403
        GET    /v1/suborgs                                 200 403 200
        POST   /v1/suborgs                                 403 403 403 {}
        GET    /v1/suborgs/{suborg}                        404 403 404
        DELETE /v1/suborgs/{suborg}                        403 403 403
        GET    /v1/members                                 200 403 200
        POST   /v1/members                                 403 403 403 {"name":"x@example.com","secret":"correct horse battery","role_binding":[]}
        GET    /v1/members/{memberOwn}                     200 403 200
        GET    /v1/members/{memberBare}                    200 403 200
        GET    /v1/members/{memberWide}                    404 403 404
        PUT    /v1/members/{memberOwn}                     403 403 403 itself
        PATCH  /v1/members/{memberBare}                    403 403 403 []
        PATCH  /v1/members/{memberWide}                    403 403 403 []
        DELETE /v1/members/{memberBare}                    403 403 403
        DELETE /v1/members/{memberWide}                    403 403 403
        GET    /v1/integrations                            200 200 200
        GET    /v1/integrations/{A}                        200 200 200
        GET    /v1/integrations/{B}                        404 404 200
        POST   /v1/integrations/{A}                        201 201 201 {"provider_config":{"type":"siem_mock_siem"}}
        POST   /v1/integrations/{B}                        404 404 201 {"provider_config":{"type":"siem_mock_siem"}}
        POST   /v1/integrations/{A}                        201 201 403 {"provider_config":{"type":"sink_mock_sink"}}
        POST   /v1/integrations/{A}                        201 201 400 {"provider_config":{"type":"siem_rapid7_insightidr","url":"https://x","credential":{"type":"token_id","value":"{credentialA}"}}}
        POST   /v1/integrations/{A}/verify                 200 200 200 {"integration":{"provider_config":{"type":"siem_mock_siem"}}}
        POST   /v1/integrations/{A}/verify                 200 200 403 {"integration":{"provider_config":{"type":"sink_mock_sink"}}}
        POST   /v1/integrations/{B}/verify                 404 404 200 {"integration":{"provider_config":{"type":"siem_mock_siem"}}}
        GET    /v1/integrations/{A}/{siemA}                200 200 200
        GET    /v1/integrations/{A}/{sinkA}                200 200 404
        GET    /v1/integrations/{B}/{siemB}                404 404 200
        PUT    /v1/integrations/{A}/{siemA}                200 200 200 itself
        PATCH  /v1/integrations/{A}/{siemA}                200 200 200 []
        PATCH  /v1/integrations/{A}/{sinkA}                200 200 404 []
        PATCH  /v1/integrations/{B}/{siemB}                404 404 200 []
        DELETE /v1/integrations/{A}/{siemA}                204 204 204
        DELETE /v1/integrations/{A}/{sinkA}                204 204 404
        GET    /v1/credentials/{A}                         200 200 404
        GET    /v1/credentials/{B}                         404 404 404
        GET    /v1/credentials/{siemA}                     200 200 200
        GET    /v1/credentials/{sinkA}                     200 200 404
        GET    /v1/credentials/{siemB}                     404 404 200
        GET    /v1/credentials/{point}                     404 404 404
        POST   /v1/credentials/{A}                         201 201 404 {"config":{"type":"token","secret":"s3cr3t-s3cr3t"}}
        POST   /v1/credentials/{B}                         404 404 404 {"config":{"type":"token","secret":"s3cr3t-s3cr3t"}}
        POST   /v1/credentials/{siemA}                     201 201 201 {"config":{"type":"token","secret":"s3cr3t-s3cr3t"}}
        POST   /v1/credentials/{point}                     404 404 404 {"config":{"type":"token","secret":"s3cr3t-s3cr3t"}}
        GET    /v1/credentials/{A}/{credentialA}           200 200 404
        GET    /v1/credentials/{B}/{credentialB}           404 404 404
        GET    /v1/credentials/{point}/{credentialP}       404 404 404
        PUT    /v1/credentials/{A}/{credentialA}           200 403 404 itself
        PUT    /v1/credentials/{point}/{credentialP}       404 403 404 itself
        PATCH  /v1/credentials/{A}/{credentialA}           200 403 404 []
        PATCH  /v1/credentials/{point}/{credentialP}       404 403 404 []
        DELETE /v1/credentials/{A}/{credentialA}           204 204 404
        DELETE /v1/credentials/{B}/{credentialB}           404 404 404
        DELETE /v1/credentials/{point}/{credentialP}       404 404 404
        GET    /v1/credentials/lookup/{credentialA}        200 403 404
        GET    /v1/credentials/lookup/{credentialB}        404 403 404
        GET    /v1/credentials/lookup/{credentialP}        404 403 404
        GET    /v1/bridges/{A}                             200 403 404
        GET    /v1/bridges/{B}                             404 403 404
        POST   /v1/bridges/{A}                             201 403 404 {}
        POST   /v1/bridges/{B}                             404 403 404 {}
        GET    /v1/bridges/{A}/{bridgeA}                   200 403 404
        GET    /v1/bridges/{B}/{bridgeB}                   404 403 404
        GET    /v1/bridges/{A}/{bridgeB}                   404 403 404
        PUT    /v1/bridges/{A}/{bridgeA}                   200 403 404 itself
        PATCH  /v1/bridges/{A}/{bridgeA}                   200 403 404 []
        PATCH  /v1/bridges/{B}/{bridgeB}                   404 403 404 []
        DELETE /v1/bridges/{A}/{bridgeA}                   204 403 404
        DELETE /v1/bridges/{B}/{bridgeB}                   404 403 404
        GET    /v1/bridges/{A}/{bridgeA}/status            200 403 404
        GET    /v1/bridges/{B}/{bridgeB}/status            404 403 404
        GET    /v1/status                                  200 403 200
        GET    /v1/status/timeseries                       403 403 403
        GET    /v1/status/{A}/{siemA}                      200 403 200
        GET    /v1/status/{A}/{sinkA}                      200 403 404
        GET    /v1/status/{B}/{siemB}                      404 403 200
        PUT    /v1/status/{A}/{siemA}                      204 403 204
        PUT    /v1/status/{A}/{sinkA}                      204 403 404
        PUT    /v1/status/{B}/{siemB}                      404 403 204
        GET    /v1/status/{A}/{siemA}/events               200 403 200
        GET    /v1/status/{B}/{siemB}/events               404 403 200
        GET    /v1/status/{A}/{siemA}/timeseries           200 403 200
        GET    /v1/status/{B}/{siemB}/timeseries           404 403 200
        GET    /v1/tokens                                  200 403 200
        POST   /v1/tokens                                  201 403 201 {"permission_set":"viewer","resources":{}}
        POST   /v1/tokens                                  403 403 403 {"permission_set":"viewer","resources":{"accounts":{"ids":["*"]},"integrations":{"categories":["*"]}}}
        POST   /v1/tokens/mcp                              201 403 201 {"scope":{"type":"management"}}
        POST   /v1/tokens/mcp                              201 403 201 {"scope":{"type":"integration-usage","account_id":"{A}"}}
        POST   /v1/tokens/mcp                              404 403 201 {"scope":{"type":"integration-usage","account_id":"{B}"}}
        POST   /v1/tokens/synqly-integrations              403 403 201 {}
        POST   /v1/tokens/{A}/{siemA}                      201 403 201 {}
        POST   /v1/tokens/{A}/{sinkA}                      201 403 404 {}
        POST   /v1/tokens/{B}/{siemB}                      404 403 201 {}
        GET    /v1/tokens/{within}/info                    200 403 200
        GET    /v1/tokens/{siemTokenA}/info                200 403 200
        GET    /v1/tokens/{siemTokenB}/info                404 403 200
        GET    /v1/tokens/{wide}/info                      404 403 404
        GET    /v1/tokens/{default}/info                   404 403 404
        GET    /v1/tokens/{service}/info                   404 403 404
        PUT    /v1/tokens/{org}/{within}/rotate            200 403 200
        PUT    /v1/tokens/{org}/{wide}/rotate              403 403 403
        PUT    /v1/tokens/{org}/{default}/rotate           403 403 403
        PUT    /v1/tokens/{org}/{service}/rotate           403 403 403
        PUT    /v1/tokens/{siemA}/{siemTokenA}/rotate      200 403 200
        PUT    /v1/tokens/{siemB}/{siemTokenB}/rotate      403 403 200
        PUT    /v1/tokens/{org}/{within}/reset             200 403 200
        PUT    /v1/tokens/{org}/{wide}/reset               403 403 403
        PUT    /v1/tokens/{org}/{service}/reset            403 403 403
        PUT    /v1/tokens/{within}/refresh                 200 403 200
        PUT    /v1/tokens/{wide}/refresh                   403 403 403
        PUT    /v1/tokens/{default}/refresh                403 403 403
        PUT    /v1/tokens/{service}/refresh                403 403 403
        DELETE /v1/tokens/{within}/secondary               204 403 204
        DELETE /v1/tokens/{wide}/secondary                 403 403 403
        DELETE /v1/tokens/{within}                         204 403 204
        DELETE /v1/tokens/{wide}                           403 403 403
        DELETE /v1/tokens/{default}                        403 403 403
        DELETE /v1/tokens/{service}                        403 403 403
        GET    /v1/audit/organizations                     200 403 200
        GET    /client/v4/accounts/{cf}/access/service_tokens                   403 403 403
        POST   /client/v4/accounts/{cf}/access/service_tokens                   403 403 403 {"name":"x"}
        GET    /client/v4/accounts/{cf}/access/service_tokens/{service}         403 403 403
        PUT    /client/v4/accounts/{cf}/access/service_tokens/{service}         403 403 403 {"duration":"48h"}
        DELETE /client/v4/accounts/{cf}/access/service_tokens/{service}         403 403 403
        POST   /client/v4/accounts/{cf}/access/service_tokens/{service}/refresh 403 403 403
        POST   /client/v4/accounts/{cf}/access/service_tokens/{service}/rotate  403 403 403
        GET    /api/v2/tokens                              403 403 403
        POST   /api/v2/tokens                              403 403 403 {"role":"reader"}
        GET    /api/v2/tokens/{launch}                     403 403 403
        PATCH  /api/v2/tokens/{launch}                     403 403 403 []
        DELETE /api/v2/tokens/{launch}                     403 403 403
        POST   /api/v2/tokens/{launch}/reset               403 403 403
        GET    /client/v4/zones/{cf}/access/service_tokens                      403 403 403
        POST   /client/v4/zones/{cf}/access/service_tokens                      403 403 403 {"name":"x"}
        GET    /client/v4/zones/{cf}/access/service_tokens/{service}            403 403 403
        PUT    /client/v4/zones/{cf}/access/service_tokens/{service}            403 403 403 {"duration":"48h"}
        DELETE /client/v4/zones/{cf}/access/service_tokens/{service}            403 403 403
        GET    /api/v2/roles/{role}                        403 403 403
        GET    /api/v2/caller-identity                     403 403 403
        GET    /access/verify?organization_id={org}       200 403 200
        GET    /lifecycle/v1/audit                         200 403 200
        GET    /lifecycle/v1/policy                        403 403 403
        PUT    /lifecycle/v1/policy                        403 403 403 {}
        GET    /lifecycle/v1/policy/breaches               403 403 403
        POST   /v1/status/{A}/{siemA}/report               401 401 401 {"requests":1}
        POST   /v1/bridges/{A}/{bridgeA}/report            401 401 401 {}
        GET    /v1/capabilities/connectors                 200 200 200
        GET    /v1/capabilities/providers                  200 200 200
        GET    /v1/capabilities/providers/siem_mock_siem   200 200 200
        GET    /api/v2/token/query                         401 401 401
        POST   /api/v2/token                               401 401 401 {"type":"global","name":"x","permissions":["**/**"]}
        DELETE /api/v2/token/{flow}                        401 401 401
        """;

    private static readonly string[] Kinds = ["NA", "CU", "NC"];

    public static TheoryData<string, string, string, string> Rows()
    {
        TheoryData<string, string, string, string> rows = [];
        foreach (var row in Table.Split('\n'))
        {
            var words = row.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            rows.Add(words[0], words[1], string.Join(' ', words[2..5]), words.Length > 5 ? words[5] : "");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_narrowed_bearer_is_answered_what_the_table_says(
        string method, string path, string expected, string body)
    {
        List<int> statuses = [];
        foreach (var kind in Kinds)
        {
            var world = await service.Fresh();
            var bearer = await service.Bearer(kind, world["A"]);
            var answer = await Send(method, Fill(path, world), bearer, Fill(body, world));
            statuses.Add((int)answer.Status);
            if (answer.Status == HttpStatusCode.Unauthorized
                && path.StartsWith("/api/v2/token", StringComparison.Ordinal))
            {
                // Boomerang's clients are told by the body which of the two it is.
                Assert.Equal(403, (int)answer.Json["code"]!);
                Assert.Equal(401, (int)(await Send(method, Fill(path, world), "nonsense", "")).Json["code"]!);
            }
        }

        Assert.Equal(expected, string.Join(' ', statuses));
    }

    /// <summary>Only operations without a grant to be narrowed are missing.</summary>
    [Fact]
    public void The_table_has_every_operation_that_a_grant_decides()
    {
        var tried = Rows().Select(row => $"{row[0]} {Parameter().Replace((string)row[1], "{}")}").ToHashSet();
        var all = Operation.All.Where(
            operation => operation.Action is not (null or "auth:change_password") || operation.Id == "tokens_refresh");
        Assert.Empty(all.Where(o => !tried.Contains($"{o.Method} {Parameter().Replace(Known(o.Path), "{}")}")).Select(o => o.Id));

        static string Known(string path) => path.Replace("{permissionsetId}", "viewer");
    }

    /// <summary>What asks for no grant, or stands in a table of its own below.</summary>
    private static readonly string[] Elsewhere =
    [
        "POST /oauth2/introspect", "POST /oauth2/revoke", "POST /oauth2/revoke-self", "POST /v1/auth/change_password",
        "POST /v1/auth/logoff",
        "POST /v1/auth/logon/{}",
    ];

    [Fact]
    public void The_table_has_every_route_of_every_api()
    {
        string[] apis = ["/v1/", "/lifecycle/", "/client/", "/api/", "/access/", "/oauth2/"];
        var tried = Rows().Select(row => $"{row[0]} {Parameter().Replace(((string)row[1]).Split('?')[0], "{}")}")
            .Select(row => row.Replace("permissionsets/viewer", "permissionsets/{}").Replace("providers/siem_mock_siem", "providers/{}")).ToHashSet();
        var routes = service.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => apis.Any(api => Pattern(route).StartsWith(api, StringComparison.Ordinal)))
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(
                method => $"{method} {Pattern(route)}"))
            .Where(route => !route.StartsWith("HEAD", StringComparison.Ordinal) && !route.Contains("/openapi", StringComparison.Ordinal)).ToHashSet();
        Assert.True(routes.Count > 150, $"{routes.Count} routes were found");
        Assert.Empty(routes.Where(route => !tried.Contains(route)).Except(Elsewhere));

        static string Pattern(RouteEndpoint route) =>
            "/" + AnyParameter().Replace(route.RoutePattern.RawText!, "{}").Trim('/');
    }

    [Theory]
    [InlineData("NA", "/v1/accounts", "A", "B")]
    [InlineData("NC", "/v1/accounts", "A B", "")]
    [InlineData("NA", "/v1/integrations", "siemA sinkA", "siemB")]
    [InlineData("NC", "/v1/integrations", "siemA siemB", "sinkA")]
    [InlineData("NC", "/v1/integration-points", "point", "pointSink")]
    [InlineData("NA", "/v1/integration-points", "point pointSink", "")]
    [InlineData("NA", "/v1/roles", "role", "")]
    [InlineData("NA", "/v1/suborgs", "", "suborg")]
    [InlineData("NA", "/v1/members", "memberOwn memberBare", "memberWide")]
    [InlineData("NC", "/v1/members", "memberOwn memberBare", "memberWide")]
    [InlineData("NA", "/v1/tokens", "within", "wide default service launch flow")]
    [InlineData("NC", "/v1/tokens", "within", "wide default service launch flow")]
    public async Task A_list_shows_what_the_bearer_may_see(string kind, string path, string shown, string hidden)
    {
        var world = await service.Fresh();
        var bearer = await service.Bearer(kind, world["A"]);
        HashSet<string> ids = [];
        for (var after = ""; ;)
        {
            // Other tests have made thousands.
            var page = (await service.Get($"{path}?limit=1000{after}", bearer)).Is(HttpStatusCode.OK).Result.AsArray();
            ids.UnionWith(page.Select(item => (string)item!["id"]!));
            if (page.Count < 1000)
            {
                break;
            }

            after = $"&start_after={Uri.EscapeDataString((string)page[^1]!["name"]!)}";
        }

        Assert.All(Words(shown), name => Assert.Contains(world[name], ids));
        Assert.All(Words(hidden), name => Assert.DoesNotContain(world[name], ids));

        static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A connector sends a credential where its integration says, so that to bind one is to be sent its
    /// secret.</summary>
    [Fact]
    public async Task A_credential_that_a_bearer_may_not_see_is_bound_by_no_way_and_one_that_stood_there_stays()
    {
        var world = await service.Fresh();
        var (bearer, hidden) = (await service.Bearer("NC", world["A"]), world["credentialA"]);
        var path = $"/v1/integrations/{world["A"]}";
        string Siem(string credential, string url = "https://x") => $$$"""{"provider_config":{"type":"siem_rapid7_insightidr","url":"{{{url}}}","credential":{{{credential}}}}}""";
        string Reference(string id, string type = "token_id") => $$"""{"type":"{{type}}","value":"{{id}}"}""";
        async Task<string> Refused(string id, string type)
        {
            var answer = (await service.Post(path, bearer, Siem(Reference(id, type)))).IsProblem(
                HttpStatusCode.BadRequest, "/provider_config/credential/value");
            return answer.Json["cause"]!.ToJsonString().Replace(id, "", StringComparison.Ordinal);
        }

        var unknown = await Refused($"{Guid.NewGuid()}", "token_id");
        Assert.Equal(unknown, await Refused(hidden, "token_id"));
        Assert.Equal(unknown, await Refused(hidden, "basic_id"));

        // A text that is an id is no reference, whoever wrote it there.
        var own = (await service.Post(path, bearer, Siem("""{"type":"token","secret":"hunter2-hunter2"}""", hidden))).Is(HttpStatusCode.Created);
        (await Patch(own, $$"""[{"op":"replace","path":"/provider_config/credential","value":{{Reference(hidden)}}}]""")).IsProblem(HttpStatusCode.BadRequest);

        var bound = (await service.Post(path, service.Admin, Siem(Reference(hidden)))).Is(HttpStatusCode.Created);
        (await Send("PUT", $"{path}/{Id(bound)}", bearer, "itself")).Is(HttpStatusCode.OK);
        (await Patch(bound, """[{"op":"replace","path":"/provider_config/credential/type","value":"basic_id"}]""")).IsProblem(HttpStatusCode.BadRequest);

        static string Id(Answer made) => (string)made.Result["integration"]!["id"]!;
        Task<Answer> Patch(Answer made, string patch) =>
            service.Send(HttpMethod.Patch, $"{path}/{Id(made)}", bearer, patch);
    }

    /// <summary>A page that is full ends where the next begins, also where most of the rows between are
    /// hidden.</summary>
    [Fact]
    public async Task A_list_goes_on_where_a_page_of_visible_rows_ended()
    {
        var world = await service.Fresh();
        var bearer = await service.Bearer("NA", world["A"]);
        HashSet<string> seen = [];
        for (string? after = null; ;)
        {
            var query = after is null ? "?limit=1" : $"?limit=1&start_after={Uri.EscapeDataString(after)}";
            var page = (await service.Get($"/v1/members{query}", bearer)).Is(HttpStatusCode.OK).Result.AsArray();
            if (page.Count == 0)
            {
                break;
            }

            after = (string)page[0]!["name"]!;
            Assert.True(seen.Add((string)page[0]!["id"]!));
        }

        Assert.Contains(world["memberBare"], seen);
        Assert.DoesNotContain(world["memberWide"], seen);
    }

    [Theory]
    [InlineData("within", "True 403 True")]
    [InlineData("wide", "False 403 False")]
    [InlineData("service", "False 403 False")]
    [InlineData("launch", "False 403 False")]
    [InlineData("flow", "False 403 False")]
    public async Task Introspection_tells_a_narrowed_bearer_of_tokens_within_its_grant(string token, string expected)
    {
        List<string> answers = [];
        foreach (var kind in Kinds)
        {
            var world = await service.Fresh();
            var answer = await service.Introspect(await service.Bearer(kind, world["A"]), world[$"{token}Secret"]);
            answers.Add(answer.Status == HttpStatusCode.OK ? answer.Json["active"]!.GetValue<bool>().ToString() : $"{(int)answer.Status}");
        }

        Assert.Equal(expected, string.Join(' ', answers));
    }

    [Theory]
    [InlineData("within", "200 403 200")]
    [InlineData("wide", "403 403 403")]
    [InlineData("service", "403 403 403")]
    [InlineData("launch", "403 403 403")]
    [InlineData("flow", "403 403 403")]
    public async Task Revocation_ends_for_a_narrowed_bearer_tokens_within_its_grant(string token, string expected)
    {
        List<int> statuses = [];
        foreach (var kind in Kinds)
        {
            var world = await service.Fresh();
            statuses.Add(
                (int)(await service.Revoke(await service.Bearer(kind, world["A"]), world[$"{token}Secret"])).Status);
            Assert.Equal(token != "within" || statuses[^1] != 200, await service.IsActive(world[$"{token}Secret"]));
        }

        Assert.Equal(expected, string.Join(' ', statuses));
    }

    private async Task<Answer> Send(string method, string path, string bearer, string body)
    {
        object? content = body switch
        {
            "" => null,
            "itself" => (object?)(await service.Get(path, service.Admin)).Json["result"],
            _ => body,
        };
        var isBare = path.StartsWith("/api/v2/", StringComparison.Ordinal)
            && !path.StartsWith("/api/v2/token/", StringComparison.Ordinal)
            && path != "/api/v2/token";
        var header = isBare ? bearer : $"Bearer {bearer}";
        return await service.Send(new HttpMethod(method), path, [("Authorization", header)], content);
    }

    private static string Fill(string text, Dictionary<string, string> world) =>
        Parameter().Replace(text, match => world.GetValueOrDefault(match.Groups[1].Value, match.Value));

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex AnyParameter();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Parameter();
}
