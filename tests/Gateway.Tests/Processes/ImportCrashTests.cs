using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>An import of many keys goes on by itself after its process was killed, and imports each once.</summary>
public sealed class ImportCrashTests : ProcessTests
{
    private static readonly int Keys = int.TryParse(Environment.GetEnvironmentVariable("TOKENACTORS_IMPORTED"), out var count) ? count : 5_000;

    private string _admin = "";

    /// <summary>Asked as often as the limit of a bearer lets it.</summary>
    private async Task<JsonObject> Import(string id)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await Send(HttpMethod.Get, $"/lifecycle/v1/imports/{id}", _admin);
            if (answer is { Status: HttpStatusCode.OK })
            {
                return answer.Json;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30),
                $"the import is shown: {answer?.Status} {answer?.Body}");
        }
    }

    private async Task<JsonObject> Until(string id, Func<JsonObject, bool> condition)
    {
        var since = TimeProvider.System.GetTimestamp();
        for (var before = 0; ;)
        {
            var import = await Import(id);
            var asked = (int)import["imported"]! + (int)import["refused"]!;
            Assert.True(asked >= before && asked <= (int)import["total"]!, $"progress goes on: {import}");
            if (condition(import))
            {
                return import;
            }

            before = asked;
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(90 + (Keys / 100)),
                $"in time: {import}");
        }
    }

    private long Count(string condition)
    {
        using SqliteConnection database = new($"Data Source={Path.Combine(Folder, "tokenactors.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {condition}";
        return (long)command.ExecuteScalar()!;
    }

    private static string KeyOf(int i) => string.Create(CultureInfo.InvariantCulture, $"acme_{i:D20}");

    private static string Lines()
    {
        StringBuilder lines = new();
        for (var i = 0; i < Keys; i++)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(KeyOf(i))));
            lines.Append(CultureInfo.InvariantCulture, $$"""{"sha256":"{{hash}}","scheme":"acme","last_four":"{{KeyOf(i)[^4..]}}","permission_set":"viewer"}""").Append('\n');
        }

        return lines.ToString();
    }

    [Fact]
    public async Task An_import_that_was_killed_goes_on_where_it_was()
    {
        await StartUntilReady();
        _admin = (string)ReadBootstrap()["access_secret"]!;
        Assert.Equal(HttpStatusCode.Created, (await Send(HttpMethod.Post, "/lifecycle/v1/import-schemes", _admin, """{"name":"acme","prefix":"acme_","random_characters":20}"""))?.Status);
        var since = TimeProvider.System.GetTimestamp();
        var started = await Send(
            HttpMethod.Post, "/lifecycle/v1/tokens/import", _admin, Lines(), contentType: "application/x-ndjson");
        Assert.True(started is { Status: HttpStatusCode.Accepted }, $"{started?.Status} {started?.Body}");
        var id = (string)started!.Json["id"]!;
        var taken = TimeProvider.System.GetElapsedTime(since);
        await Until(id, import => (int)import["imported"]! >= Keys / 4);
        Kill();
        await StartUntilReady();
        var killed = await Import(id);
        Assert.Equal("running", (string?)killed["state"]);
        since = TimeProvider.System.GetTimestamp();
        var done = (int)killed["imported"]!;
        await Until(id, import => (int)import["imported"]! > done);
        var resumed = TimeProvider.System.GetElapsedTime(since);
        var ended = await Until(id, import => import["ended_at"] is not null);
        var rate = (Keys - done) / (TimeProvider.System.GetElapsedTime(since) - resumed).TotalSeconds;
        Console.WriteLine(
            $"IMPORT {Keys} keys taken in {taken.TotalSeconds:F1} s, killed at {done}, gone on {resumed.TotalSeconds:F0} s after the start, {rate:F0} a second, "
            + $"{Running.PeakWorkingSet64 >> 20} MiB at most");

        Assert.Equal(("done", Keys, 0), ((string)ended["state"]!, (int)ended["imported"]!, (int)ended["refused"]!));
        Assert.Equal(Keys, Count("records WHERE kind = 'token' AND state LIKE '%\"profile\":\"imported\"%'"));
        Assert.Equal(Keys, Count("(SELECT DISTINCT token_id FROM imported_keys)"));
        Assert.Equal(Keys, Count("audit WHERE event = 'token.imported' AND outcome = 'done'"));
        await Eventually.Holds(() => Count("records WHERE kind = 'import_batch'") == 0, () => "no batch is left");
        foreach (var i in new[] { 0, Keys / 4, Keys / 2, Keys - 1 })
        {
            Assert.True(await IsActive(_admin, KeyOf(i)));
        }
    }
}
