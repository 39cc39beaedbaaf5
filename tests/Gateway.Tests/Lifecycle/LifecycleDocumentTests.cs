using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>The document of the Lifecycle API says what the routes do.</summary>
[Collection("service")]
public sealed class LifecycleDocumentTests(Service service)
{
    private const string Problem = "application/problem+json";

    /// <summary>Those whose success has no content.</summary>
    private static readonly string[] Silent = ["202", "204"];

    [Fact]
    public async Task Every_operation_says_in_a_line_of_its_own_what_it_does_and_how_it_is_answered()
    {
        var operations = await Operations();
        Assert.NotEmpty(operations);
        Assert.Equal(operations.Count, operations.Select(one => one.Text("summary")).Distinct().Count());
        foreach (var operation in operations)
        {
            Assert.InRange(operation.Text("summary").Length, 5, 100);
            Assert.Contains(
                operation.Responses,
                answer => answer.Key[0] == '2' && (Silent.Contains(answer.Key) || Types(answer.Value).Any()));
            Assert.All(
                operation.Responses.Where(answer => answer.Key[0] is '4' or '5'),
                answer => Assert.Equal([Problem], Types(answer.Value)));
        }
    }

    [Theory]
    [InlineData("without a bearer")]
    [InlineData("of nothing")]
    [InlineData("with an odd query")]
    [InlineData("with text", "text/plain", "x")]
    [InlineData("with a list", "application/json", "[]")]
    [InlineData("with nothing in it", "application/json", "{}")]
    [InlineData("with a long key", "application/json", "{}")]
    public async Task No_answer_is_other_than_the_document_says(string call, string? type = null, string? body = null)
    {
        List<string> wrong = [];
        foreach (var operation in await Operations())
        {
            using var request = operation.Request(call == "with an odd query" ? "?dry_run=maybe&limit=no&days=x&action=" : "");
            if (call != "without a bearer")
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", service.Admin);
            }

            if (call == "with a long key")
            {
                request.Headers.Add("Idempotency-Key", new string('k', 256));
            }

            if (body is not null && operation.Method != "get")
            {
                request.Content = new StringContent(body, Encoding.UTF8, type!);
            }

            using var answer = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var sent = answer.Content.Headers.ContentType?.MediaType;
            if (!operation.Responses.TryGetPropertyValue(status, out var said))
            {
                wrong.Add($"{operation.Name}: {status} is not in the document");
            }
            else if (sent is null ? Types(said).Any() : !Types(said).Contains(sent))
            {
                wrong.Add($"{operation.Name}: {status} is {sent}, and not {string.Join(" or ", Types(said))}");
            }
            else if (answer.Headers.ETag is not null != said!["headers"]?["ETag"] is not null)
            {
                wrong.Add($"{operation.Name}: {status} comes with ETag {answer.Headers.ETag}");
            }
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
    }

    [Fact]
    public async Task What_is_said_to_demand_a_tag_demands_one_and_what_is_said_to_take_a_key_reads_it()
    {
        var token = await service.Create("viewer");
        object wanted = new { url = $"https://example.com/{Guid.NewGuid():N}", types = new[] { "token.deleted" } };
        var webhook = (await service.Post("/lifecycle/v1/webhooks", service.Admin, wanted)).Is(HttpStatusCode.Created);
        foreach (var operation in await Operations())
        {
            if (operation.Header("If-Match") is { } tag)
            {
                using var request = operation.Request("", token.Id, (string)webhook.Json["id"]!);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", service.Admin);
                request.Headers.TryAddWithoutValidation(
                    "If-Match", (bool?)tag["required"] == true ? [] : ["\"of nothing\""]);
                var body = operation.Path.EndsWith("/move-deadline", StringComparison.Ordinal) ? """{"deadline":"2100-01-01T00:00:00Z"}""" : "{}";
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await service.Http.SendAsync(request);
                Assert.Equal((bool?)tag["required"] == true ? HttpStatusCode.PreconditionRequired : HttpStatusCode.PreconditionFailed, answer.StatusCode);
            }

            if (operation.Header("Idempotency-Key") is not null)
            {
                using var request = operation.Request("");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", service.Admin);
                request.Headers.Add("Idempotency-Key", new string('k', 256));
                using var answer = await service.Http.SendAsync(request);
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                Assert.Contains("Idempotency-Key", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<string> Types(JsonNode? answer) =>
        answer?["content"]?.AsObject().Select(content => content.Key) ?? [];

    private async Task<List<Operation>> Operations() =>
    [
        .. (await service.Get("/v1/meta/openapi/lifecycle", null)).Json["paths"]!.AsObject().SelectMany(
            path => path.Value!.AsObject().Select(one => new Operation(path.Key, one.Key, one.Value!.AsObject()))),
    ];

    private sealed record Operation(string Path, string Method, JsonObject Said)
    {
        public string Name => $"{Method} {Path}";

        public JsonObject Responses => Said["responses"]!.AsObject();

        public string Text(string name) => (string?)Said[name] ?? "";

        public JsonNode? Header(string name) => Said["parameters"]?.AsArray().FirstOrDefault(
            one => (string?)one!["in"] == "header" && (string?)one["name"] == name);

        public HttpRequestMessage Request(string query, string? token = null, string? webhook = null) => new(
            new HttpMethod(Method.ToUpperInvariant()),
            System.Text.RegularExpressions.Regex.Replace(Path, @"\{(\w+)\}", part => part.Groups[1].Value switch
            {
                "tokenId" when token is not null => token,
                "webhookId" when webhook is not null => webhook,
                _ => Guid.NewGuid().ToString(),
            }) + query);
    }
}
