using Npgsql;

namespace TokenActors.Bench;

/// <summary>Many stored tokens, made in the database from one that the service issued: alike but for id and name, due in a month, once presented.</summary>
internal static class Fill
{
    private const string Copies =
        """
        INSERT INTO records (service_id, kind, id, version, command_id, state, organization_id, owner_id, parent_id, member_id, name, name_key,
            status, created_at, updated_at, expires_at, due_at, due_tag, presented_at, hot)
        SELECT service_id, kind, md5(n::text)::uuid::text, version, command_id, replace(state, id, md5(n::text)::uuid::text), organization_id, owner_id,
            parent_id, member_id, 'n' || lpad(n::text, 8, '0'), 'n' || lpad(n::text, 8, '0'),
            status, created_at, updated_at, expires_at, created_at + 2592000000000, due_tag, created_at, hot
        FROM records, generate_series(1, @rows) n WHERE id = @id
        """;

    /// <param name="connectionString">the database</param>
    /// <param name="token">the one to copy</param>
    /// <param name="rows">how many copies</param>
    public static async Task With(string connectionString, string token, int rows)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var copies = new NpgsqlCommand(Copies, connection) { CommandTimeout = 900 };
        copies.Parameters.AddWithValue("rows", rows);
        copies.Parameters.AddWithValue("id", token);
        await copies.ExecuteNonQueryAsync();
        await using var tidy = new NpgsqlCommand("VACUUM ANALYZE records", connection) { CommandTimeout = 900 };
        await tidy.ExecuteNonQueryAsync();
        await using var checkpoint = new NpgsqlCommand("CHECKPOINT", connection) { CommandTimeout = 900 };
        await checkpoint.ExecuteNonQueryAsync();
    }

    /// <summary>The id of a copy.</summary>
    public static Guid IdOf(int n) => new(
        System.Security.Cryptography.MD5.HashData(System.Text.Encoding.ASCII.GetBytes($"{n}")), bigEndian: true);

    /// <summary>The name of a copy.</summary>
    public static string NameOf(int n) => $"n{n:00000000}";
}
