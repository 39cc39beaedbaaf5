using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace TokenActors.Bench;

/// <summary>
/// The least that does the job: bare Kestrel and Npgsql, hashes in one table, rotation by one SQL statement. No audit, no permissions,
/// no grains, no idempotency.
/// </summary>
internal static class Yardstick
{
    public static async Task Run(int port, string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using (var create = database.CreateCommand(
            "CREATE TABLE tokens (id text PRIMARY KEY, access bytea NOT NULL UNIQUE, refresh bytea NOT NULL UNIQUE, previous bytea, expires bigint NOT NULL)"))
        {
            await create.ExecuteNonQueryAsync();
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Run(http => http.Request.Path.Value switch
        {
            "/issue" => Issue(http, database),
            "/refresh" => Refresh(http, database),
            "/introspect" => Introspect(http, database),
            _ => http.Response.WriteAsync("ok"),
        });
        await app.RunAsync();
    }

    private static async Task Issue(HttpContext http, NpgsqlDataSource database)
    {
        var (access, refresh) = (Mint(), Mint());
        await using var command = database.CreateCommand("INSERT INTO tokens (id, access, refresh, expires) VALUES ($1, $2, $3, $4)");
        command.Parameters.Add(new() { Value = Guid.NewGuid().ToString() });
        command.Parameters.Add(new() { Value = Hash(access) });
        command.Parameters.Add(new() { Value = Hash(refresh) });
        command.Parameters.Add(new() { Value = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds() });
        await command.ExecuteNonQueryAsync();
        await http.Response.WriteAsJsonAsync(new Pair(access, refresh));
    }

    private static async Task Refresh(HttpContext http, NpgsqlDataSource database)
    {
        var presented = http.Request.Headers.Authorization.ToString()["Bearer ".Length..];
        var (access, refresh) = (Mint(), Mint());
        await using var command = database.CreateCommand("UPDATE tokens SET previous = refresh, access = $1, refresh = $2, expires = $3 WHERE refresh = $4");
        command.Parameters.Add(new() { Value = Hash(access) });
        command.Parameters.Add(new() { Value = Hash(refresh) });
        command.Parameters.Add(new() { Value = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds() });
        command.Parameters.Add(new() { Value = Hash(presented) });
        http.Response.StatusCode = await command.ExecuteNonQueryAsync() == 1 ? 200 : 401;
        await http.Response.WriteAsJsonAsync(new Pair(access, refresh));
    }

    private static async Task Introspect(HttpContext http, NpgsqlDataSource database)
    {
        var form = await http.Request.ReadFormAsync();
        await using var command = database.CreateCommand("SELECT id, expires FROM tokens WHERE access = $1");
        command.Parameters.Add(new() { Value = Hash(form["token"].ToString()) });
        await using var reader = await command.ExecuteReaderAsync();
        var active = await reader.ReadAsync() && reader.GetInt64(1) > DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await http.Response.WriteAsJsonAsync(new Answer(active, active ? reader.GetString(0) : null));
    }

    private static string Mint() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    private sealed record Pair(string Access, string Refresh);

    private sealed record Answer(bool Active, string? Id);
}
