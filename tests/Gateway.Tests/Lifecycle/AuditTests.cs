using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary><c>/lifecycle/v1/audit</c>: as a list, and as an export whose rows prove themselves.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private const string Path = "/lifecycle/v1/audit";

    private readonly Service _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Pages_go_on_after_the_last_row_while_others_are_written()
    {
        List<string> made = [];
        for (var i = 0; i < 5; i++)
        {
            made.Add((await _service.Create()).Id);
        }

        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = await List(
                $"order=at[asc]&limit=2&filter=event[eq]token.issued{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(page["items"]!.AsArray().Select(row => (string)row!["subject_id"]!));
            cursor = (string?)page["next_cursor"];
            if (seen.Count == 2)
            {
                made.Add((await _service.Create()).Id);
            }
        }
        while (cursor is not null);
        Assert.Equal(made, seen);
        var newest = await List("limit=1&filter=event[eq]token.issued");
        Assert.Equal(made[^1], (string?)newest["items"]![0]!["subject_id"]);
    }

    [Fact]
    public async Task A_row_says_who_did_what_to_what_from_where()
    {
        var made = await _service.Create(name: "named");
        (await _service.Delete($"/v1/tokens/{made.Id}", _service.Admin)).Is(HttpStatusCode.NoContent);
        var row = (await List($"filter=subject_id[eq]{made.Id}&filter=event[eq]token.deleted"))["items"]![0]!;
        Assert.Equal(
            ("token", 2, "done", "DELETE", $"/v1/tokens/{made.Id}", "204", "127.0.0.1", _service.DefaultTokenId),
            ((string?)row["subject_kind"], (int)row["subject_version"]!, (string?)row["outcome"], (string?)row["method"],
                (string?)row["path"], (string?)row["status"], (string?)row["address"], (string?)row["token_id"]));
        Assert.Equal(2, (await List($"filter=subject_id[eq]{made.Id}"))["items"]!.AsArray().Count);
        Assert.Empty((await List($"filter=subject_id[eq]{made.Id}&filter=address[eq]192.0.2.1"))["items"]!.AsArray());
    }

    [Fact]
    public async Task An_export_gives_every_settled_row_once_and_each_is_proved_by_its_code()
    {
        for (var i = 0; i < 4; i++)
        {
            await _service.Create();
        }

        await Linked();
        var rows = await Export("");
        Assert.Equal(4, rows.Count(row => (string?)row["event"] == "token.issued"));
        Assert.Equal(
            rows.Select(row => (long)row["number"]!).Distinct().Order(), rows.Select(row => (long)row["number"]!));
        Assert.All(rows, row => Assert.Equal(32, ((string)row["chain"]!["code"]!).Length));
        var rest = await Export($"cursor={rows[1]["cursor"]}");
        Assert.Equal(rows.Skip(2).Select(row => row.ToJsonString()), rest.Select(row => row.ToJsonString()));

        var proof = new AuditProof(_service.Peppers);
        Assert.All(rows, row => Assert.True(Fits(proof, row)));
        foreach (var field in new[] { "event", "subject_id", "outcome", "path", "at", "subject_version", "number", "organization_id" })
        {
            var forged = rows[0].DeepClone().AsObject();
            forged[field] = field switch
            {
                "at" => "2020-01-01T00:00:00Z",
                "subject_version" or "number" => 77L,
                _ => "other",
            };
            Assert.False(Fits(proof, forged), field);
        }
    }

    [Theory]
    [InlineData("as it is", null)]
    [InlineData("the last has no code yet", null)]
    [InlineData("altered, its code taken out", "Line 2 has no code, and rows with later numbers have: it was exported before it had one, or its code was taken out.")]
    [InlineData("altered", "Line 2 is not a row as it was exported.")]
    [InlineData("a field more", "Line 2 has a field that was not exported, or one twice.")]
    [InlineData("a field twice", "Line 2 has a field that was not exported, or one twice.")]
    [InlineData("twice", "Line 3 does not come after the line before it.")]
    [InlineData("exchanged", "Line 3 does not come after the line before it.")]
    [InlineData("no row", "Line 2 is not a row as it was exported.")]
    [InlineData("no object", "Line 2 is not a row as it was exported.")]
    public async Task A_file_with_an_export_is_proved_line_by_line(string file, string? problem)
    {
        for (var i = 0; i < 3; i++)
        {
            await _service.Create();
        }

        await Linked();
        var lines = (await Export("")).ConvertAll(row => row.ToJsonString());
        var forged = JsonNode.Parse(lines[1])!.AsObject();
        forged["event"] = "token.expired";
        switch (file)
        {
            case "the last has no code yet":
                lines[^1] = WithoutCode(JsonNode.Parse(lines[^1])!.AsObject());
                break;
            case "altered, its code taken out":
                lines[1] = WithoutCode(forged);
                break;
            case "altered":
                lines[1] = forged.ToJsonString();
                break;
            case "a field more":
                lines[1] = lines[1].Replace("{", """{"note":"approved",""", StringComparison.Ordinal);
                break;
            case "a field twice":
                lines[1] = "{\"event\":\"token.expired\"," + lines[1][1..];
                break;
            case "twice":
                lines.Insert(1, lines[1]);
                break;
            case "exchanged":
                (lines[1], lines[2]) = (lines[2], lines[1]);
                break;
            case "no row" or "no object":
                lines[1] = file == "no row" ? "{}" : "[]";
                break;
        }

        var trail = new ExportedTrail(new AuditProof(_service.Peppers));
        var problems = lines.Select(trail.Read).Append(null).ToList();
        Assert.Equal(problem, problems.Find(line => line is not null) ?? trail.End());
        var unproved = file.Contains("no code yet", StringComparison.Ordinal) ? 1 : 0;
        if (problem is null)
        {
            Assert.Equal(
                (lines.Count - unproved, unproved, unproved == 0 ? null : (long?)lines.Count),
                (trail.Proved, trail.Unproved, trail.FirstUnproved));
        }

        static string WithoutCode(JsonObject row)
        {
            row.Remove("chain");
            return row.ToJsonString();
        }
    }

    [Fact]
    public async Task What_is_younger_than_a_minute_is_in_no_export()
    {
        await _service.Create();
        Assert.Empty(await Export(""));
        _service.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.NotEmpty(await Export(""));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("order=at", "order")]
    [InlineData("order=event[asc]", "order")]
    [InlineData("cursor=zzz", "cursor")]
    [InlineData("cursor=MS4yLjM", "cursor")]
    [InlineData("filter=other[eq]1", "filter")]
    [InlineData("filter=at[eq]yesterday", "filter")]
    public async Task What_cannot_be_asked_is_pointed_at(string query, string parameter)
    {
        var answer = await _service.Get($"{Path}?{query}", _service.Admin);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(parameter, (string?)answer.Json["errors"]![0]!["parameter"]);
    }

    [Fact]
    public async Task A_bearer_that_is_narrowed_to_accounts_sees_what_was_about_them()
    {
        var account = (string)(await _service.Post("/v1/accounts", _service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        await _service.Post("/v1/accounts", _service.Admin, new { });
        var narrowed = await _service.Create("administrator", new { accounts = new { ids = new[] { account } } });
        var rows = (await _service.Get(Path, narrowed.Access)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Equal(account, (string?)row!["account_id"]));
        var (_, _, other) = await _service.NewOrganization();
        Assert.All(
            (await _service.Get(Path, other.Access)).Is(HttpStatusCode.OK).Json["items"]!.AsArray(),
            row => Assert.NotEqual(_service.OrganizationId, (string?)row!["organization_id"]));
    }

    private async Task<JsonObject> List(string query) =>
        (await _service.Get($"{Path}?{query}", _service.Admin)).Is(HttpStatusCode.OK).Json;

    private async Task<List<JsonObject>> Export(string query)
    {
        var answer = await _service.Send(
            HttpMethod.Get, $"{Path}?{query}",
            [("Authorization", "Bearer " + _service.Admin), ("Accept", "application/x-ndjson")]);
        Assert.Equal("application/x-ndjson", answer.Is(HttpStatusCode.OK).ContentType);
        return [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonNode.Parse(line)!.AsObject())];
    }

    /// <summary>Waits until the rows so far are linked.</summary>
    private async Task Linked()
    {
        _service.Clock.Advance(TimeSpan.FromMinutes(2));
        var since = TimeProvider.System.GetTimestamp();
        while ((await Export("")) is not { Count: > 0 } rows || rows.Any(row => row["chain"] is null))
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30), "the rows are linked in time");
            await new AuditChain(_service.Records.Links, _service.Peppers).LinkNext(
                _service.Clock.GetUtcNow(), TimeSpan.FromMinutes(1));
        }
    }

    private static bool Fits(AuditProof proof, JsonObject row) =>
        proof.Fits(
            (long)row["number"]!,
            new AuditEntry
            {
                OrganizationId = (string)row["organization_id"]!,
                At = DateTimeOffset.Parse((string)row["at"]!, CultureInfo.InvariantCulture),
                Event = (string)row["event"]!,
                Subject = new((string)row["subject_kind"]!, (string)row["subject_id"]!),
                SubjectVersion = (long)row["subject_version"]!,
                CommandId = (string)row["command_id"]!,
                ActorTokenId = (string?)row["token_id"],
                ActorMemberId = (string?)row["member_id"],
                RemoteAddress = (string?)row["address"],
                UserAgent = (string?)row["user_agent"],
                Method = (string?)row["method"],
                Path = (string?)row["path"],
                Outcome = (string)row["outcome"]!,
                Code = (string?)row["status"],
                AccountId = (string?)row["account_id"],
                IntegrationId = (string?)row["integration_id"],
            },
            (string)row["chain"]!["code"]!);
}
