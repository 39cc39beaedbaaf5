using System.Net;
using System.Text.Json.Nodes;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Many tokens at once: plans, jobs, and whose rights hold at each token's turn.</summary>
public sealed class BulkRevocationTests(Service service) : IClassFixture<Service>
{
    private const string Tokens = "/lifecycle/v1/tokens";
    private const string Revoke = Tokens + "/revoke";

    private async Task<(string Id, string Access)> Token(
        string label, string? bearer = null, string permissionSet = "viewer")
    {
        var made = (await service.Post(Tokens, bearer ?? service.Admin, new { permission_set = permissionSet, labels = new[] { label } })).Is(HttpStatusCode.Created).Json;
        return ((string)made["id"]!, (string)made["secrets"]!["access"]!);
    }

    private async Task<List<(string Id, string Access)>> Labelled(string label, int count)
    {
        List<(string, string)> made = [];
        for (var i = 0; i < count; i++)
        {
            made.Add(await Token(label));
        }

        return made;
    }

    private Task<Answer> Ask(object body, string? bearer = null, string query = "", string? key = null) =>
        service.Post(Revoke + query, bearer ?? service.Admin, body, key);

    private static object Filter(string label) => new { filter = new[] { $"labels[eq]{label}" } };

    private async Task<JsonObject> Plan(string label, string? bearer = null) =>
        (await Ask(Filter(label), bearer, "?dry_run=true")).Is(HttpStatusCode.OK).Json;

