using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Storage.Records;
using static TokenActors.Gateway.Tests.Lifecycle.Imports;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>A job that is stopped while it runs: what had its turn is done, and the rest stays as it was.</summary>
public sealed class StoppedJobTests : IAsyncLifetime
{
    private const string Tokens = "/lifecycle/v1/tokens";

    /// <summary>Tokens that a revocation asks at a time.</summary>
    private const int Share = 100;

    private readonly Service _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task The_rest_of_a_revocation_lives()
    {
        List<(string Id, string Access)> made = [];
        for (var i = 0; i < Share + 20; i++)
        {
            var token = (await _service.Post(Tokens, _service.Admin, new { permission_set = "viewer", labels = new[] { "some" } })).Is(HttpStatusCode.Created).Json;
            made.Add(((string)token["id"]!, (string)token["secrets"]!["access"]!));
        }

        LoseAfter("token.deleted", Share);
        var started = await _service.Post(
            $"{Tokens}/revoke", _service.Admin, new { filter = new[] { "labels[eq]some" } });
        var path = $"/lifecycle/v1/jobs/{(string)started.Is(HttpStatusCode.Accepted).Json["id"]!}";
        await Eventually.Holds(async () => (int)(await Job(path))["done"]! == Share);
        Assert.Equal("running", (string?)(await Job(path))["state"]);
        var stopped = await Stop(path);
        Assert.Equal(
            (Share + 20, Share, 0, 0),
            ((int)stopped["total"]!, (int)stopped["done"]!, (int)stopped["gone"]!, (int)stopped["refused"]!));

        var living = (await _service.Get($"{Tokens}?filter=labels[eq]some&limit=1000", _service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray()
            .Select(token => (string)token!["id"]!).ToHashSet();
        Assert.Equal(20, living.Count);
        foreach (var (id, access) in made)
        {
            Assert.Equal(living.Contains(id), await _service.IsActive(access));
        }
    }

    [Fact]
    public async Task The_rest_of_an_import_is_not_imported()
    {
        await _service.Scheme();
        var keys = Enumerable.Range(0, 450).Select(_ => NewKey()).ToList();
        LoseAfter("token.imported", 250);
        var lines = Lines(keys.Select(key => Line(key)));
        var path = $"/lifecycle/v1/imports/{(string)(await _service.Import(lines)).Is(HttpStatusCode.Accepted).Json["id"]!}";
        await Eventually.Holds(async () => (int)(await Job(path))["imported"]! > 0 && _service.Faults.Loses!.Target is Lost { IsOver: true });
        Assert.Equal("running", (string?)(await Job(path))["state"]);
        var stopped = await Stop(path);
        Assert.InRange((int)stopped["imported"]!, 1, 250);

        // A line may have had its turn without the job having noted it: its key is one of a whole share.
        List<bool> active = [];
        foreach (var key in keys)
        {
            active.Add(await _service.IsActiveKey(key));
        }

        Assert.InRange(active.Count(one => one), (int)stopped["imported"]!, 250);
        Assert.False(active[^1]);
        var again = await _service.Ended(await _service.Import(lines));
        Assert.Equal((450, 450 - active.Count(one => one), active.Count(one => one)), Counts(again));
    }

    private async Task<JsonObject> Job(string path) =>
        (await _service.Get(path, _service.Admin)).Is(HttpStatusCode.OK).Json;

    /// <summary>Stops a job that waits for a database that comes back afterwards.</summary>
    private async Task<JsonObject> Stop(string path)
    {
        var stopped = (await _service.Delete(path, _service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.Equal("stopped", (string?)stopped["state"]);
        _service.Faults.Loses = null;
        _service.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(stopped.ToJsonString(), (await Job(path)).ToJsonString());
        Assert.Equal(stopped.ToJsonString(), (await _service.Delete(path, _service.Admin)).Is(HttpStatusCode.OK).Body);
        return stopped;
    }

    /// <summary>So many changes reach the database, and no later one.</summary>
    private void LoseAfter(string change, int count) => _service.Faults.Loses = new Lost(change, count).Loses;

    private sealed class Lost(string change, int count)
    {
        private int _seen;

        public bool IsOver => Volatile.Read(ref _seen) > count;

        public bool Loses(Commit commit) =>
            commit.Audit.Any(entry => entry.Event == change) && Interlocked.Increment(ref _seen) > count;
    }
}
