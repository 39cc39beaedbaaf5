using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>A test that needs PostgreSQL and PgBouncer; skipped by name where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PgBouncerFactAttribute : FactAttribute
{
    public PgBouncerFactAttribute() => Skip = PostgreSqlServer.Missing
        ?? (File.Exists(PgBouncerTests.Program) ? null : "PgBouncer is not installed");
}

/// <summary>A pooler between the service and PostgreSQL.</summary>
public sealed class PgBouncerTests : IDisposable
{
    internal const string Program = "/usr/sbin/pgbouncer";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-bouncer-").FullName;
    private Process? _bouncer;

    public void Dispose()
    {
        if (_bouncer is { HasExited: false })
        {
            _bouncer.Kill();
            _bouncer.WaitForExit();
        }

        _bouncer?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [PgBouncerFact]
    public async Task In_transaction_mode_the_start_is_refused_with_a_reason_and_nothing_is_written()
    {
        var database = PostgreSqlServer.NewDatabase();
        var pooled = await Start(database, "transaction");
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => Open(pooled));
        Assert.Contains("PgBouncer", problem.Message);
        Assert.Contains("pool_mode=session", problem.Message);
        await using var store = await Open(database);
        problem = await Assert.ThrowsAsync<InvalidOperationException>(() => StoreFactory.OpenMigrated(
            Options(pooled), "s", TimeProvider.System, NullLoggerFactory.Instance));
        Assert.Contains("PgBouncer", problem.Message);
    }

    [PgBouncerFact]
    public async Task In_session_mode_the_service_works()
    {
        await using var store = await Open(await Start(PostgreSqlServer.NewDatabase(), "session"));
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("t1"))));
        Assert.Equal("t1", (await store.Read(Key("t1")))?.Key.Id);
        Assert.Single(await store.ReadMany("token", ["t1"]));
    }

    private static StorageOptions Options(string database) =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = database };

    private static Task<RecordStore> Open(string database) =>
        StoreFactory.Open(Options(database), "s", TimeProvider.System, NullLoggerFactory.Instance);

    private async Task<string> Start(string database, string mode)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        int port;
        using (TcpListener free = new(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var settings = Path.Combine(_folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            * = host=127.0.0.1 port={server.Port} user={server.Username}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {mode}
            max_client_conn = 200
            default_pool_size = 30
            ignore_startup_parameters = extra_float_digits
            """);
        // It refuses to run as root.
        string[] command = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", Program, settings]
            : [Program, settings];
        if (Environment.UserName == "root" && !OperatingSystem.IsWindows())
        {
            const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(_folder, Readable);
        }

        _bouncer = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true });
        _bouncer?.ErrorDataReceived += (_, _) => { };
        _bouncer?.BeginErrorReadLine();
        var pooled = new NpgsqlConnectionStringBuilder(database) { Port = port, Pooling = true }.ToString();
        await Eventually.Holds(() => Answers(pooled), "PgBouncer answers", Deadline);
        return pooled;
    }

    private static async Task<bool> Answers(string pooled)
    {
        try
        {
            await using NpgsqlConnection connection = new(pooled + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
