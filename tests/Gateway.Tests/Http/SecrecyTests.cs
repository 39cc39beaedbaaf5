using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>No secret in clear on disk, in the log at level Trace, or in a trace.</summary>
public sealed partial class SecrecyTests
{
    private const string ProviderSecret = "hunter2-hunter2-hunter2";

    private sealed class Traced : Service
    {
        protected override string[] Settings => ["--Logging:LogLevel:Default", "Trace", "--Logging:LogLevel:Microsoft.AspNetCore", "Trace", "--Logging:LogLevel:Orleans", "Trace"];
    }

    [Fact]
    public async Task A_secret_stands_nowhere_but_in_answers()
    {
        var console = Console.Out;
        var log = new StringBuilder();
        var spans = new StringBuilder();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (spans)
                {
                    spans.AppendLine(activity.DisplayName).AppendJoin(
                        '\n', activity.TagObjects.Select(t => $"{t.Key}={t.Value}"));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        Console.SetOut(TextWriter.Synchronized(new StringWriter(log)));
        var service = new Traced();
        try
        {
            await service.InitializeAsync();
            var made = await service.Create("viewer", name: "quiet");
            var next = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
            await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh);
            await service.Post("/v1/tokens", service.Admin, """{"permission_set":"viewer","resources":{}}""", "key-of-a-caller");
            await service.Post("/v1/tokens/mcp", service.Admin, """{"scope":{"type":"management"}}""");
            await UseBridge(service);
            await UseFacades(service);
            await service.IsActive(next.Access);
            await service.Get("/v1/tokens", service.Admin);
            var memberSecret = (string)service.Bootstrap["member_secret"]!;
            (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name = "administrator", secret = memberSecret })).Is(HttpStatusCode.OK);
            (await service.Post("/v1/auth/change_password", service.Admin, new { old_secret = memberSecret, new_secret = "a quite different secret" })).Is(HttpStatusCode.OK);
            await service.RestartAsync();

            await Task.Yield();
            foreach (var file in Directory.GetFiles(service.Folder, "tokenactors.db*").Where(f => !f.EndsWith(".lock")))
            {
                var bytes = Encoding.Latin1.GetString(await ReadShared(file));
                Assert.DoesNotMatch(Secret(), bytes);
                Assert.DoesNotContain(memberSecret, bytes);
                Assert.DoesNotContain("a quite different secret", bytes);
                Assert.DoesNotContain(ProviderSecret, bytes);
            }

            string[] texts;
            lock (spans)
            {
                texts = [log.ToString(), spans.ToString()];
            }

            Assert.True(texts[0].Length > 10_000, "the log was captured");
            Assert.True(texts[1].Length > 100, "spans were captured");
            Assert.All(texts, text =>
            {
                Assert.DoesNotMatch(Secret(), text);
                Assert.DoesNotContain(memberSecret, text);
                Assert.DoesNotContain("a quite different secret", text);
                Assert.DoesNotContain(ProviderSecret, text);
            });
        }
        finally
        {
            Console.SetOut(console);
            await service.DisposeAsync();
        }
    }

    private static async Task UseBridge(Service service)
    {
        var account = (await service.Post("/v1/accounts", service.Admin, "{}")).Is(HttpStatusCode.Created).Result["account"]!["id"];
        var made = (await service.Post($"/v1/bridges/{account}", service.Admin, "{}", "key-of-a-bridge")).Is(HttpStatusCode.Created).Result;
        (await service.Post(
            $"/v1/bridges/{account}/{made["bridge"]!["id"]}/report", (string)made["credential"]!,
            """{"instance_id":"a","local_config":{"version":"1","allow_addresses":[]}}""")).Is(HttpStatusCode.NoContent);
    }

    private static async Task UseFacades(Service service)
    {
        var account = (string)(await service.Post("/v1/accounts", service.Admin, "{}")).Result["account"]!["id"]!;
        (await service.Post($"/v1/integrations/{account}", service.Admin, $$"""{"provider_config":{"type":"ticketing_jira","url":"https://x","credential":{"type":"token","secret":"{{ProviderSecret}}"} },"webhook_config":{"provider_key":"{{ProviderSecret}}","items":[]} }""")).Is(HttpStatusCode.Created);
        (await service.Post($"/v1/credentials/{account}", service.Admin, $$"""{"config":{"type":"basic","username":"u","secret":"{{ProviderSecret}}"} }""")).Is(HttpStatusCode.Created);
        (await service.Post("/v1/members", service.Admin, new { name = "quiet@example.com", secret = ProviderSecret })).Is(HttpStatusCode.Created);

        var tokens = $"/client/v4/accounts/{Guid.Parse(service.OrganizationId):N}/access/service_tokens";
        var token = (await service.Post(tokens, service.Admin, new { name = "x" }, "key-of-a-create")).Result;
        await service.Post($"{tokens}/{token["id"]}/rotate", service.Admin, null);
        await service.Send(HttpMethod.Get, "/access/verify", [("CF-Access-Client-Id", (string)token["client_id"]!), ("CF-Access-Client-Secret", (string)token["client_secret"]!)]);
        await service.Send(HttpMethod.Get, "/access/verify", [("Authorization", $$"""{"cf-access-client-id":"{{token["client_id"]}}","cf-access-client-secret":"{{token["client_secret"]}}"}""")]);
        var personal = (await service.Send(HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { role = "admin" })).Json;
        await service.Send(
            HttpMethod.Post, $"/api/v2/tokens/{personal["_id"]}/reset",
            [("Authorization", (string)personal["token"]!)]);
        var flow = (await service.Post("/api/v2/token", service.Admin, """{"type":"global","name":"x","permissions":["**/**"]}""")).Json;
        (await service.Get("/api/v2/token/query", (string)flow["token"]!)).Is(HttpStatusCode.OK);
    }

    private static async Task<byte[]> ReadShared(string path)
    {
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        return copy.ToArray();
    }

    [GeneratedRegex("(ta_[a-z]{3}_|cfast_|api-|bf[gtwu]_)[0-9A-Za-z]{71}")]
    private static partial Regex Secret();
}
