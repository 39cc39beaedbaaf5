using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>While some silo of the cluster is of a release before, which would lose what it does not know of a
/// token.</summary>
public sealed class UpgradeTests(UpgradeTests.Upgrading service) : IClassFixture<UpgradeTests.Upgrading>
{
    private const string Root = "/lifecycle/v1/tokens";

    public sealed class Upgrading : Service, ISiloPrograms, ISchemaFloor
    {
        public bool IsDone { get; set; }

        /// <summary>The oldest programs that were demanded.</summary>
        public ConcurrentQueue<int> Demanded { get; } = [];

        public bool AllHave(string grainType) => true;

        public bool AllKnow(string grainType, string what)
        {
            Assert.Contains(
                (grainType, what),
                new[]
                {
                    (Kinds.Token, Knowledge.Restrictions), (Kinds.Token, Knowledge.Belonging), (Kinds.Token, Knowledge.Imports),
                    (Kinds.Operation, Knowledge.Cron),
                });
            return IsDone;
        }

        protected override void Configure(IServiceCollection services)
        {
            services.AddSingleton<ISiloPrograms>(this);
            services.AddSingleton<ISchemaFloor>(this);
        }

        int ISchemaFloor.ProgramSchema => 16;

        Task<SchemaState> ISchemaFloor.Read() => Task.FromResult(new SchemaState(16, 1));

        ValueTask ISchemaFloor.Demand(int program)
        {
            Demanded.Enqueue(program);
            return default;
        }
    }

    /// <summary>A program that knows no policies would issue what this one forbids.</summary>
    [Fact]
    public async Task A_policy_keeps_programs_from_starting_that_know_none()
    {
        const string path = "/lifecycle/v1/policy";
        Task<Answer> Put(string query) => service.Send(
            HttpMethod.Put, path + query, [("Authorization", "Bearer " + service.Admin), ("If-Match", "*")], "{}");
        (await Put("?dry_run=true")).Is(HttpStatusCode.OK);
        Assert.Empty(service.Demanded);
        (await Put("")).Is(HttpStatusCode.OK);
        Assert.Equal([13], service.Demanded);
        service.Demanded.Clear();
    }

    /// <summary>An older program could not read the schedule, and would copy it from an integration point.</summary>
    [Fact]
    public async Task A_cron_expression_is_409_until_every_silo_knows_it()
    {
        service.IsDone = false;
        static object[] Schedule(string type, string value) =>
            [new { operation = "siem_query_events", enabled = true, frequency = new { type, value } }];
        static object Point(object[] scheduled) =>
            new { connector = "siem", environments = new { test = new[] { "*" } }, scheduled_operations = scheduled };
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { environment = "test" })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        Task<Answer> Integration(object[] scheduled) => service.Post(
            $"/v1/integrations/{account}", service.Admin, new { provider_config = new { type = "siem_mock_siem" }, scheduled_operations = scheduled });
        var (periodic, cron) = (Schedule("periodic", "1h"), Schedule("cron", "0 4 * * *"));
        (await Integration(cron)).IsProblem(HttpStatusCode.Conflict);
        (await service.Post("/v1/integration-points", service.Admin, Point(cron))).IsProblem(HttpStatusCode.Conflict);
        var made = (await Integration(periodic)).Is(HttpStatusCode.Created).Result["integration"]!;
        var point = (await service.Post("/v1/integration-points", service.Admin, Point(periodic))).Is(HttpStatusCode.Created).Result;
        Task<Answer> Patch(string path) => service.Send(
            HttpMethod.Patch, path, service.Admin, new[] { new { op = "replace", path = "/scheduled_operations", value = cron } });
        var paths = new[] { $"/v1/integrations/{account}/{(string)made["id"]!}", $"/v1/integration-points/{(string)point["id"]!}" };
        foreach (var path in paths)
        {
            (await Patch(path)).IsProblem(HttpStatusCode.Conflict);
        }

        Assert.Empty(service.Demanded);
        service.IsDone = true;
        foreach (var path in paths)
        {
            (await Patch(path)).Is(HttpStatusCode.OK);
        }

        (await Integration(cron)).Is(HttpStatusCode.Created);
        Assert.Equal([19, 19, 19], service.Demanded);
        service.Demanded.Clear();
    }

    [Fact]
    public async Task Schemes_and_imports_are_409_until_every_silo_knows_them()
    {
        service.IsDone = false;
        var scheme = new { name = "acme", prefix = "acme_", random_characters = 32 };
        Problem(await service.Post(Imports.Schemes, service.Admin, scheme), 409, "conflict");
        Assert.Empty(service.Demanded);
        service.IsDone = true;
        (await service.Post(Imports.Schemes, service.Admin, scheme)).Is(HttpStatusCode.Created);
        var lines = Imports.Lines(Imports.Line(Imports.NewKey()));
        service.IsDone = false;
        Problem(await service.Import(lines), 409, "conflict");
        service.IsDone = true;
        Assert.Equal((1, 1, 0), Imports.Counts(await service.Ended(await service.Import(lines))));
        Assert.Contains(16, service.Demanded);
        service.Demanded.Clear();
    }

    [Theory]
    [InlineData("member")]
    [InlineData("organization")]
    public async Task What_outlives_its_maker_is_409_until_every_silo_knows_it(string belongsTo)
    {
        service.IsDone = false;
        var body = new { permission_set = "viewer", belongs_to = belongsTo };
        Problem(await service.Post(Root, service.Admin, body), 409, "conflict");
        (await service.Post(Root, service.Admin, new { permission_set = "viewer", belongs_to = "parent" })).Is(HttpStatusCode.Created);
        Assert.Empty(service.Demanded);
        service.IsDone = true;
        (await service.Post(Root, service.Admin, body)).Is(HttpStatusCode.Created);
        Assert.Equal([15], service.Demanded);
        service.Demanded.Clear();
    }

    [Theory]
    [InlineData("""{"permission_set":"viewer","addresses":["10.0.0.0/8"]}""", """{"addresses":["10.0.0.0/8"]}""")]
    [InlineData("""{"permission_set":"viewer","uses":5}""", """{"uses":5}""")]
    [InlineData("""{"permission_set":"viewer","per_second":5}""", """{"per_second":5}""")]
    public async Task A_restriction_is_409_until_every_silo_knows_it(string create, string patch)
    {
        service.IsDone = false;
        Problem(await service.Post(Root, service.Admin, create), 409, "conflict");
        var made = (await service.Post(Root, service.Admin, new { permission_set = "viewer" })).Is(HttpStatusCode.Created);
        var path = $"{Root}/{(string)made.Json["id"]!}";
        Task<Answer> Patch(string body) => service.Send(
            HttpMethod.Patch, path, [("Authorization", "Bearer " + service.Admin), ("If-Match", "*")], body, "application/merge-patch+json");
        Problem(await Patch(patch), 409, "conflict");
        (await Patch("""{"description":"x","addresses":null,"uses":null,"per_second":null}""")).Is(HttpStatusCode.OK);
        Assert.Empty(service.Demanded);
        service.IsDone = true;
        (await service.Post(Root + "?dry_run=true", service.Admin, create)).Is(HttpStatusCode.OK);
        Assert.Empty(service.Demanded);
        (await Patch(patch)).Is(HttpStatusCode.OK);
        (await service.Post(Root, service.Admin, create)).Is(HttpStatusCode.Created);
        Assert.Equal([14, 14], service.Demanded);
        service.Demanded.Clear();
    }
}
