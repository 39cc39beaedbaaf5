using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using ModelContextProtocol.Protocol;
using TokenActors.Client;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Tests;

/// <summary>What a model is told of a call that failed, and that no text of an answer carries a secret.</summary>
public sealed class ErrorTests
{
    private const string AskPerson = "Do not try again. Tell the person what is missing; only somebody with more rights can do this.";
    private const string Otherwise = "Read the message; if it does not help, tell the person.";

    private static JsonNode Read(CallToolResult result)
    {
        Assert.True(result.IsError);
        return JsonNode.Parse(Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text)
            ?? throw new JsonException("nothing");
    }

    private static async Task<TokenActorsException> Refused(int status, string body)
    {
        using var http = new HttpClient(new Answering(status, body));
        var client = new TokenActorsClient(http, new() { Service = new Uri("http://service.test"), Retries = 0 });
        return await Assert.ThrowsAnyAsync<TokenActorsException>(() => client.Tokens.Disable("t").Send());
    }

    /// <summary>Every kind of problem with what to do about it: a model that is told nothing tries the same
    /// again.</summary>
    [Theory]
    [InlineData(404, "not-found", "Search for it (token_search, webhook_list): ids of others and of deleted things are answered like this.")]
    [InlineData(403, "permission-missing", AskPerson)]
    [InlineData(401, "unauthorized", AskPerson)]
    [InlineData(402, "organization-disabled", AskPerson)]
    [InlineData(400, "invalid-request", "Change what the errors name, and call again.")]
    [InlineData(412, "changed-meanwhile", "Read it again and decide anew; a plan that is over has to be made again.")]
    [InlineData(409, "conflict", "Read the token (token_get): its state does not allow this. The message says what has to be done first.")]
    [InlineData(429, "too-many-requests", "Wait some seconds and call again.")]
    [InlineData(500, "internal", Otherwise)]
    [InlineData(418, "something-new", Otherwise)]
    public async Task A_problem_is_its_code_its_words_and_what_to_do(int status, string code, string whatToDo)
    {
        var error = Read(ToolErrors.Of(await Refused(status, $$"""{"type":"urn:tokenactors:problem:{{code}}","detail":"These words."}""")));
        Assert.Equal(
            (code, "These words.", whatToDo),
            ((string?)error["code"], (string?)error["message"], (string?)error["what_to_do"]));
        Assert.Null(error["errors"]);
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_arguments_is_told_with_its_place()
    {
        var error = Read(ToolErrors.Of(await Refused(400, """
            {"type":"urn:x:invalid-request","detail":"Two things.","errors":[{"detail":"is too long","pointer":"/labels/3"},
            {"detail":"is no number","parameter":"limit"}]}
            """)));
        Assert.Equal(
            ["/labels/3: is too long", "limit: is no number"],
            (error["errors"]?.AsArray() ?? []).Select(one => (string?)one));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task A_change_of_which_nobody_knows_is_to_be_looked_at_first(int status)
    {
        var error = Read(ToolErrors.Of(await Refused(status, "")));
        Assert.Equal("outcome-unknown", (string?)error["code"]);
        Assert.StartsWith("Look at the token first", (string?)error["what_to_do"]);
    }

    [Fact]
    public void Calls_that_do_not_reach_a_tool_say_why()
    {
        Assert.Equal("invalid-arguments", (string?)Read(ToolErrors.UnknownArgument("colour"))["code"]);
        Assert.Contains("'colour'", (string?)Read(ToolErrors.UnknownArgument("colour"))["message"]);
        Assert.Equal(
            "These words.", (string?)Read(ToolErrors.OfArguments(new ArgumentException("These words.")))["message"]);
        Assert.Contains(
            "input schema", (string?)Read(ToolErrors.OfArguments(new ArgumentException("x")))["what_to_do"]);
        Assert.Equal(("insufficient-scope", AskPerson), Both(Read(ToolErrors.Forbidden("token_revoke"))));
        Assert.Contains("token_revoke", (string?)Read(ToolErrors.Forbidden("token_revoke"))["message"]);
        Assert.Equal("internal", (string?)Read(ToolErrors.Internal())["code"]);
    }

    private static (string?, string?) Both(JsonNode error) => ((string?)error["code"], (string?)error["what_to_do"]);

    private static readonly string[] Secrets =
    [
        .. new[] { "ta_org_", "ta_mcp_", "cfast_", "api-", "bft_" }.Select((prefix, i) => SecretFormat.Compose(
            prefix, new TokenId(Guid.CreateVersion7()), [.. Enumerable.Range(0, 32).Select(place => (byte)((place * 7) + i))]).Reveal()),
    ];

    private static readonly Gen<string> Text = Gen.Select(
        Gen.String[Gen.Char["ab %\"{}[]\\:,é/?=&_-"], 0, 8], Gen.Int[0, Secrets.Length * 4], Gen.Bool,
        (around, secret, isEncoded) => secret < Secrets.Length
            ? around + (isEncoded ? Secrets[secret].Replace("_", "%5f").Replace("-", "%2D") : Secrets[secret]) + around
            : around);

    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Text.Select(text => (JsonNode?)JsonValue.Create(text)), Gen.Int.Select(
            number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)), Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> Tree = Gen.Select(Text.Array[0, 3], Leaf.Array[3], Leaf.Array[0, 3], (names, leaves, items) =>
    {
        JsonObject node = new() { ["items"] = new JsonArray([.. items.Select(item => item?.DeepClone())]) };
        foreach (var (index, name) in names.Distinct().Index())
        {
            node[$"n{index}{name}"] = leaves[index]?.DeepClone();
        }

        return (JsonNode?)node;
    });

    /// <summary>However deep it stands and however it is written; what holds none stays as it was, byte for
    /// byte.</summary>
    [Fact]
    public void No_answer_holds_a_secret_and_every_answer_stays_json() => Tree.HoldsForAll(
        1_500,
        tree =>
        {
            var json = tree?.ToJsonString() ?? "null";
            var masked = Secrecy.Masked(new CallToolResult
            {
                Content = [new TextContentBlock { Text = json }],
                StructuredContent = JsonDocument.Parse(json).RootElement.Clone(),
            });
            var text = Assert.IsType<TextContentBlock>(Assert.Single(masked.Content)).Text;
            var structured = masked.StructuredContent?.GetRawText() ?? "";
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(structured)));
            foreach (var secret in Secrets)
            {
                Assert.DoesNotContain(secret[^40..], text);
                Assert.DoesNotContain(secret[^40..], structured);
            }

            if (!Secrets.Any(secret => json.Contains(secret[^40..], StringComparison.Ordinal)))
            {
                Assert.Equal(json, text);
            }
        },
        tree => tree?.ToJsonString() ?? "null");

    [Theory]
    [InlineData("")]
    [InlineData("plain words")]
    [InlineData("{ not json")]
    [InlineData("[1, 2")]
    public void What_is_no_json_is_masked_as_a_text(string text)
    {
        var masked = Secrecy.Masked(new CallToolResult { Content = [new TextContentBlock { Text = text + Secrets[0] }, new TextContentBlock { Text = text }] });
        var texts = masked.Content.OfType<TextContentBlock>().Select(block => block.Text).ToList();
        Assert.DoesNotContain(Secrets[0][^40..], texts[0]);
        Assert.StartsWith(text, texts[0]);
        Assert.Equal(text, texts[1]);
    }

    /// <summary>Answers every request alike.</summary>
    private sealed class Answering(int status, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }
}