    private async Task<JsonObject> Ended(string id, string? bearer = null)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var job = (await service.Get($"/lifecycle/v1/jobs/{id}", bearer ?? service.Admin)).Is(HttpStatusCode.OK).Json;
            if (job["ended_at"] is not null)
            {
                return job;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30), $"the job ends: {job}");
        }
    }

    private static (int, int, int, int) Counts(JsonObject job) =>
        ((int)job["total"]!, (int)job["done"]!, (int)job["gone"]!, (int)job["refused"]!);

    [Fact]
    public async Task Tokens_of_a_filter_are_revoked_by_a_job_whose_progress_is_true()
    {
        var (bad, good) = (await Labelled("bad", 7), await Token("good"));
        var started = await Ask(Filter("bad"));
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var id = (string)started.Json["id"]!;
        Assert.Equal($"/lifecycle/v1/jobs/{id}", started.Headers["Location"]);
        var job = await Ended(id);
        Assert.Equal(("revoke", "done", (7, 7, 0, 0)), ((string)job["kind"]!, (string)job["state"]!, Counts(job)));
        foreach (var token in bad)
        {
            Assert.False(await service.IsActive(token.Access));
        }

        Assert.True(await service.IsActive(good.Access));
    }

    [Fact]
    public async Task A_plan_revokes_what_it_counted_and_nothing_that_was_made_since()
    {
        var planned = await Labelled("leaked", 3);
        var plan = await Plan("leaked");
        Assert.Equal(3, (int)plan["affected"]!["tokens"]!);
        Assert.Equal("""{"adhoc":3}""", plan["affected"]!["kinds"]!.ToJsonString());
        Assert.True(await service.IsActive(planned[0].Access));
        var since = await Token("leaked");
        (await service.Delete($"{Tokens}/{planned[0].Id}", service.Admin)).Is(HttpStatusCode.NoContent);

        var id = (string)plan["plan"]!;
        Assert.Equal("planned", (string?)(await service.Get($"/lifecycle/v1/jobs/{id}", service.Admin)).Json["state"]);
        (await Ask(new { plan = id })).Is(HttpStatusCode.Accepted);
        (await Ask(new { plan = id })).Is(HttpStatusCode.Accepted);
        Assert.Equal((3, 2, 1, 0), Counts(await Ended(id)));
        Assert.True(await service.IsActive(since.Access));
        Assert.False(await service.IsActive(planned[1].Access));
    }

    [Fact]
    public async Task A_plan_counts_what_was_made_with_its_tokens_and_goes_along()
    {
        var above = await Token("above", permissionSet: "administrator");
        var below = await service.Create("administrator", bearer: above.Access);
        var last = await service.Create("viewer", bearer: below.Access);
        var affected = (await Plan("above"))["affected"]!;
        Assert.Equal(3, (int)affected["tokens"]!);
        Assert.True((bool)affected["complete"]!);
        var id = (string)(await Ask(Filter("above"))).Is(HttpStatusCode.Accepted).Json["id"]!;
        Assert.Equal((1, 1, 0, 0), Counts(await Ended(id)));
        Assert.False(await service.IsActive(last.Access));
    }

    /// <summary>In an incident it is told of what a leaked token left behind.</summary>
    [Fact]
    public async Task A_plan_tells_what_its_preview_by_the_token_tells_also_of_what_stays()
    {
        var maker = await Token("maker", permissionSet: "administrator");
        await service.Create("viewer", bearer: maker.Access);
        var kept = (await service.Post(
            Tokens, maker.Access, new { permission_set = "administrator", belongs_to = "organization" }))
            .Is(HttpStatusCode.Created).Json;
        var below = await service.Create("viewer", bearer: (string)kept["secrets"]!["access"]!);
        await Eventually.Holds(async () => (int)(await Deletion())["used_last_24h"]! == 1);
        var planned = (await Plan("maker"))["affected"]!;
        Assert.Equal(
            """{"tokens":2,"kinds":{"adhoc":2},"used_last_24h":1,"descendants":1,"members":0,"staying":2,"complete":true}""", planned.ToJsonString());
        Assert.Equal((await Deletion()).ToJsonString(), planned.ToJsonString());

        await Ended((string)(await Ask(Filter("maker"))).Is(HttpStatusCode.Accepted).Json["id"]!);
        Assert.True(await service.IsActive(below.Access));

        async Task<JsonNode> Deletion() => (await service.Send(
            HttpMethod.Delete, $"{Tokens}/{maker.Id}?dry_run=true", service.Admin, null)).Is(HttpStatusCode.OK).Json["affected"]!;
    }

    /// <summary>A token that is chosen itself is a descendant where its maker is chosen, too.</summary>
    [Fact]
    public async Task A_plan_counts_no_token_twice()
    {
        var above = await Token("family", permissionSet: "administrator");
        var below = await Token("family", above.Access, "administrator");
        await service.Create("viewer", bearer: below.Access);
        var affected = (await Plan("family"))["affected"]!;
        Assert.Equal((3, 2, 0), ((int)affected["tokens"]!, (int)affected["descendants"]!, (int)affected["staying"]!));
    }

    [Fact]
    public async Task What_a_default_token_made_stays_since_that_is_disabled()
    {
        var other = await service.NewOrganization();
        var child = await service.Create("administrator", bearer: other.Token.Access);
        await service.Create("viewer", bearer: child.Access);
        var body = new { filter = new[] { "kind[eq]default" } };
        var affected = (await Ask(body, other.Token.Access, "?dry_run=true")).Is(HttpStatusCode.OK).Json["affected"]!;
        Assert.Equal((1, 0, 2), ((int)affected["tokens"]!, (int)affected["descendants"]!, (int)affected["staying"]!));
        var id = (string)(await Ask(body, child.Access)).Is(HttpStatusCode.Accepted).Json["id"]!;
        Assert.Equal((1, 1, 0, 0), Counts(await Ended(id, child.Access)));
    }

    [Fact]
    public async Task A_job_goes_on_when_the_token_that_started_it_is_among_its_tokens()
    {
        var starter = await Token("mine", permissionSet: "administrator");
        var others = await Labelled("mine", 3);
        var id = (string)(await Ask(Filter("mine"), starter.Access)).Is(HttpStatusCode.Accepted).Json["id"]!;
        Assert.Equal((4, 4, 0, 0), Counts(await Ended(id)));
        Assert.False(await service.IsActive(starter.Access));
        Assert.False(await service.IsActive(others[2].Access));
    }

    [Fact]
    public async Task A_default_token_is_disabled()
    {
        var other = await service.NewOrganization();
        await Token("x", other.Token.Access);
        var id = (string)(await Ask(new { filter = new[] { "created_at[gt]2000-01-01T00:00:00Z" } }, other.Token.Access)).Is(HttpStatusCode.Accepted).Json["id"]!;
        var since = TimeProvider.System.GetTimestamp();
        while ((await service.Introspect(other.Token.Access, other.Token.Access)).Status == HttpStatusCode.OK)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30), "its own token is ended last");
        }

        Assert.True(await service.IsActive(service.Admin));
        var row = await service.Store.Read(new("token", other.Token.Id));
        Assert.Contains("\"disabled\":true", row!.State);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Get($"/lifecycle/v1/jobs/{id}", service.Admin)).Status);
    }

    [Fact]
    public async Task Nobody_revokes_what_is_beyond_their_grant()
    {
        var strong = await Token("strong", permissionSet: "administrator");
        var weak = await Token("strong");
        var viewer = await service.Create("viewer");
        Problem(await Ask(Filter("strong"), viewer.Access), 403, "permission-missing");

        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var narrowed = await service.Create("administrator", new { accounts = new { ids = new[] { account } } });
        var within = await Token("strong", narrowed.Access);
        var id = (string)(await Ask(Filter("strong"), narrowed.Access)).Is(HttpStatusCode.Accepted).Json["id"]!;
        Assert.Equal((1, 1, 0, 0), Counts(await Ended(id, narrowed.Access)));
        Assert.False(await service.IsActive(within.Access));
        Assert.True(await service.IsActive(strong.Access));
        Assert.True(await service.IsActive(weak.Access));
    }

    [Fact]
    public async Task The_same_call_under_its_key_starts_one_job()
    {
        await Labelled("twice", 2);
        var key = Guid.NewGuid().ToString();
        var first = (await Ask(Filter("twice"), key: key)).Is(HttpStatusCode.Accepted).Json;
        await Ended((string)first["id"]!);
        var second = (await Ask(Filter("twice"), key: key)).Is(HttpStatusCode.Accepted).Json;
        Assert.Equal((string)first["id"]!, (string)second["id"]!);
        Assert.Equal((2, 2, 0, 0), Counts(second));
        Problem(await Ask(Filter("other"), key: key), 409, "idempotency-key-reused");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"filter":[]}""")]
    [InlineData("""{"filter":["labels[eq]x"],"plan":"x"}""")]
    [InlineData("""{"filter":["nonsense"]}""")]
    [InlineData("""{"filter":["labels[larger]x"]}""")]
    [InlineData("""{"filter":"labels[eq]x"}""")]
    [InlineData("""{"filter":[7]}""")]
    [InlineData("""{"filters":[]}""")]
    public async Task A_body_that_does_not_say_which_is_refused(string body) =>
        Problem(await service.Send(HttpMethod.Post, Revoke, service.Admin, body), 400, "invalid-request");
}
