using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>A JSON patch that copies a list into itself twenty times is refused before it has grown.</summary>
[Collection("alone")]
public sealed class DoublingPatchTests : IAsyncLifetime
{
    /// <summary>Bytes: less than the list would take.</summary>
    private const long MostMemory = 64 * 1024 * 1024;

    private readonly Service _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    private static IEnumerable<string> Doubling(string field) => Enumerable.Repeat($$"""{"op":"copy","from":"/{{field}}","path":"/{{field}}/-"}""", 20)
        .Prepend($$"""{"op":"add","path":"/{{field}}","value":["aaaaaaaaaa"]}""");

    private async Task<Answer> Patched(string path, string bearer, IEnumerable<string> operations)
    {
        var before = GC.GetTotalAllocatedBytes();
        var answer = await _service.Send(
            HttpMethod.Patch, path, [("Authorization", bearer)], "[" + string.Join(',', operations) + "]");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, MostMemory);
        return answer;
    }

    [Theory]
    [InlineData("x")]
    [InlineData("labels")]
    public async Task An_account_is_400(string field)
    {
        var account = (string)(await _service.Post("/v1/accounts", _service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        (await Patched($"/v1/accounts/{account}", $"Bearer {_service.Admin}", Doubling(field))).IsProblem(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("x", HttpStatusCode.BadRequest, "invalid_request")]
    [InlineData("customRoleIds", HttpStatusCode.UnprocessableEntity, "patch_failed")]
    [InlineData("inlineRole", HttpStatusCode.UnprocessableEntity, "patch_failed")]
    public async Task A_launchdarkly_token_is_as_it_was(string field, HttpStatusCode status, string code)
    {
        (string, string)[] bearer = [("Authorization", _service.Admin)];
        var token = (await _service.Send(HttpMethod.Post, "/api/v2/tokens", bearer, new { name = "a", role = "reader" })).Is(HttpStatusCode.Created).Json;
        var path = $"/api/v2/tokens/{token["_id"]}";
        var answer = (await Patched(path, _service.Admin, Doubling(field).Prepend("""{"op":"replace","path":"/name","value":"b"}"""))).Is(status);
        Assert.Equal(("application/json", code), (answer.ContentType, (string?)answer.Json["code"]));
        Assert.NotEmpty((string)answer.Json["message"]!);
        Assert.Equal(
            Shown(token), Shown((await _service.Send(HttpMethod.Get, path, bearer)).Is(HttpStatusCode.OK).Json));
    }

    private static (string, string, long) Shown(JsonObject token) =>
        ((string)token["name"]!, (string)token["role"]!, (long)token["lastModified"]!);
}
