using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using TokenActors.Gateway.Tests.Management;
using static TokenActors.Gateway.Tests.Lifecycle.Imports;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>
/// Every route of every API that changes something, asked with <c>dry_run=true</c>: it says what it would do, or
/// refuses to. Whoever asks so wants to look, whatever the route.
/// </summary>
public sealed partial class PreviewWalkTests(NarrowedWorld service) : IClassFixture<NarrowedWorld>
{
    /// <summary>Routes that say what they would do; of <c>/v1</c> what has members, roles, accounts, integrations, the
    /// organization.</summary>
    [GeneratedRegex(@"^\S+ (/lifecycle/v1/|/v1/(members|roles|accounts|integrations|organization)(/|$))")]
    private static partial Regex Previewed();

    /// <summary>Routes among them whose effect is no change that could be foreseen, or that stop what is under
    /// way.</summary>
    private static readonly string[] Unpreviewed =
    [
        "POST /lifecycle/v1/webhooks/{}/test", "POST /lifecycle/v1/webhooks/{}/redeliver",
        "POST /lifecycle/v1/webhooks/{}/replay",
        "POST /lifecycle/v1/leaks", "POST /lifecycle/v1/introspect", "POST /lifecycle/v1/intents",
        "POST /lifecycle/v1/intents/{}/collect",
        "DELETE /lifecycle/v1/jobs/{}", "DELETE /lifecycle/v1/imports/{}", "POST /v1/integrations/{}/verify",
        "POST /v1/organization/webhooks",
        "PUT /v1/organization/webhooks/{}", "PATCH /v1/organization/webhooks/{}", "DELETE /v1/organization/webhooks/{}",
    ];

    /// <summary>It leaves a plan, which is a row; RevocationPlanTests has it.</summary>
    private const string Planning = "POST /lifecycle/v1/tokens/revoke";

    /// <summary>Routes that no narrowed bearer is tried on.</summary>
    private static readonly string[] Others =
    [
        "POST /oauth2/introspect", "POST /oauth2/revoke", "POST /oauth2/revoke-self", "POST /v1/auth/change_password",
        "POST /v1/auth/logoff",
        "POST /v1/auth/logon/{org}",
    ];

    [Fact]
    public async Task A_change_is_previewed_or_refuses_to_be_and_is_made_in_no_case()
    {
        var world = await World();
        var calls = NarrowedBearerTests.Rows().Select(
            row => (Method: (string)row[0], Path: ((string)row[1]).Split('?')[0], Body: (string)row[3]))
            .Concat(Others.Select(route => (Method: route.Split(' ')[0], Path: route.Split(' ')[1], Body: "")))
            .DistinctBy(call => RouteOf(call.Method, call.Path)).ToDictionary(call => RouteOf(call.Method, call.Path));
        List<string> wrong = [];
        var seen = 0L;
        foreach (var route in Changing())
        {
            if (!calls.TryGetValue(route, out var call))
            {
                wrong.Add($"{route}: no call of it is known");
                continue;
            }

            service.EventsSince(ref seen);
            var before = service.State();
            var answer = await Preview(call.Method, call.Path, call.Body, world);

            // OAuth's errors say of a request no more than that it cannot be read.
            var isSaid = route.Contains(" /oauth2/", StringComparison.Ordinal)
                || answer.Body.Contains("dry_run", StringComparison.Ordinal);
            var isPreviewed = Previewed().IsMatch(route) && !Unpreviewed.Contains(route);
            var expected = isPreviewed ? HttpStatusCode.OK : HttpStatusCode.BadRequest;
            Note(answer.Status == expected && isSaid, route, $"{answer.Status} {answer.Body}");
            var events = service.EventsSince(ref seen);
            if (route == Planning)
            {
                continue;
            }

            Note(before == service.State(), route, "changed something");
            Note(events.SequenceEqual(isPreviewed ? ["call.previewed"] : []), route, $"the trail has {string.Join(", ", events)}");
        }

        Assert.True(wrong is [], string.Join('\n', wrong));

        void Note(bool isRight, string route, string what)
        {
            if (!isRight)
            {
                wrong.Add($"{route}: {what}");
            }
        }
    }

    /// <summary>The MCP server's one path takes messages, and the console's pages are asked for by people.</summary>
    private IEnumerable<string> Changing()
    {
        var routes = service.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(
                method => RouteOf(method, route.RoutePattern.RawText!)))
            .Where(route => !route.StartsWith("GET ", StringComparison.Ordinal)
                && !route.StartsWith("HEAD ", StringComparison.Ordinal))
            .Where(route => !route.Contains(" /mcp", StringComparison.Ordinal)
                && !route.Contains(" /console", StringComparison.Ordinal))
            .Distinct().Order().ToList();
        Assert.True(routes.Count > 80, $"{routes.Count} routes were found");
        return routes;
    }

    private static string RouteOf(string method, string path) =>
        $"{method} /{AnyParameter().Replace(path, "{}").Trim('/')}";

    /// <summary>What the rows name, with an endpoint and a scheme of this API.</summary>
    private async Task<Dictionary<string, string>> World()
    {
        var world = await service.Fresh();
        world["endpoint"] = (string)(await service.Post(
            "/lifecycle/v1/webhooks", service.Admin, new { url = "https://x.example.com" }))
            .Is(HttpStatusCode.Created).Json["id"]!;
        await service.Scheme();
        world["scheme"] = (string)(await service.Get(Schemes, service.Admin)).Is(HttpStatusCode.OK).Json["items"]![0]!["id"]!;
        return world;
    }

    private async Task<Answer> Preview(string method, string path, string body, Dictionary<string, string> world)
    {
        var type = "application/json";
        if (path.StartsWith("/lifecycle/v1/webhooks/", StringComparison.Ordinal))
        {
            path = path.Replace("{webhook}", "{endpoint}", StringComparison.Ordinal);
        }
        else if (path.StartsWith(Schemes, StringComparison.Ordinal))
        {
            (path, body) = (path.Replace("{A}", "{scheme}", StringComparison.Ordinal), body.Replace(
                "acme", "other", StringComparison.Ordinal));
        }
        else if (path == Imports.Route)
        {
            (body, type) = (Lines(Line(NewKey())), "application/x-ndjson");
        }

        path = Fill(path);
        object? content = body switch
        {
            "" => null,
            "itself" => (await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Result,
            _ => (object)Fill(body),
        };
        return await service.Send(
            new HttpMethod(method), path + "?dry_run=true", [("Authorization", "Bearer " + service.Admin), ("If-Match", "*")], content, type);

        string Fill(string text) =>
            Named().Replace(text, match => world.GetValueOrDefault(match.Groups[1].Value, match.Value));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex AnyParameter();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Named();
}
