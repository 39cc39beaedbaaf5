using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using TokenActors.Grains.Abstractions.Members;
using Xunit.Abstractions;

namespace TokenActors.Gateway.Tests.Fuzzing;

/// <summary>
/// Malformed and hostile requests to every route of every API, one at a time: none ends in a 500, every refusal has the
/// shape of its API and changes nothing, and none takes much processor or memory. <c>TOKENACTORS_LONG=1</c> sends many
/// more from a seed that is drawn, <c>TOKENACTORS_FUZZ_SEED</c> begins with the seed of a failure.
/// </summary>
[Collection("alone")]
public sealed partial class FuzzTests(ITestOutputHelper output)
{
    /// <summary>What was done to a service adds up: each has so many requests.</summary>
    private const int RequestsOfOneService = 750;

    /// <summary>A request may end the administrator's token that it bears, so that there are several.</summary>
    private const int Administrators = 24;

    /// <summary>A service that lets nobody in any more, as one whose organization was disabled, is given up.</summary>
    private const int RequestsBetweenLooks = 25;

    private const int UsualSeed = 338269709;
    private const double MostSeconds = 0.25;
    private const long MostBytes = 64L * 1024 * 1024;

    private sealed record Route(
        string Api, string Method, string Path, JsonNode Document, JsonNode? Body, IReadOnlyList<string> Query);

    private sealed record Sent(string Method, string Uri, byte[]? Body, List<(string Name, string Value)> Headers);

