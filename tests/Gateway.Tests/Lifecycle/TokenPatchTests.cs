using System.Net;
using System.Text.Json.Nodes;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What people note of tokens.</summary>
[Collection("service")]
public sealed class TokenPatchTests(Service service)
{
    private const string Root = "/lifecycle/v1/tokens";

    private async Task<(string Id, string Tag)> Token(object? notes = null)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(notes ?? new { })!.AsObject();
        body["permission_set"] = "viewer";
        var made = (await service.Post(Root, service.Admin, body)).Is(HttpStatusCode.Created);
        return ((string)made.Json["id"]!, made.Headers["ETag"]);
    }

    private Task<Answer> Patch(string id, string? tag, object body, string? key = null, string? bearer = null)
    {
        List<(string, string)> headers = [("Authorization", "Bearer " + (bearer ?? service.Admin))];
        if (tag is not null)
        {
            headers.Add(("If-Match", tag));
        }

        if (key is not null)
        {
            headers.Add(("Idempotency-Key", key));
        }

        return service.Send(HttpMethod.Patch, $"{Root}/{id}", headers, body, "application/merge-patch+json");
    }

    private static (string?, string, string?) Notes(JsonNode token) =>
        ((string?)token["description"], string.Join(' ', token["labels"]!.AsArray().Select(label => (string?)label)), (string?)token["contact"]);

    [Fact]
    public async Task Notes_are_given_at_birth_and_changed_by_a_merge_patch()
    {
        var (id, tag) = await Token(
            new { description = "for the build", labels = new[] { "ci", "eu" }, contact = "ops@example.com" });
        var read = (await service.Get($"{Root}/{id}", service.Admin)).Is(HttpStatusCode.OK);
        Assert.Equal(("for the build", "ci eu", "ops@example.com"), Notes(read.Json));
        Assert.Equal(tag, read.Headers["ETag"]);
        var changed = (await Patch(id, tag, """{"description":"new","labels":null}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("new", "", "ops@example.com"), Notes(changed.Json));
        Assert.Null(changed.Json["secrets"]);
        Assert.NotEqual(tag, changed.Headers["ETag"]);
        (await service.Post($"{Root}/{id}/rotate", service.Admin, null)).Is(HttpStatusCode.OK);
        Assert.Equal(changed.Headers["ETag"], (await service.Get($"{Root}/{id}", service.Admin)).Headers["ETag"]);
    }

    [Fact]
    public async Task A_change_needs_the_tag_of_what_was_read_and_a_repetition_does_not()
    {
        var (id, tag) = await Token();
        Problem(await Patch(id, null, new { description = "x" }), 428, "if-match-required");
        Problem(await Patch(id, "\"other\"", new { description = "x" }), 412, "changed-meanwhile");
        var key = Guid.NewGuid().ToString();
        var first = (await Patch(id, tag, new { description = "x" }, key)).Is(HttpStatusCode.OK);
        Assert.Equal(first.Body, (await Patch(id, tag, new { description = "x" }, key)).Is(HttpStatusCode.OK).Body);
        Problem(await Patch(id, tag, new { description = "y" }, key), 409, "idempotency-key-reused");
        Problem(await Patch(id, tag, new { description = "y" }), 412, "changed-meanwhile");
    }

    [Fact]
    public async Task Of_two_changes_of_one_reading_one_is_done()
    {
        var (id, tag) = await Token();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Patch(id, tag, new { description = $"d{i}" })));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.OK),
            answer => Problem(answer, 412, "changed-meanwhile"));
    }

    [Fact]
    public async Task A_life_is_set_and_begins_now_and_the_same_changes_nothing()
    {
        var (id, tag) = await Token();
        var set = (await Patch(id, tag, new { life = "2h" })).Is(HttpStatusCode.OK);
        Assert.Equal("2h", (string?)set.Json["life"]);
        Assert.Equal(
            service.Clock.GetUtcNow().AddHours(2),
            set.Json["primary"]!["access"]!["expires_at"]!.GetValue<DateTimeOffset>(), TimeSpan.FromMinutes(1));
        var same = (await Patch(id, set.Headers["ETag"], new { life = "2h" })).Is(HttpStatusCode.OK);
        Assert.Equal((string?)set.Json["updated_at"], (string?)same.Json["updated_at"]);
    }

    [Theory]
    [InlineData("""{"description":7}""", "/description")]
    [InlineData("""{"labels":"x"}""", "/labels")]
    [InlineData("""{"labels":["0123456789012345678901234567890123456789012345678901234567890123x"]}""", "/labels")]
    [InlineData("""{"labels":["a","b","c","d","e","f","g","h","i","j","k","l","m","n","o","p","q"]}""", "/labels")]
    [InlineData("""{"life":null}""", "/life")]
    [InlineData("""{"life":"0s"}""", "/life")]
    [InlineData("""{"name":"x"}""", "/name")]
    public async Task Wrong_input_is_told_with_a_pointer(string body, string pointer)
    {
        var (id, tag) = await Token();
        Problem(await Patch(id, tag, body), 400, "invalid-request", pointer);
    }

    [Fact]
    public async Task Tokens_are_found_by_what_is_noted_of_them()
    {
        var label = $"l{Guid.NewGuid():N}";
        var (both, _) = await Token(new { labels = new[] { label, "eu" }, contact = label });
        var (one, _) = await Token(new { labels = new[] { label } });
        async Task<string[]> Found(string query) =>
            [.. (await service.Get($"{Root}?{query}", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray().Select(item => (string)item!["id"]!)];

        Assert.Equal([both, one], await Found($"filter=labels[eq]{label}&order=created_at"));
        Assert.Equal([one], await Found($"filter=labels[eq]{label}&filter=labels[neq]eu"));
        Assert.Equal([both], await Found($"filter=contact[like]{label[..20]}*"));
    }

    [Fact]
    public async Task Who_may_not_change_and_what_is_not_there_are_told_apart()
    {
        var (id, tag) = await Token();
        var viewer = await service.Create("viewer");
        Problem(await Patch(id, tag, new { description = "x" }, bearer: viewer.Access), 403, "permission-missing");
        Problem(await Patch(Guid.NewGuid().ToString(), tag, new { description = "x" }), 404, "not-found");
    }
}
