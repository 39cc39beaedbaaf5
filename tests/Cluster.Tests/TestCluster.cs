using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace TokenActors.Cluster.Tests;

/// <summary>Silos and gateways on loopback with a database of their own, bootstrapped by the operator's
/// commands.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-cluster-").FullName;
    private readonly Dictionary<string, string> _siloEnvironment;
    private readonly List<string> _siloGateways = [];

    public TestCluster(string? database = null, string serviceId = "tokenactors", string clusterId = "c1")
    {
        Database = database ?? PostgreSqlServer.NewDatabase();
        _siloEnvironment = new()
        {
            ["TokenActors__Storage__Provider"] = "PostgreSql",
            ["TokenActors__Storage__ConnectionString"] = Database,
            ["TokenActors__Cluster__ServiceId"] = serviceId,
            ["TokenActors__Cluster__ClusterId"] = clusterId,
            ["TokenActors__Cluster__AdvertisedAddress"] = "127.0.0.1",
            ["TokenActors__Secrets__Peppers__0__Id"] = "p1",
            ["TokenActors__Secrets__Peppers__0__Key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        };
    }

    public string Database { get; }

    /// <summary>Where clients reach the silos, as <c>address:port</c>.</summary>
    public IReadOnlyList<string> SiloGateways => _siloGateways;

    public List<Node> Silos { get; } = [];

    public List<Node> Gateways { get; } = [];

    /// <summary>Network namespaces of silos and their addresses there; empty for loopback.</summary>
    public IReadOnlyList<(string Namespace, string Address)> SiloHosts { get; init; } = [];

    /// <summary>Settings of silos that are started from now on.</summary>
    public IDictionary<string, string> SiloEnvironment => _siloEnvironment;

    /// <summary>More settings of gateways that are started from now on.</summary>
    public IDictionary<string, string> GatewayEnvironment { get; } = new Dictionary<string, string>();

    /// <summary>Whose programs are run from now on: the root of another working copy, or null for this build.</summary>
    public string? Release { get; set; }

    public JsonObject Bootstrap { get; private set; } = [];

    public string Admin => (string)Bootstrap["access_secret"]!;

    public string OrganizationId => (string)Bootstrap["organization_id"]!;

    /// <summary>Migrates and bootstraps, then starts so many silos and gateways and waits until they are
    /// ready.</summary>
    public async Task<TestCluster> Start(int silos, int gateways)
    {
        var folder = Path.Combine(_folder, "bootstrap");
        var (code, output) = await Operate("--migrate", "--bootstrap-out", folder);
        Assert.True(code == 0, output);
        Bootstrap = (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "bootstrap.json")))!;
        for (var i = 0; i < silos; i++)
        {
            AddSilo().Start();
        }

        await Task.WhenAll(Silos.Select(silo => silo.Ready()));
        for (var i = 0; i < gateways; i++)
        {
            AddGateway().Start();
        }

        await Task.WhenAll(Gateways.Select(gateway => gateway.Ready()));
        return this;
    }

    /// <summary>A silo that is not started yet.</summary>
    public Node AddSilo()
    {
        var (health, siloPort, gatewayPort) = (FreePort(), FreePort(), FreePort());
        var (space, address) = SiloHosts.Count > 0 ? SiloHosts[Silos.Count] : (null, "127.0.0.1");
        _siloGateways.Add($"{address}:{gatewayPort}");
        var url = $"http://{address}:{health}";
        var node = new Node(
            $"silo{Silos.Count + 1}",
            Build.Program("TokenActors.Silo", "tokenactors-silo", Release),
            _folder,
            url,
            ["--urls", url, "--TokenActors:Cluster:SiloPort", $"{siloPort}", "--TokenActors:Cluster:GatewayPort", $"{gatewayPort}"],
            new Dictionary<string, string>(_siloEnvironment) { ["TokenActors__Cluster__AdvertisedAddress"] = space is null ? _siloEnvironment["TokenActors__Cluster__AdvertisedAddress"] : address })
        {
            Namespace = space,
        };
        Silos.Add(node);
        return node;
    }

    public Node AddGateway()
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var environment = new Dictionary<string, string>(GatewayEnvironment)
        {
            ["TokenActors__Cluster__Mode"] = "Client",
            ["TokenActors__Cluster__ServiceId"] = _siloEnvironment["TokenActors__Cluster__ServiceId"],
            ["TokenActors__Cluster__ClusterId"] = _siloEnvironment["TokenActors__Cluster__ClusterId"],
            ["TokenActors__RateLimits__PerToken"] = "0",
            ["TokenActors__RateLimits__FailuresPerAddress"] = "0",
        };
        for (var i = 0; i < _siloGateways.Count; i++)
        {
            environment[$"TokenActors__Cluster__Gateways__{i}"] = _siloGateways[i];
        }

        var node = new Node(
            $"gateway{Gateways.Count + 1}", Build.Program("TokenActors.Gateway", "tokenactors", Release), _folder, url,
            ["--urls", url], environment);
        Gateways.Add(node);
        return node;
    }

    /// <summary>Runs a command of the silo program.</summary>
    public async Task<(int Code, string Output)> Operate(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Build.Program("TokenActors.Silo", "tokenactors-silo", Release), .. arguments])
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (key, value) in _siloEnvironment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output + await errors);
    }

    public string InFolder(string name) => Path.Combine(_folder, name);

    /// <summary>The end of every log, and what gateways found unexpected.</summary>
    public string Logs() =>
        string.Join(
            '\n', Silos.Concat(Gateways).Select(node => $"--- {node.Name}\n{node.Unexpected()}\n{node.Tail()}"));

    public ValueTask DisposeAsync()
    {
        foreach (var node in Gateways.Concat(Silos))
        {
            node.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
