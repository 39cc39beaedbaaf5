using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static TokenActors.Gateway.Tests.Lifecycle.Imports;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Existing keys by their hashes: schemes, files, what becomes of each line.</summary>
public sealed class ImportTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Keys_of_a_file_become_tokens_by_a_job_whose_progress_is_true()
    {
        await service.Scheme();
        var keys = Enumerable.Range(0, 250).Select(_ => NewKey()).ToList();
        var started = await service.Import(Lines(keys.Select(key => Line(key))));
        var job = await service.Ended(started);
        Assert.Equal($"/lifecycle/v1/imports/{(string)job["id"]!}", started.Headers["Location"]);
        Assert.Equal(("done", (250, 250, 0)), ((string)job["state"]!, Counts(job)));
        var results = await service.Results(job, "&limit=99");
        Assert.Equal(Enumerable.Range(1, 250), results.Select(result => (int)result["line"]!));
        Assert.Empty(await service.Results(job, "&state=refused"));
        foreach (var (key, result) in keys.Zip(results).Where((_, i) => i % 50 == 0))
        {
            var answer = (await service.Introspect(service.Admin, key)).Json;
            Assert.Equal(
                (true, (string)result["id"]!, "imported", "access", "primary"),
                ((bool)answer["active"]!, (string)answer["jti"]!, (string)answer["profile"]!, (string)answer["token_use"]!, (string)answer["slot"]!));
        }
    }

    [Fact]
    public async Task A_line_says_what_its_token_is()
    {
        var key = NewKey();
        var line = Line(key, permissionSet: "administrator");
        foreach (var (name, value) in new (string, JsonNode)[]
        {
            ("name", "billing"), ("full_name", "The billing key"), ("labels", new JsonArray("ci", "old")), ("contact", "ops@example.com"),
            ("description", "from the old system"), ("life", "72h"), ("per_second", 7), ("belongs_to", "member"),
        })
        {
            line[name] = value;
        }

        var id = await service.ImportOne(line);
        var token = (await service.Get($"/lifecycle/v1/tokens/{id}", service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(
            ("imported", "billing", "The billing key", "member", "72h", 7, "active"),
            ((string)token["kind"]!, (string)token["name"]!, (string)token["full_name"]!, (string)token["belongs_to"]!, (string)token["life"]!, (int)token["per_second"]!,
                (string)token["state"]!));
        Assert.Equal(key[^4..], (string)token["primary"]!["access"]!["last_four"]!);
        Assert.Null(token["primary"]!["refresh"]);
        var listed = (await service.Get("/lifecycle/v1/tokens?filter=kind[eq]imported&filter=labels[eq]old", service.Admin)).Json["items"]!.AsArray();
        Assert.Equal(id, (string)Assert.Single(listed)!["id"]!);
        var happened = (await service.Get($"/lifecycle/v1/audit?filter=subject_id[eq]{id}", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal("token.imported", (string)Assert.Single(happened)!["event"]!);
    }

    [Fact]
    public async Task A_key_is_imported_once_and_again_only_when_nothing_accepts_it()
    {
        await service.Scheme();
        var (key, other) = (NewKey(), NewKey());
        var id = await service.ImportOne(Line(key));
        var job = await service.Ended(await service.Import(Lines(Line(key), Line(other))));
        Assert.Equal((2, 1, 1), Counts(job));
        var refused = Assert.Single(await service.Results(job, "&state=refused"));
        Assert.Equal((1, "refused", 409), ((int)refused["line"]!, (string)refused["state"]!, (int)refused["status"]!));
        Assert.Contains("imported already", (string)refused["detail"]!);
        Assert.True(await service.IsActiveKey(key));
        Assert.True(await service.IsActiveKey(other));

        (await service.Delete($"/lifecycle/v1/tokens/{id}", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActiveKey(key));
        var again = await service.ImportOne(Line(key));
        Assert.NotEqual(id, again);
        Assert.True(await service.IsActiveKey(key));
    }

    [Fact]
    public async Task Of_the_same_keys_in_many_imports_at_once_each_becomes_one_token()
    {
        await service.Scheme();
        var keys = Enumerable.Range(0, 60).Select(_ => NewKey()).ToList();
        var random = new Random(48);
        var started = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => service.Import(Lines(keys.OrderBy(_ => random.Next()).Select(key => Line(key))))));
        var jobs = await Task.WhenAll(started.Select(one => service.Ended(one)));
        Assert.Equal((60, 180), (jobs.Sum(job => (int)job["imported"]!), jobs.Sum(job => (int)job["refused"]!)));
        var ids = new HashSet<string>();
        foreach (var key in keys)
        {
            Assert.True(ids.Add((string)(await service.Introspect(service.Admin, key)).Json["jti"]!));
        }
    }

    [Fact]
    public async Task The_end_of_all_days_is_for_ever_and_does_not_hold_up_the_others()
    {
        await service.Scheme();
        var (endless, other) = (NewKey(), NewKey());
        var line = Line(endless);
        line["expires_at"] = "9999-12-31T00:00:00Z";
        Assert.Equal((2, 2, 0), Counts(await service.Ended(await service.Import(Lines(line, Line(other))))));
        Assert.True(await service.IsActiveKey(endless));
        Assert.True(await service.IsActiveKey(other));
    }

    [Theory]
    [InlineData("\n", "line 2: is empty")]
    [InlineData(" \r\n", "line 2: is empty")]
    [InlineData("{\"description\":\"LONG\"}\n", "line 2: is longer than 64 KiB")]
    public async Task A_lines_number_is_its_place_and_none_is_too_long(string between, string problem)
    {
        await service.Scheme();
        var (first, last) = (Line(NewKey()).ToJsonString(), Line(NewKey()).ToJsonString());
        between = between.Replace("LONG", new string('x', 70_000), StringComparison.Ordinal);
        var refused = (await service.Import($"{first}\n{between}{last}\n")).Is(HttpStatusCode.BadRequest);
        Assert.Contains(problem, refused.Body, StringComparison.Ordinal);
        Assert.Equal((2, 2, 0), Counts(await service.Ended(await service.Import($"{first}\n{last}\n\n \r\n"))));
    }

    [Fact]
    public async Task A_row_of_an_import_holds_no_hash_of_what_was_sent()
    {
        await service.Scheme();
        var body = Lines(Line(NewKey()));
        var job = await service.Ended(await service.Import(body));
        var row = await service.Store.Read(new("import_job", (string?)job["id"] ?? ""));
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(body));
        Assert.DoesNotContain(Convert.ToBase64String(hash), row?.State ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(hash), row?.State ?? "", StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(row);
    }

    [Fact]
    public async Task What_is_wrong_is_told_by_line_and_pointer_and_nothing_is_written()
    {
        await service.Scheme();
        var good = NewKey();
        var twice = NewKey();
        JsonObject[] wrong =
        [
            Line(good),
            new(Line(NewKey()).Where(field => field.Key != "sha256").Select(
                field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))),
            new(Line(NewKey()).Select(field => KeyValuePair.Create(
                field.Key, field.Key == "sha256" ? JsonValue.Create("abc") : field.Value?.DeepClone()))),
            Line(NewKey(), scheme: "nobody"),
            Line(NewKey(), permissionSet: "nothing"),
            Line(twice),
            Line(twice),
        ];
        var problem = Problem(await service.Import(Lines(wrong) + "{\n[]\n"), 400, "invalid-request");
        Assert.Equal(
            ["line 2:/sha256", "line 3:/sha256", "line 4:/scheme", "line 5:/permission_set", "line 7:/sha256", "line 8:", "line 9:"],
            problem["errors"]!.AsArray().Select(error => ((string)error!["detail"]!)[..7] + (string?)error["pointer"]));
        Assert.False(await service.IsActiveKey(good));
        await service.ImportOne(Line(good));
    }

    [Theory]
    [InlineData("last_four", "\"abc\"")]
    [InlineData("last_four", "\"ab d\"")]
    [InlineData("life", "\"never\"")]
    [InlineData("expires_at", "\"2001-01-01T00:00:00Z\"")]
    [InlineData("addresses", "[\"10.0.0.0/8x\"]")]
    [InlineData("belongs_to", "\"nobody\"")]
    [InlineData("uses", "0")]
    [InlineData("labels", "[7]")]
    [InlineData("secret", "\"x\"")]
    [InlineData("name", "\"not a slug!\"")]
    public async Task Each_field_of_a_line_is_checked(string field, string value)
    {
        await service.Scheme();
        var line = Line(NewKey());
        line[field] = JsonNode.Parse(value);
        var error = Problem(await service.Import(Lines(line)), 400, "invalid-request")["errors"]![0]!;
        Assert.StartsWith("line 1: ", (string)error["detail"]!);
        Assert.StartsWith("/" + field, (string)error["pointer"]!);
    }

    [Fact]
    public async Task No_more_than_a_hundred_things_are_told_and_an_empty_file_is_none()
    {
        await service.Scheme();
        var problem = Problem(
            await service.Import(string.Concat(Enumerable.Repeat("{}\n", 5_000))), 400, "invalid-request");
        Assert.InRange(problem["errors"]!.AsArray().Count, 100, 100);
        Problem(await service.Import("\n \n\r\n"), 400, "invalid-request");
    }

    [Fact]
    public async Task A_dry_run_says_what_would_come_of_it_and_writes_nothing()
    {
        var known = NewKey();
        await service.ImportOne(Line(known));
        var fresh = NewKey();
        var plan = (await service.Import(Lines(Line(fresh), Line(known)), query: "?dry_run=true")).Is(HttpStatusCode.OK).Json;
        Assert.Equal(
            (true, 2, 1, 1),
            ((bool)plan["dry_run"]!, (int)plan["lines"]!, (int)plan["would_import"]!, (int)plan["would_refuse"]!));
        var refusal = Assert.Single(plan["refusals"]!.AsArray())!;
        Assert.Equal((2, 409), ((int)refusal["line"]!, (int)refusal["status"]!));
        Assert.False(await service.IsActiveKey(fresh));
    }

    [Fact]
    public async Task The_same_call_under_its_key_is_one_import()
    {
        await service.Scheme();
        var (lines, key) = (Lines(Line(NewKey()), Line(NewKey())), Guid.NewGuid().ToString());
        var first = await service.Ended(await service.Import(lines, key: key));
        var second = (await service.Import(lines, key: key)).Is(HttpStatusCode.Accepted).Json;
        Assert.Equal(((string)first["id"]!, (2, 2, 0)), ((string)second["id"]!, Counts(second)));
        Problem(await service.Import(Lines(Line(NewKey())), key: key), 409, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_name_that_is_borne_is_refused_at_its_turn()
    {
        await service.Scheme();
        var name = $"n{Guid.NewGuid():N}";
        await service.Create(name: name);
        var line = Line(NewKey());
        line["name"] = name;
        var job = await service.Ended(await service.Import(Lines(line)));
        Assert.Equal(409, (int)Assert.Single(await service.Results(job))["status"]!);
    }

    [Fact]
    public async Task Whoever_is_narrowed_or_may_make_no_tokens_imports_nothing_and_nobody_more_than_they_may()
    {
        await service.Scheme();
        var viewer = await service.Create("viewer");
        Problem(await service.Import(Lines(Line(NewKey())), viewer.Access), 403, "permission-missing");
        Problem(
            await service.Post(Schemes, viewer.Access, new { name = "x", prefix = "xxxx_", length = 40 }), 403,
            "permission-missing");
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var narrowed = await service.Create("administrator", new { accounts = new { ids = new[] { account } } });
        Problem(await service.Import(Lines(Line(NewKey())), narrowed.Access), 403, "permission-missing");
        Problem(await service.Get(Schemes, narrowed.Access), 403, "permission-missing");

        var job = await service.Ended(await service.Import(Lines(Line(NewKey()))));
        var (_, _, foreign) = await service.NewOrganization();
        Problem(await service.Get($"/lifecycle/v1/imports/{(string)job["id"]!}", foreign.Access), 404, "not-found");
        Problem(
            await service.Get($"/lifecycle/v1/imports/{(string)job["id"]!}/results", foreign.Access), 404, "not-found");
        Problem(await service.Delete($"/lifecycle/v1/imports/{(string)job["id"]!}", foreign.Access), 404, "not-found");
    }

    [Fact]
    public async Task Another_media_type_is_415_and_more_than_32_MiB_413()
    {
        Problem(
            await service.Send(HttpMethod.Post, Route, service.Admin, Lines(Line(NewKey()))), 415, "invalid-request");
        var answer = await service.Import(new string('\n', (32 * 1024 * 1024) + 1));
        Assert.Contains("32 MiB", (string)Problem(answer, 413, "invalid-request")["detail"]!);
        Problem(await service.Import(new string('\n', 2 * 1024 * 1024)), 400, "invalid-request");
    }

    [Fact]
    public async Task The_policy_is_asked_at_the_turn_of_each_line()
    {
        var (_, _, other) = await service.NewOrganization();
        await service.Scheme(other.Access);
        var tag = (await service.Get("/lifecycle/v1/policy", other.Access)).Headers["ETag"];
        (await service.Send(
            HttpMethod.Put, "/lifecycle/v1/policy", [("Authorization", "Bearer " + other.Access), ("If-Match", tag)],
            new { must_expire = true, allowed_kinds = new[] { "imported" } }))
            .Is(HttpStatusCode.OK);
        var ending = Line(NewKey());
        ending["expires_at"] = service.Clock.GetUtcNow().AddDays(30).ToString("O");
        var job = await service.Ended(await service.Import(Lines(Line(NewKey()), ending), other.Access), other.Access);
        Assert.Equal(
            ["refused", "imported"],
            (await service.Results(job, bearer: other.Access)).Select(result => (string)result["state"]!));
    }

    [Fact]
    public async Task A_hash_is_taken_in_hex_of_either_case_and_in_base64_and_is_stored_nowhere()
    {
        await service.Scheme();
        var keys = Enumerable.Range(0, 3).Select(_ => NewKey()).ToList();
        var lines = keys.Select(key => Line(key)).ToList();
        lines[1]["sha256"] = HashOf(keys[1]).ToUpperInvariant();
        lines[2]["sha256"] = Convert.ToBase64String(Convert.FromHexString(HashOf(keys[2])));
        await service.Ended(await service.Import(Lines(lines)));
        foreach (var key in keys)
        {
            Assert.True(await service.IsActiveKey(key));
        }

        foreach (var file in Directory.EnumerateFiles(service.Folder, "tokenactors.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            foreach (var hash in keys.Select(HashOf))
            {
                byte[][] forms =
                [
                    Convert.FromHexString(hash), Encoding.ASCII.GetBytes(hash),
                    Encoding.ASCII.GetBytes(hash.ToUpperInvariant()),
                    Encoding.ASCII.GetBytes(Convert.ToBase64String(Convert.FromHexString(hash))),
                ];
                Assert.All(forms, form => Assert.True(bytes.AsSpan().IndexOf(form) < 0, $"the hash stands in {file}"));
            }
        }
    }

    [Fact]
    public async Task A_scheme_is_removed_once_under_a_key()
    {
        var key = Guid.NewGuid().ToString();
        var id = await Made("gone");
        for (var i = 0; i < 2; i++)
        {
            (await service.Delete($"{Schemes}/{id}", service.Admin, key)).Is(HttpStatusCode.NoContent);
        }

        Problem(await service.Delete($"{Schemes}/{id}", service.Admin), 404, "not-found");
        Problem(
            await service.Delete($"{Schemes}/{await Made("other")}", service.Admin, key), 409,
            "idempotency-key-reused");

        async Task<string> Made(string name) => (string)(await service.Post(
            Schemes, service.Admin, new { name, prefix = name + "key_", random_characters = 32 })).Is(HttpStatusCode.Created).Json["id"]!;
    }
}
