using System.Net;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Lifecycle.Imports;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Imports;
using static TokenActors.Gateway.Tests.Lifecycle.Imports;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>How many imports may be under way, what is known of an earlier one, and what becomes of one
/// meanwhile.</summary>
public sealed class ImportLimitTests(ImportLimitTests.Guarded service) : IClassFixture<ImportLimitTests.Guarded>
{
    public sealed class Guarded : Service
    {
        protected override string[] Settings => ["--TokenActors:RateLimits:GuessesPerScheme", "5"];
    }

    [Fact]
    public void A_gateway_reads_so_many_files_at_once_and_half_of_them_of_one_organization()
    {
        using ImportGate gate = new();
        var (one, other, third) = (new OrganizationId(Guid.NewGuid()), new OrganizationId(Guid.NewGuid()), new OrganizationId(Guid.NewGuid()));
        var own = Enumerable.Range(0, ImportGate.MostOfOne).Select(_ => gate.Enter(one)).ToList();
        Assert.All(own, pass => Assert.True(pass.IsAcquired));
        Assert.False(gate.Enter(one).IsAcquired);
        var others = Enumerable.Range(0, ImportGate.MostAtOnce - ImportGate.MostOfOne).Select(_ => gate.Enter(other)).ToList();
        Assert.All(others, pass => Assert.True(pass.IsAcquired));
        Assert.False(gate.Enter(third).IsAcquired);
        own[0].Dispose();
        using (var pass = gate.Enter(third))
        {
            Assert.True(pass.IsAcquired);
        }

        Assert.True(gate.Enter(one).IsAcquired);
    }

