using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Keys that something else issued, and their import.</summary>
internal static class Imports
{
    public const string Route = "/lifecycle/v1/tokens/import";
    public const string Schemes = "/lifecycle/v1/import-schemes";

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A key as another system may have made it.</summary>
    public static string NewKey(string prefix = "acme_") => prefix + RandomNumberGenerator.GetString(Letters, 32);

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static JsonObject Line(string key, string scheme = "acme", string permissionSet = "viewer") => new()
    {
        ["sha256"] = HashOf(key), ["scheme"] = scheme, ["last_four"] = key[^4..], ["permission_set"] = permissionSet,
    };

    public static string Lines(params IEnumerable<JsonObject> lines) =>
        string.Join('\n', lines.Select(line => line.ToJsonString())) + "\n";

    /// <summary>A scheme of keys that <see cref="NewKey"/> makes; one that is there already will do.</summary>
    public static async Task Scheme(
        this Service service, string? bearer = null, string name = "acme", string prefix = "acme_")
    {
        var answer = await service.Post(Schemes, bearer ?? service.Admin, new { name, prefix, random_characters = 32 });
        Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.Conflict, answer.Body);
    }

    public static Task<Answer> Import(this Service service, string lines, string? bearer = null, string query = "", string? key = null) =>
        service.Send(HttpMethod.Post, Route + query, bearer ?? service.Admin, lines, key, "application/x-ndjson");

    /// <param name="service">the service</param>
    /// <param name="started">the answer that named the import</param>
    /// <param name="bearer">who asks; left out: the administrator</param>
    /// <param name="pause">how much later it is asked again, by the service's clock; left out: as soon as it has
    /// answered</param>
    public static async Task<JsonObject> Ended(
        this Service service, Answer started, string? bearer = null, TimeSpan pause = default)
    {
        var id = (string)started.Is(HttpStatusCode.Accepted).Json["id"]!;
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var job = (await service.Get($"/lifecycle/v1/imports/{id}", bearer ?? service.Admin)).Is(HttpStatusCode.OK).Json;
            if (job["ended_at"] is not null)
            {
                return job;
            }

            // A job whose call to itself was lost is taken up by its reminder, within a minute.
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromMinutes(2), $"the import ends: {job}");
            service.Clock.Advance(pause);
        }
    }

    public static async Task<List<JsonObject>> Results(
        this Service service, JsonObject job, string query = "", string? bearer = null)
    {
        List<JsonObject> found = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await service.Get(
                $"/lifecycle/v1/imports/{(string)job["id"]!}/results?cursor={cursor}{query}", bearer ?? service.Admin))
                .Is(HttpStatusCode.OK).Json;
            found.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            cursor = (string?)page["next_cursor"];
        }

        return found;
    }

    /// <summary>Imports one key, and gives the id of its token.</summary>
    public static async Task<string> ImportOne(this Service service, JsonObject line, string? bearer = null)
    {
        await service.Scheme(bearer);
        var job = await service.Ended(await service.Import(Lines(line), bearer), bearer);
        var result = Assert.Single(await service.Results(job, bearer: bearer));
        Assert.True((string)result["state"]! == "imported", result.ToJsonString());
        return (string)result["id"]!;
    }

    public static (int Total, int Imported, int Refused) Counts(JsonObject job) =>
        ((int)job["total"]!, (int)job["imported"]!, (int)job["refused"]!);

    public static async Task<bool> IsActiveKey(this Service service, string key, string? bearer = null) =>
        (bool)(await service.Introspect(bearer ?? service.Admin, key)).Is(HttpStatusCode.OK).Json["active"]!;

    public static string Text(object value) => JsonSerializer.Serialize(value);
}
