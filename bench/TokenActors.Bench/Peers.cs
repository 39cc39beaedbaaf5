using System.Text;
using System.Text.Json.Nodes;
using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>One pair, as its holder knows it.</summary>
internal sealed record HeldToken(string Id, string Access, string Refresh);

/// <summary>A service that issues a pair, refreshes with rotation and introspects over HTTP, on a database of the same PostgreSQL.</summary>
internal abstract class Peer(string name, Server server) : IDisposable
{
    private const string Form = "application/x-www-form-urlencoded";

    public string Name => name;

    public Server Server => server;

    public int Port => server.Port;

    public abstract byte[] IssueRequest { get; }

    public abstract byte[] IntrospectRequest(string access);

    public abstract byte[] RefreshRequest(HeldToken token);

    /// <summary>Cut out of the text rather than parsed: the generator must not cost what the server costs.</summary>
    public abstract HeldToken Read(string response);

    public HeldToken Issue()
    {
        using var connection = new Connection(Port);
        return Read(connection.Send(IssueRequest).Text);
    }

    public bool IsActive(Connection connection, string access) =>
        connection.Send(IntrospectRequest(access)).Text.Contains("\"active\":true", StringComparison.Ordinal);

    public void Dispose() => server.Dispose();

    protected static byte[] FormRequest(string path, string? authorization, string body) => Connection.Request("POST", path, authorization, body, Form);

    protected static string After(string text, string marker)
    {
        var start = text.IndexOf(marker, StringComparison.Ordinal) + marker.Length;
        return text[start..text.IndexOf('"', start)];
    }
}

/// <summary>TokenActors, embedded.</summary>
internal sealed class Service(Server server, string admin) : Peer("TokenActors", server)
{
    public override byte[] IssueRequest { get; } =
        Connection.Request("POST", "/v1/tokens", $"Bearer {admin}", """{"permission_set":"viewer","resources":{}}""");

    public static Service Start(string folder, string? connectionString, string? binary = null)
    {
        var server = Server.StartService(folder, connectionString, binary);
        return new Service(server, AdminIn(folder));
    }

    /// <summary>A gateway of silos that are started, and were bootstrapped into the folder.</summary>
    public static Service StartGateway(string folder, string[] settings) => new(
        Server.Start(
            "dotnet",
            [
                Server.OwnBinary, "--urls", "http://127.0.0.1:{port}", "--TokenActors:Cluster:Mode", "Client",
                "--TokenActors:RateLimits:PerToken", "0", "--Logging:LogLevel:Default", "Warning", .. settings,
            ],
            "/health/ready"),
        AdminIn(folder));

    public override byte[] IntrospectRequest(string access) => FormRequest("/oauth2/introspect", $"Bearer {admin}", $"token={access}");

    public override byte[] RefreshRequest(HeldToken token) => Connection.Request("PUT", $"/v1/tokens/{token.Id}/refresh", $"Bearer {token.Refresh}");

    private static string AdminIn(string folder) =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "bootstrap.json")))!["access_secret"]!;

    public override HeldToken Read(string response) =>
        new(After(response, "\"id\":\""), After(response, "\"access\":{\"secret\":\""), After(response, "\"refresh\":{\"secret\":\""));
}

/// <summary>The least that does the job: see <see cref="Yardstick"/>.</summary>
internal sealed class YardstickPeer() : Peer("yardstick", Server.Start(Environment.ProcessPath!, ["yardstick", "{port}", PostgreSqlServer.NewDatabase()], "/"))
{
    public override byte[] IssueRequest { get; } = Connection.Request("POST", "/issue", null, "{}");

    public override byte[] IntrospectRequest(string access) => FormRequest("/introspect", null, $"token={access}");

    public override byte[] RefreshRequest(HeldToken token) => Connection.Request("POST", "/refresh", $"Bearer {token.Refresh}");

    public override HeldToken Read(string response) => new("", After(response, "\"access\":\""), After(response, "\"refresh\":\""));
}

/// <summary>npm oidc-provider with an adapter to PostgreSQL: <c>bench/peers/oidc-provider</c>.</summary>
internal sealed class OidcProvider(Server server) : Peer("oidc-provider", server)
{
    private static readonly string Client = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("bench:bench"));

    public override byte[] IssueRequest { get; } = FormRequest("/token", Client, "grant_type=urn:tokenactors:bench:mint");

    /// <summary>Null where bench.sh could not install it.</summary>
    public static OidcProvider? Start(string folder)
    {
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            return null;
        }

        var database = new Npgsql.NpgsqlConnectionStringBuilder(PostgreSqlServer.NewDatabase());
        var url = $"postgres://{database.Username}@{database.Host}:{database.Port}/{database.Database}";
        return new OidcProvider(Server.Start("node", [Path.Combine(folder, "server.js"), "{port}", url], "/.well-known/openid-configuration"));
    }

    public override byte[] IntrospectRequest(string access) => FormRequest("/token/introspection", Client, $"token={access}");

    public override byte[] RefreshRequest(HeldToken token) => FormRequest("/token", Client, $"grant_type=refresh_token&refresh_token={token.Refresh}");

    public override HeldToken Read(string response) => new("", After(response, "\"access_token\":\""), After(response, "\"refresh_token\":\""));
}

/// <summary>OpenIddict with its Entity Framework store: <c>bench/peers/openiddict</c>.</summary>
internal sealed class OpenIddictPeer(Server server) : Peer("OpenIddict", server)
{
    private static readonly string Client = "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("bench:bench"));

    public override byte[] IssueRequest { get; } = FormRequest("/token", null, "client_id=holder&grant_type=urn:tokenactors:bench:mint");

    /// <summary>Null where bench.sh could not build it.</summary>
    public static OpenIddictPeer? Start(string program) => File.Exists(program)
        ? new OpenIddictPeer(Server.Start("dotnet", [program, "{port}", PostgreSqlServer.NewDatabase()], "/"))
        : null;

    public override byte[] IntrospectRequest(string access) => FormRequest("/introspect", Client, $"token={access}");

    public override byte[] RefreshRequest(HeldToken token) => FormRequest("/token", null, $"client_id=holder&grant_type=refresh_token&refresh_token={token.Refresh}");

    public override HeldToken Read(string response) => new("", After(response, "\"access_token\": \""), After(response, "\"refresh_token\": \""));
}