    [Fact]
    public async Task No_request_however_hostile_ends_in_a_500_or_changes_what_it_was_refused()
    {
        var isLong = Environment.GetEnvironmentVariable("TOKENACTORS_LONG") == "1";
        var seed = (int.TryParse(Environment.GetEnvironmentVariable("TOKENACTORS_FUZZ_SEED"), out var given), isLong) switch
        {
            (true, _) => given,
            (_, true) => Random.Shared.Next(),
            _ => UsualSeed,
        };
        var count = isLong ? 60_000 : 3_000;
        output.WriteLine($"seed {seed}, {count} requests");
        var random = new Random(seed);
        Dictionary<int, int> statuses = [];
        List<string> failures = [];
        for (var sent = 0; sent < count;)
        {
            sent += await SendToOne(random, isFirst: sent == 0, statuses, failures);
        }

        output.WriteLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Value} x {s.Key}")));
        Assert.True(
            failures.Count == 0,
            $"seed {seed}, {failures.Count} failures:\n{string.Join('\n', failures.DistinctBy(f => f[..Math.Min(90, f.Length)]).Take(20))}");
        Assert.True(
            statuses.Count > 5 && statuses.GetValueOrDefault(200) > count / 20, "the requests are too much alike");
        Assert.True(statuses.GetValueOrDefault(401) < count / 2, "most requests come no further than the door");
    }

    /// <summary>Neither a row of another kind nor a call in the trail gives it away.</summary>
    [Fact]
    public async Task What_was_done_to_a_token_alone_is_seen()
    {
        var service = new Service();
        await service.InitializeAsync();
        try
        {
            using var database = new SqliteConnection($"Data Source={Path.Combine(service.Folder, "tokenactors.db")}");
            database.Open();
            var before = StateOf(database);
            using var change = database.CreateCommand();
            change.CommandText = "UPDATE records SET version = version + 1 WHERE kind = 'token'";
            Assert.True(change.ExecuteNonQuery() > 0);
            Assert.NotEqual(before, StateOf(database));
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    /// <returns>how many requests were sent and measured</returns>
    private static async Task<int> SendToOne(
        Random random, bool isFirst, Dictionary<int, int> statuses, List<string> failures)
    {
        var service = new Service();
        await service.InitializeAsync();
        try
        {
            var routes = await RoutesOf(service);
            var (ids, mappings, bearers) = await Prepare(service);
            using var database = new SqliteConnection($"Data Source={Path.Combine(service.Folder, "tokenactors.db")};Mode=ReadOnly");
            database.Open();
            if (isFirst)
            {
                // Code that runs for the first time is compiled first.
                var warming = new Random(1);
                await SendSome(
                    service, routes, warming, new HostileValues(warming, ids, mappings), bearers, database,
                    RequestsOfOneService, measured: false, [], failures);
            }

            return await SendSome(
                service, routes, random, new HostileValues(random, ids, mappings), bearers, database,
                RequestsOfOneService, measured: true, statuses, failures);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    private static async Task<int> SendSome(
        Service service, List<Route> routes, Random random, HostileValues values, string[] bearers,
        SqliteConnection database, int count, bool measured,
        Dictionary<int, int> statuses, List<string> failures)
    {
        var process = Process.GetCurrentProcess();
        for (var i = 0; i < count; i++)
        {
            if (i % RequestsBetweenLooks == 0 && !await LetsAnybodyIn(service, bearers))
            {
                return i;
            }

            var route = routes[random.Next(routes.Count)];
            var sent = Draw(route, random, values, bearers);
            var before = StateOf(database);
            var allocated = GC.GetTotalAllocatedBytes();
            process.Refresh();
            var cpu = process.TotalProcessorTime;
            var (status, contentType, body) = await Try(service, sent);
            process.Refresh();
            var seconds = (process.TotalProcessorTime - cpu).TotalSeconds;
            var bytes = GC.GetTotalAllocatedBytes() - allocated;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            var request = $"{sent.Method} {sent.Uri} {string.Join("; ", sent.Headers.Select(h => $"{h.Name}: {h.Value}"))} {Convert.ToBase64String(sent.Body ?? [])[..Math.Min(2000, (sent.Body ?? []).Length)]}";
            Hold(failures, route, status < 500 || status == 501, $"{status} {body}: {request}");
            if (status >= 400)
            {
                Hold(failures, route, HasShape(route.Api, status, contentType, body), $"the shape of {status} {contentType} {body}: {request}");
                Hold(failures, route, before == StateOf(database) || await ChangesNothingAgain(service, sent, database), $"{status} changed something: {request}");
            }

            // Log-on and change of password are slow on purpose.
            if (measured && route.Path is not ("/v1/auth/logon/{organizationId}" or "/v1/auth/change_password"))
            {
                var most = MostSeconds + (DerivesPassword(route) ? SecondsOfAPassword : 0);
                Hold(failures, route, seconds < most || await IsFastAgain(service, sent, process, most), $"{seconds} s of processor: {request}");
                Hold(failures, route, bytes < MostBytes, $"{bytes} bytes for a body of {sent.Body?.Length}, {status}: {request}");
            }
        }

        return count;
    }

    private static async Task<bool> LetsAnybodyIn(Service service, string[] bearers)
    {
        foreach (var bearer in bearers[^Administrators..])
        {
            if ((await service.Get("/v1/tokens?limit=1", bearer)).Status != HttpStatusCode.Unauthorized)
            {
                return true;
            }
        }

        return false;
    }

    private static void Hold(List<string> failures, Route route, bool holds, string message)
    {
        if (!holds)
        {
            failures.Add($"{route.Method} {route.Path}: {message[..Math.Min(1500, message.Length)]}");
        }
    }

    /// <summary>What one derivation of a password costs on this machine now; the slowest of several.</summary>
    private static readonly double SecondsOfAPassword = Enumerable.Range(0, 4).Max(_ =>
    {
        var since = Environment.CpuUsage.TotalTime;
        Passwords.Derive("correct horse battery");
        return (Environment.CpuUsage.TotalTime - since).TotalSeconds;
    });

    /// <summary>Both make a member with a password, which is derived once.</summary>
    private static bool DerivesPassword(Route route) =>
        route.Method == "POST" && route.Path is "/v1/members" or "/v1/suborgs";

    /// <summary>A collection or a timer may fall into one request; it does not fall into the same one five
    /// times.</summary>
    private static async Task<bool> IsFastAgain(Service service, Sent sent, Process process, double most)
    {
        for (var i = 0; i < 5; i++)
        {
            process.Refresh();
            var cpu = process.TotalProcessorTime;
            await Send(service, sent);
            process.Refresh();
            if ((process.TotalProcessorTime - cpu).TotalSeconds < most)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What an earlier deletion takes with it, or a revocation of many, goes on during later requests: it is asked
    /// again once nothing has changed for a while.
    /// </summary>
    private static async Task<bool> ChangesNothingAgain(Service service, Sent sent, SqliteConnection database)
    {
        for (var i = 0; i < 3; i++)
        {
            var before = "";
            await Eventually.Holds(
                () =>
                {
                    var seen = StateOf(database);
                    var isQuiet = seen == before;
                    before = seen;
                    return Task.FromResult(isQuiet);
                },
                () => "what was begun before has ended",
                pause: TimeSpan.FromMilliseconds(50));
            if (await Try(service, sent) is { Status: >= 400 } && before == StateOf(database))
            {
                return true;
            }
        }

        return false;
    }

    private static Sent Draw(Route route, Random random, HostileValues values, string[] bearers)
    {
        var path = Parameter().Replace(route.Path, _ => Uri.EscapeDataString(values.Identity().Replace("\0", "")) is { Length: > 0 } text && text.Trim('.') != "" ? text : "x");
        var query = random.Next(3) == 0
            ? "?" + string.Join('&', Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
                $"{(route.Query.Count > 0 && random.Next(4) > 0 ? route.Query[random.Next(route.Query.Count)] : "q")}={Uri.EscapeDataString(values.Text())}"))
            : "";
        List<(string, string)> headers = [];
        if (random.Next(10) > 0)
        {
            var bearer = bearers[random.Next(bearers.Length)];
            headers.Add(("Authorization", route.Api == "launchdarkly" ? bearer : "Bearer " + bearer));
        }

        if (random.Next(6) == 0)
        {
            headers.Add(("Idempotency-Key", Ascii(values.Text())));
        }

        if (random.Next(12) == 0)
        {
            string[] odd = ["X-HTTP-Method-Override", "X-Stainless-Retry-Count", "LD-API-Version", "X-Auth-Key", "x-access-token", "CF-Access-Client-Id", "Origin", "X-Forwarded-For", "If-Match"];
            headers.Add((odd[random.Next(odd.Length)], Ascii(values.Text())));
        }

        byte[]? body = null;
        if (route.Body is not null || (route.Method != "GET" && random.Next(12) == 0))
        {
            body = route.Method == "PATCH" && random.Next(5) > 0
                ? values.Bytes(values.Patch())
                : values.Bytes(values.After(route.Document, route.Body));
        }

        if (route.Path.StartsWith("/v1/mappings", StringComparison.Ordinal) && body is not null && random.Next(6) > 0)
        {
            body = values.Bytes(route.Path switch
            {
                "/v1/mappings/apply" => values.Application(),
                _ when route.Method == "PATCH" => new JsonArray(
                    new JsonObject { ["op"] = "replace", ["path"] = "/data", ["value"] = values.Transform() }),
                _ => new JsonObject { ["data"] = values.Transform() },
            });
        }

        if (route.Api == "oauth")
        {
            string[] fields = ["token", "token_type_hint", "client_id", "client_secret", "token"];
            body = System.Text.Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, random.Next(0, 4)).Select(_ =>
                $"{fields[random.Next(fields.Length)]}={Uri.EscapeDataString(random.Next(3) == 0 ? bearers[random.Next(bearers.Length)] : values.Text())}")));
        }

        string[] types = ["application/json", "application/json; charset=utf-8", "text/plain", "application/json-patch+json", "application/x-www-form-urlencoded", "*"];
        headers.Add(("Content-Type", route.Api == "oauth" && random.Next(6) > 0 ? types[4] : types[random.Next(8) > 1 ? 0 : random.Next(types.Length)]));
        return new Sent(route.Method, path + query, body, headers);
    }

    private static string Ascii(string text) => new([.. text.Where(c => c is >= ' ' and <= '~').Take(300)]);

    /// <summary>A connection that the service closed without an answer is as good as a 500.</summary>
    private static async Task<(int Status, string? ContentType, string Body)> Try(Service service, Sent sent)
    {
        try
        {
            return await Send(service, sent);
        }
        catch (HttpRequestException e)
        {
            return (599, null, e.ToString());
        }
    }

    private static async Task<(int Status, string? ContentType, string Body)> Send(Service service, Sent sent)
    {
        using var request = new HttpRequestMessage(new HttpMethod(sent.Method), sent.Uri);
        if (sent.Body is not null)
        {
            request.Content = new ByteArrayContent(sent.Body);
        }

        foreach (var (name, value) in sent.Headers)
        {
            if (name == "Content-Type")
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        // A large body may still be on its way when its refusal is there, unless the client asks first.
        request.Headers.ExpectContinue = sent.Body is { Length: > 1_000 };
        using var response = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var type = response.Content.Headers.ContentType?.MediaType;

        // A stream of events does not end by itself.
        return ((int)response.StatusCode, type, type == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync());
    }

    /// <summary>
    /// What a request that is refused may not change: rows of every kind, what the trail says of tokens, and what it
    /// says was done by a call.
    /// </summary>
    private static string StateOf(SqliteConnection database)
    {
        using var command = database.CreateCommand();
        command.CommandText = """
            SELECT (SELECT count(*) || ' ' || coalesce(sum(version), 0) FROM records) || ' '
                || (SELECT count(*) FROM audit WHERE subject_kind = 'token' AND outcome = 'done' OR outcome = 'done' AND path IS NOT NULL)
            """;
        return (string?)command.ExecuteScalar() ?? "";
    }

    private static bool HasShape(string api, int status, string? contentType, string body)
    {
        if (body.Length == 0)
        {
            // A HEAD has no body, Boomerang answers the deletion of an unknown id without one, and so does Kestrel what
            // it cannot read.
            return api is "boomerang" or "head" || status is 414 or 431;
        }

        if (contentType != (api == "lifecycle" ? "application/problem+json" : "application/json"))
        {
            return false;
        }

        try
        {
            var json = JsonNode.Parse(body)!.AsObject();
            return api switch
            {
                "cloudflare" => (bool)json["success"]! == false && json["errors"]!.AsArray().Count > 0,
                "launchdarkly" => json.ContainsKey("code") && json.ContainsKey("message"),
                "boomerang" => json.ContainsKey("code") && json.ContainsKey("reason"),
                "lifecycle" => (int)json["status"]! == status && json.ContainsKey("type") && json.ContainsKey("title") && json.ContainsKey("detail"),
                "oauth" => json.ContainsKey("error") || (int)json["status"]! == status,
                _ => (int)json["status"]! == status && json.ContainsKey("message") && json.ContainsKey("instance"),
            };
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<List<Route>> RoutesOf(Service service)
    {
        List<Route> routes = [];
        foreach (var api in new[] { "management", "cloudflare", "launchdarkly", "boomerang", "lifecycle" })
        {
            var document = (await service.Get($"/v1/meta/openapi/{api}", null)).Is(HttpStatusCode.OK).Json;
            foreach (var (path, item) in document["paths"]!.AsObject())
            {
                foreach (var (method, operation) in item!.AsObject())
                {
                    var query = (operation!["parameters"] as JsonArray ?? []).Where(p => (string?)p!["in"] == "query").Select(p => (string)p!["name"]!).ToList();
                    var owner = path.StartsWith("/oauth2", StringComparison.Ordinal) ? "oauth" : api;
                    routes.Add(new Route(
                        method == "head" ? "head" : owner, method.ToUpperInvariant(), path, document,
                        operation["requestBody"]?["content"]?["application/json"]?["schema"], query));
                }
            }
        }

        var empty = new JsonObject();
        routes.Add(new("management", "GET", "/{anything}", empty, null, []));
        routes.Add(new("management", "POST", "/v1/{anything}", empty, empty.DeepClone(), []));
        routes.Add(new("management", "GET", "/v1/meta/openapi/{name}", empty, null, []));
        routes.Add(new(
            "cloudflare", "GET", "/access/verify", empty, null,
            ["organization_id", "action", "resource", "kind", "account_id"]));
        Assert.True(routes.Count > 70, "the documents have too few routes");
        return routes;
    }

    /// <summary>Things to name, and bearers of every sort.</summary>
    private static async Task<(List<string> Ids, List<string> Mappings, string[] Bearers)> Prepare(Service service)
    {
        List<string> ids = [service.OrganizationId, Guid.Parse(service.OrganizationId).ToString("N"), "root", "viewer"];
        var account = (await service.Post("/v1/accounts", service.Admin, new { name = "fuzzed" })).Is(HttpStatusCode.Created).Result["account"]!;
        ids.AddRange([(string)account["id"]!, "fuzzed"]);
        var integration = (await service.Post(
            $"/v1/integrations/{ids[4]}", service.Admin, new { provider_config = new { type = "siem_mock_siem" } }))
            .Is(HttpStatusCode.Created).Result["integration"]!;
        ids.Add((string)integration["id"]!);
        foreach (var (path, body) in new (string, object)[]
        {
            ("/v1/roles", new { permission_set = "viewer", name = "fuzzers" }), ("/v1/integration-points", new { connector = "siem", environments = new { } }),
            ($"/v1/credentials/{ids[4]}", new { config = new { type = "secret", secret = "s3cr3t-s3cr3t" } }),
        })
        {
            ids.Add((string)(await service.Post(path, service.Admin, body)).Is(HttpStatusCode.Created).Result["id"]!);
        }

        List<string> mappings = [];
        foreach (var transform in HostileValues.Transforms)
        {
            var made = await service.Post("/v1/mappings", service.Admin, new { data = transform });
            mappings.Add((string)made.Is(HttpStatusCode.Created).Result["mapping"]!["id"]!);
        }

        List<string> bearers = ["nonsense", "", "ta_org_" + new string('x', 71), service.Admin[..^1]];
        foreach (var set in new[] { "administrator", "administrator", "administrator", "viewer", "member", "connect-ui" })
        {
            var made = await service.Create(set);
            ids.Add(made.Id);
            bearers.AddRange([made.Access, made.Refresh]);
        }

        var narrowed = await service.Create("administrator", new { accounts = new { ids = new[] { ids[4] } } });
        bearers.AddRange([narrowed.Access, narrowed.Access]);
        for (var i = 0; i < Administrators; i++)
        {
            bearers.Add((await service.Create("administrator")).Access);

            // A token notes by itself that it was presented for the first time: not during a request that is refused.
            (await service.Get("/v1/tokens?limit=1", bearers[^1])).Is(HttpStatusCode.OK);
        }

        return (ids, mappings, [.. bearers]);
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}
