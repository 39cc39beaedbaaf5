using System.Diagnostics;
using Npgsql;

namespace TokenActors.Cluster.Tests;

/// <summary>A test of partitions: skipped where network namespaces cannot be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PartitionFactAttribute : FactAttribute
{
    public PartitionFactAttribute() =>
        Skip = new ClusterFactAttribute().Skip
            ?? (Network.CanBeMade ? null : "network namespaces cannot be made here (root and 'ip netns' are needed)");
}

/// <summary>
/// One namespace a silo, each joined to the machine by a pair of devices in a subnet of its own. Packets between silos
/// are routed by the machine, so that a black hole on the way cuts silos off from each other and from nothing else.
/// </summary>
internal sealed class Network : IDisposable
{
    private const string Prefix = "tokenactors";

    private readonly int _silos;

    public Network(int silos)
    {
        _silos = silos;
        Destroy();
        Run("sysctl", "-qw", "net.ipv4.ip_forward=1");
        for (var i = 0; i < silos; i++)
        {
            Run("ip", "netns", "add", Name(i));
            Run("ip", "link", "add", $"ta{i}", "type", "veth", "peer", "name", "eth0", "netns", Name(i));
            Run("ip", "addr", "add", $"{Gateway(i)}/30", "dev", $"ta{i}");
            Run("ip", "link", "set", $"ta{i}", "up");
            Run("ip", "-n", Name(i), "addr", "add", $"{Address(i)}/30", "dev", "eth0");
            Run("ip", "-n", Name(i), "link", "set", "eth0", "up");
            Run("ip", "-n", Name(i), "link", "set", "lo", "up");
            Run("ip", "-n", Name(i), "route", "add", "default", "via", Gateway(i));
        }
    }

    public static bool CanBeMade { get; } = Environment.UserName == "root" && Try("ip", "netns", "add", $"{Prefix}-try")
        && Try("ip", "netns", "del", $"{Prefix}-try");

    public IReadOnlyList<(string Namespace, string Address)> Hosts =>
        [.. Enumerable.Range(0, _silos).Select(i => (Name(i), Address(i)))];

    /// <summary>A database that all namespaces reach, through its socket in the file system.</summary>
    public static string Database()
    {
        var database = PostgreSqlServer.NewDatabase();
        return new NpgsqlConnectionStringBuilder(database) { Host = PostgreSqlServer.SocketFolder }.ToString();
    }

    /// <summary>No packet passes between this silo and the others, in either direction.</summary>
    public void CutOff(int silo) =>
        Others(silo).ForEach(
            pair => Run("ip", "-n", Name(pair.From), "route", "add", "blackhole", $"{Address(pair.To)}/32"));

    public void Heal(int silo) =>
        Others(silo).ForEach(
            pair => Run("ip", "-n", Name(pair.From), "route", "del", "blackhole", $"{Address(pair.To)}/32"));

    public void Dispose() => Destroy();

    private List<(int From, int To)> Others(int silo) =>
        [.. Enumerable.Range(0, _silos).Where(i => i != silo).SelectMany(i => new[] { (silo, i), (i, silo) })];

    private void Destroy()
    {
        for (var i = 0; i < _silos; i++)
        {
            Try("ip", "link", "del", $"ta{i}");
            Try("ip", "netns", "del", Name(i));
        }
    }

    private static string Name(int silo) => $"{Prefix}-{silo}";

    private static string Gateway(int silo) => $"10.213.{silo}.1";

    private static string Address(int silo) => $"10.213.{silo}.2";

    private static void Run(string program, params string[] arguments)
    {
        if (!Try(program, arguments))
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed");
        }
    }

    private static bool Try(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
