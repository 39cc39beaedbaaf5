using System.Data.Common;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Databases.RecordColumns;

namespace TokenActors.Storage.Databases;

/// <summary>Commands with named parameters through ADO.NET's common types.</summary>
internal static class Commands
{
    public static DbCommand Command(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Bind(name, value);
        }

        return command;
    }

    public static void Bind(this DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        // With its prefix, or SQLite's driver tries each of its three by name.
        parameter.ParameterName = "@" + name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    public static async Task<List<T>> ReadAll<T>(this DbCommand command, Func<DbDataReader, T> read)
    {
        await using var reader = await command.ExecuteReaderAsync();
        List<T> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The parameters of <c>insert</c> and <c>update</c>, each name once.</summary>
    public static IEnumerable<(string Name, object? Value)> Parameters(string serviceId, Commit commit)
    {
        var r = commit.Record;
        return
        [
            ("service", serviceId), ("kind", r.Key.Kind), ("id", r.Key.Id), ("expected", commit.ExpectedVersion), ("version", r.Version),
            ("command_id", r.CommandId), ("state", r.State), ("organization_id", r.OrganizationId), ("owner_id", r.OwnerId),
            ("parent_id", r.ParentId), ("member_id", r.MemberId), ("name", r.Name), ("name_key", r.NameKey), ("status", r.Status),
            ("created_at", Micros(r.CreatedAt)), ("updated_at", Micros(r.UpdatedAt)), ("expires_at", Micros(r.ExpiresAt)),
            ("due_at", Micros(r.DueAt)), ("presented_at", Micros(r.PresentedAt)), ("last_used_at", Micros(r.LastUsedAt)),
            ("sealed", r.Sealed),
        ];
    }

    public static IEnumerable<(string Name, object? Value)> Parameters(string serviceId, AuditEntry a) =>
    [
        ("service", serviceId), ("organization_id", a.OrganizationId), ("at", Micros(a.At)), ("event", a.Event),
        ("subject_kind", a.Subject.Kind), ("subject_id", a.Subject.Id), ("subject_version", a.SubjectVersion),
        ("command_id", a.CommandId), ("actor_token_id", a.ActorTokenId), ("actor_member_id", a.ActorMemberId),
        ("remote_addr", a.RemoteAddress), ("user_agent", a.UserAgent), ("method", a.Method), ("path", a.Path), ("outcome", a.Outcome),
        ("code", a.Code), ("account_id", a.AccountId), ("integration_id", a.IntegrationId),
    ];

    public static IEnumerable<(string Name, object? Value)> Parameters(string serviceId, Touch t) =>
    [
        ("service", serviceId), ("kind", t.Key.Kind), ("id", t.Key.Id), ("version", t.Version), ("last_used_at", Micros(t.LastUsedAt)),
        ("presented_at", Micros(t.FirstPresentedAt)), ("erase_sealed", t.EraseSealed ? 1 : 0),
    ];
}