    [Fact]
    public async Task An_organization_has_so_many_unfinished_imports_and_what_is_known_is_answered_all_the_same()
    {
        var (_, _, other) = await service.NewOrganization();
        await service.Scheme(other.Access);
        var caller = await CallerOf(other.Access);
        var (lines, key) = (Lines(Line(NewKey())), Guid.NewGuid().ToString());
        var first = await service.Ended(await service.Import(lines, other.Access, key: key), other.Access);
        var unfinished = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            var job = service.Grains.GetGrain<IImportJobGrain>(Guid.NewGuid().ToString());
            Assert.Null((await job.Make(new MakeImportJob { Context = By(caller), Total = 1, Request = [1] })).Refusal);
            return job;
        }));

        var refused = await service.Import(Lines(Line(NewKey())), other.Access);
        Problem(refused, 429, "too-many-requests");
        Assert.Equal("30", refused.Headers["Retry-After"]);
        Assert.Equal(
            (string)first["id"]!,
            (string)(await service.Import(lines, other.Access, key: key)).Is(HttpStatusCode.Accepted).Json["id"]!);
        await service.Scheme();
        (await service.Import(Lines(Line(NewKey())))).Is(HttpStatusCode.Accepted);

        Assert.Null((await unfinished[0].Stop(By(caller))).Refusal);
        (await service.Import(Lines(Line(NewKey())), other.Access)).Is(HttpStatusCode.Accepted);
    }

    /// <summary>Its scheme is gone since, so that its lines would be refused if they were looked at.</summary>
    [Fact]
    public async Task A_repetition_is_known_before_its_lines_are_looked_at()
    {
        var (_, _, other) = await service.NewOrganization();
        await service.Scheme(other.Access);
        var (lines, key) = (Lines(Line(NewKey())), Guid.NewGuid().ToString());
        var first = await service.Ended(await service.Import(lines, other.Access, key: key), other.Access);
        var token = (string)Assert.Single(await service.Results(first, bearer: other.Access))["id"]!;
        (await service.Delete($"/lifecycle/v1/tokens/{token}", other.Access)).Is(HttpStatusCode.NoContent);
        var scheme = (string)(await service.Get(Schemes, other.Access)).Json["items"]![0]!["id"]!;
        (await service.Delete($"{Schemes}/{scheme}", other.Access)).Is(HttpStatusCode.NoContent);
        (await service.Import(lines, other.Access)).Is(HttpStatusCode.BadRequest);
        Assert.Equal(
            (string)first["id"]!,
            (string)(await service.Import(lines, other.Access, key: key)).Is(HttpStatusCode.Accepted).Json["id"]!);
        Problem(await service.Import(Lines(Line(NewKey())), other.Access, key: key), 409, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_line_whose_scheme_was_deleted_before_its_turn_is_refused()
    {
        var (_, _, other) = await service.NewOrganization();
        await service.Scheme(other.Access);
        await service.Scheme(other.Access, "other", "other_");
        var caller = await CallerOf(other.Access);
        var schemes = (await service.Get(Schemes, other.Access)).Json["items"]!.AsArray().ToDictionary(
            scheme => (string)scheme!["name"]!, scheme => (string)scheme!["id"]!);
        var job = service.Grains.GetGrain<IImportJobGrain>(Guid.NewGuid().ToString());
        await job.Make(new MakeImportJob { Context = By(caller), Total = 2, Request = [2] });
        var (gone, kept) = (NewKey(), NewKey("other_"));
        await job.Append(new AppendImportLines { Context = By(caller), From = 0, Lines = [LineOf(1, schemes["acme"], gone), LineOf(2, schemes["other"], kept)] });
        (await service.Delete($"{Schemes}/{schemes["acme"]}", other.Access)).Is(HttpStatusCode.NoContent);
        Assert.Null((await job.Start(By(caller))).Refusal);
        var ended = await service.Ended(new Answer(HttpStatusCode.Accepted, $$"""{"id":"{{(await job.Get(By(caller))).Job!.Id}}"}""", [], null), other.Access);
        Assert.Equal((2, 1, 1), Counts(ended));
        var refused = Assert.Single(await service.Results(ended, "&state=refused", other.Access));
        Assert.Equal((1, 409), ((int)refused["line"]!, (int)refused["status"]!));
        Assert.True(await service.IsActiveKey(kept, other.Access));
        Assert.False(await service.IsActiveKey(gone, other.Access));
    }

    /// <summary>
    /// The outcome of a share is lost, and by the time that it is asked again its importing token is dead: what was
    /// made stays made, and what was refused stays refused.
    /// </summary>
    [Fact]
    public async Task A_share_that_is_asked_again_says_of_each_line_what_became_of_it()
    {
        await service.Scheme();
        var importer = await service.Create();
        var caller = await CallerOf(importer.Access);
        var taken = NewKey();
        await service.ImportOne(Line(taken));
        var scheme = (string)(await service.Get(Schemes, service.Admin)).Json["items"]!.AsArray().First(one => (string)one!["name"]! == "acme")!["id"]!;
        var job = service.Grains.GetGrain<IImportJobGrain>(Guid.NewGuid().ToString());
        var id = (await job.Make(new MakeImportJob { Context = By(caller), Total = 2, Request = [3] })).Job!.Id;
        await job.Append(new AppendImportLines { Context = By(caller), From = 0, Lines = [LineOf(1, scheme, NewKey()), LineOf(2, scheme, taken)] });
        var lost = 0;
        service.Faults.Loses = commit => commit.Record.Key.Id == id.ToString() && commit.Record.State.Contains("\"asked\":2") && Interlocked.Increment(ref lost) > 0;
        Assert.Null((await job.Start(By(caller))).Refusal);
        await Eventually.Holds(() => Volatile.Read(ref lost) > 0);
        (await service.Delete($"/lifecycle/v1/tokens/{importer.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        service.Faults.Loses = null;

        // A share that was not answered is asked again after three seconds.
        var ended = await service.Ended(new Answer(HttpStatusCode.Accepted, $$"""{"id":"{{id}}"}""", [], null), pause: TimeSpan.FromSeconds(1));
        Assert.Equal((2, 1, 1), Counts(ended));
        Assert.Equal(["imported", "refused"], (await service.Results(ended)).Select(line => (string)line["state"]!));
    }

    [Fact]
    public async Task Keys_that_could_be_guessed_are_looked_up_so_often_and_known_ones_go_on()
    {
        const string prefix = "pin_";
        (await service.Post(Schemes, service.Admin, new { name = "pins", prefix, random_characters = 8, accept_low_entropy = true })).Is(HttpStatusCode.Created);
        var keys = Enumerable.Range(10_000_000, 2).Select(number => $"{prefix}{number}").ToList();
        await service.Ended(await service.Import(Lines(keys.Select(key => Line(key, "pins")))));
        Assert.True(await service.IsActiveKey(keys[0]));
        Assert.Equal(HttpStatusCode.OK, (await Access(keys[0])).Status);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(await service.IsActiveKey($"{prefix}2000000{i}"));
        }

        var asked = await service.Introspect(service.Admin, prefix + "30000000");
        Assert.Equal(HttpStatusCode.TooManyRequests, asked.Status);
        Assert.InRange(int.Parse(asked.Headers["Retry-After"]), 1, 60);
        Problem(await service.Post("/lifecycle/v1/introspect", service.Admin, new { tokens = new[] { prefix + "30000000" } }), 429, "too-many-requests");

        // Where it is said from where a key comes, those who try keys elsewhere keep nobody out.
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Access($"{prefix}4000000{i}")).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await Access(keys[1])).Status);
        Assert.True(await service.IsActiveKey(keys[0]));
        Assert.Equal(HttpStatusCode.OK, (await Access(keys[0])).Status);

        // Long keys cannot be guessed, and none is counted.
        await service.Scheme();
        foreach (var _ in Enumerable.Range(0, 10))
        {
            Assert.False(await service.IsActiveKey(NewKey()));
        }

        service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await service.IsActiveKey(keys[1]));
    }

    [Fact]
    public async Task The_first_pair_of_an_imported_token_is_of_a_kind_that_the_policy_has_to_allow()
    {
        var (_, _, other) = await service.NewOrganization();
        var id = await service.ImportOne(Line(NewKey()), other.Access);
        var tag = (await service.Get("/lifecycle/v1/policy", other.Access)).Headers["ETag"];
        async Task<Answer> Put(string[] kinds, string match) => (await service.Send(
            HttpMethod.Put, "/lifecycle/v1/policy", [("Authorization", "Bearer " + other.Access), ("If-Match", match)], new { allowed_kinds = kinds }))
            .Is(HttpStatusCode.OK);
        tag = (await Put(["imported"], tag)).Headers["ETag"];
        foreach (var command in new[] { "rotate", "reset" })
        {
            Problem(await service.Post($"/lifecycle/v1/tokens/{id}/{command}", other.Access, new { }), 409, "conflict");
        }

        await Put(["imported", "adhoc"], tag);
        (await service.Post($"/lifecycle/v1/tokens/{id}/rotate", other.Access, new { })).Is(HttpStatusCode.OK);
    }

    private Task<Answer> Access(string key) =>
        service.Get($"/access/verify?organization_id={service.OrganizationId}", key);

    private static CallContext By(Caller caller) => new() { CommandId = Guid.NewGuid(), Caller = caller };

    private static ImportLine LineOf(int number, string scheme, string key) => new()
    {
        Number = number, Scheme = Guid.Parse(scheme), Fingerprint = new Secret(key).Fingerprint(), LastFour = key[^4..],
        PermissionSet = "viewer", Resources = Resources.All,
    };

    /// <summary>The caller that a gateway makes of a bearer.</summary>
    private async Task<Caller> CallerOf(string bearer)
    {
        var said = (await service.Introspect(bearer, bearer)).Is(HttpStatusCode.OK).Json;
        return new Caller
        {
            TokenId = TokenId.Parse((string)said["jti"]!), OrganizationId = new OrganizationId(
                Guid.Parse((string)said["organization_id"]!)),
            MemberId = new MemberId(Guid.Parse((string)said["sub"]!)), Grant = Grant.Of(
                PermissionSets.Administrator, Resources.All),
        };
    }
}

