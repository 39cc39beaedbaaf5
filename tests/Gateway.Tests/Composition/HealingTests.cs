using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Npgsql;

namespace TokenActors.Gateway.Tests.Composition;

/// <summary>A database that is read-only for a while, as after a failover, under clients that never stop
/// asking.</summary>
public sealed class HealingTests : IAsyncLifetime
{
    private readonly OnPostgreSql _service = new();

    private sealed class OnPostgreSql : Service
    {
        public string Connection { get; } = PostgreSqlServer.NewDatabase();

        protected override string[] Settings =>
        [
            "--TokenActors:Storage:Provider", "postgresql", "--TokenActors:Storage:ConnectionString", Connection,
            "--TokenActors:RateLimits:PerToken", "0",
        ];
    }

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    /// <summary>The sessions that traffic keeps busy are the ones that stay read-only when the server is not.</summary>
    [PostgreSqlFact]
    public async Task It_heals_while_requests_go_on_which_are_503_or_right()
    {
        var database = new NpgsqlConnectionStringBuilder(_service.Connection).Database;
        using var stop = new CancellationTokenSource();
        ConcurrentQueue<(long Begun, Answer Answer)> answers = [];
        var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Ask(answers, stop.Token))).ToList();
        await Eventually.Holds(
            () => answers.Any(one => one.Answer.Status == HttpStatusCode.Created), "it is served at first");

        await Run($"ALTER DATABASE {database} SET default_transaction_read_only = on");
        await Run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await Eventually.Holds(async () => Go(clients) && !await IsReady(), "it says that it is not ready");
        await Run($"ALTER DATABASE {database} RESET default_transaction_read_only");
        await Eventually.Holds(
            async () => Go(clients) && await IsReady(), "it is ready again while requests go on",
            TimeSpan.FromSeconds(15));
        var ready = Stopwatch.GetTimestamp();
        await Eventually.Holds(() => Go(clients) && Since(ready).Count() > 20, "clients go on");
        Assert.All(Since(ready), answer => answer.Is(HttpStatusCode.Created));
        stop.Cancel();
        await Task.WhenAll(clients);

        IEnumerable<Answer> Since(long time) => answers.Where(one => one.Begun > time).Select(one => one.Answer);
    }

    /// <summary>Makes one account after another; what was answered 201 is there, and nothing but 503 is answered
    /// else.</summary>
    private async Task Ask(ConcurrentQueue<(long Begun, Answer Answer)> answers, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            var answer = await Create();
            if (answer.Status == HttpStatusCode.Created)
            {
                var shown = await _service.Get($"/v1/accounts/{answer.Result["account"]!["id"]}", _service.Admin);
                Assert.True(shown.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, shown.Body);
            }
            else
            {
                answer.IsProblem(HttpStatusCode.ServiceUnavailable);
            }

            answers.Enqueue((begun, answer));
        }
    }

    /// <summary>Whether none has ended; what ended one is thrown.</summary>
    private static bool Go(List<Task> clients)
    {
        foreach (var client in clients.Where(client => client.IsCompleted))
        {
            client.GetAwaiter().GetResult();
        }

        return true;
    }

    private Task<Answer> Create() => _service.Post("/v1/accounts", _service.Admin, new { });

    private async Task<bool> IsReady() => (await _service.Get("/health/ready", null)).Status == HttpStatusCode.OK;

    private async Task Run(string sql)
    {
        await using var connection = new NpgsqlConnection(
            _service.Connection + ";Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
