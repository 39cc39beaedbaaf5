using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace TokenActors.Testing;

/// <summary>
/// A PostgreSQL of our own in a temporary folder, started once per test process and stopped with it, by its process id.
/// Where the server's programs are missing, <see cref="Missing"/> says so, and tests that need it are skipped by that
/// name.
/// </summary>
public static class PostgreSqlServer
{
    private static readonly Lazy<string> Connection = new(Start, LazyThreadSafetyMode.ExecutionAndPublication);
    private static Action<string[]> _control = _ => throw new InvalidOperationException("the server was not started");

    /// <summary>Why there is none; null where there is.</summary>
    public static string? Missing { get; } = Binaries() is null
        ? "PostgreSQL's server programs are not installed"
        : null;

    /// <summary>Where the server's socket is, which other network namespaces reach too.</summary>
    public static string SocketFolder { get; private set; } = "";

    /// <summary>What user and kernel have spent on the server and all of its processes, ended ones included.</summary>
    public static TimeSpan ProcessorTime
    {
        get
        {
            var server = int.Parse(File.ReadLines(Path.Combine(SocketFolder, "data", "postmaster.pid")).First());
            long ticks = 0;
            foreach (var folder in Directory.GetDirectories("/proc").Where(name => int.TryParse(Path.GetFileName(name), out _)))
            {
                ticks += TicksOf(folder, server);
            }

            return TimeSpan.FromSeconds(ticks / 100.0);
        }
    }

    /// <summary>Bytes of log that were written so far.</summary>
    public static long LogPosition
    {
        get
        {
            using var connection = new NpgsqlConnection(Connection.Value);
            connection.Open();
            using var position = new NpgsqlCommand("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint", connection);
            return (long)position.ExecuteScalar()!;
        }
    }

    /// <summary>A connection string to a new, empty database.</summary>
    public static string NewDatabase()
    {
        var name = $"t{Guid.NewGuid():N}";
        using var connection = new NpgsqlConnection(Connection.Value);
        connection.Open();
        using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        create.ExecuteNonQuery();
        return new NpgsqlConnectionStringBuilder(Connection.Value) { Database = name }.ToString();
    }

    /// <summary>Ends the server as a crash would, with whatever is under way, and starts it again.</summary>
    public static void Restart()
    {
        Stop();
        StartAgain();
    }

    public static void Stop() => _control(["-m", "immediate", "-w", "stop"]);

    public static void StartAgain()
    {
        _control(["-w", "start"]);
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>Hundredths of a second; 0 for a process that is not the server's or is gone meanwhile.</summary>
    private static long TicksOf(string folder, int server)
    {
        try
        {
            // The name, which may hold blanks, stands in parentheses.
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var isServer = Path.GetFileName(folder) == $"{server}";
            return isServer ? fields[11..15].Sum(long.Parse)
                : fields[1] == $"{server}" ? fields[11..13].Sum(long.Parse)
                : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static string Start()
    {
        var bin = Binaries()!;
        var folder = Directory.CreateTempSubdirectory("tokenactors-pg-").FullName;
        var data = Path.Combine(folder, "data");
        SocketFolder = folder;
        var port = FreePort();
        var asRoot = Environment.UserName == "root";
        if (asRoot)
        {
            Run("chown", ["postgres", folder]);
        }

        RunAs(asRoot, Path.Combine(bin, "initdb"), ["-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]);
        _control = arguments => RunAs(
            asRoot, Path.Combine(bin, "pg_ctl"),
            ["-D", data, "-l", Path.Combine(folder, "log"), "-o", $"-p {port} -h 127.0.0.1 -k {folder}", .. arguments]);
        _control(["-w", "start"]);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            _control(["-m", "immediate", "stop"]);
            Directory.Delete(folder, recursive: true);
        };
        return $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Maximum Pool Size=20";
    }

    private static void RunAs(bool asRoot, string program, string[] arguments)
    {
        // The server refuses to run as root.
        if (asRoot)
        {
            Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]);
        }
        else
        {
            Run(program, arguments);
        }
    }

    private static void Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardOutput = true })!;
        if (!process.WaitForExit(TimeSpan.FromMinutes(1)) || process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed");
        }
    }

    private static string? Binaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(d => Path.Combine(d, "bin"))
                .LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