/// <summary>What hears of an import.</summary>
public sealed class ImportEventTests : Webhooks.ReceiverTests
{
    [Fact]
    public async Task A_webhook_hears_of_an_imported_token_as_of_any_new_one()
    {
        (await Service.Post("/lifecycle/v1/webhooks", Service.Admin, new { url = Receiver.Url, types = new[] { "token.issued" } })).Is(HttpStatusCode.Created);
        var key = NewKey();
        var id = await Service.ImportOne(Line(key));
        var got = Assert.Single(await Receiver.Wait(1));
        Assert.Equal(("token.issued", id), (got.Type, (string?)got.Json["data"]!["id"]));
        Assert.DoesNotContain(key, got.Body);
        Assert.DoesNotContain(HashOf(key), got.Body);
    }
}

/// <summary>Imported keys while the server's key is replaced.</summary>
public sealed class ImportedKeyPepperTests : IAsyncLifetime
{
    private sealed class Peppered : Service
    {
        public List<(string Id, string Key)> Keys { get; } = [("one", Convert.ToBase64String(
            new byte[32].Select((_, i) => (byte)i).ToArray()))];

        protected override string[] Settings =>
        [
            .. Keys.SelectMany((key, i) => new[] { $"--TokenActors:Secrets:Peppers:{i}:Id", key.Id, $"--TokenActors:Secrets:Peppers:{i}:Key", key.Key }),
        ];
    }

    private readonly Peppered _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_key_is_accepted_under_the_next_pepper_and_stays_once()
    {
        var (shown, waiting) = (NewKey(), NewKey());
        var id = await _service.ImportOne(Line(shown));
        await _service.ImportOne(Line(waiting));
        _service.Keys.Insert(
            0, ("two", Convert.ToBase64String(new byte[32].Select((_, i) => (byte)(i + 7)).ToArray())));
        await _service.RestartAsync();

        // Its digest moves with its presentation; that of the other waits.
        Assert.True(await _service.IsActiveKey(shown));
        await Moved(shown, id);
        foreach (var key in new[] { shown, waiting })
        {
            var again = await _service.Ended(await _service.Import(Lines(Line(key))));
            Assert.Equal((1, 0, 1), Counts(again));
            Assert.True(await _service.IsActiveKey(key));
        }

        (await _service.Post($"/lifecycle/v1/tokens/{id}/disable", _service.Admin, new { })).Is(HttpStatusCode.OK);
        Assert.False(await _service.IsActiveKey(shown));
        Assert.True(await _service.IsActiveKey(waiting));
    }

    private async Task Moved(string key, string id)
    {
        var scheme = (string)(await _service.Get(Schemes, _service.Admin)).Json["items"]![0]!["id"]!;
        var digest = _service.Peppers.Digest(new Secret(key).Fingerprint());
        var since = TimeProvider.System.GetTimestamp();
        while (await _service.Records.ImportedKeys.Find(
            _service.OrganizationId, [new(scheme, digest.PepperId, Convert.ToBase64String(digest.Mac))]) != id)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(20), "the digest moves");
        }
    }
}
