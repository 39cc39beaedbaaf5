using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>While some silo of the cluster is of a release before, which would lose what it does not know of a token.</summary>
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
            Assert.Equal(Kinds.Token, grainType);
            Assert.Contains(what, new[] { Knowledge.Restrictions, Knowledge.Belonging, Knowledge.Imports });
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
