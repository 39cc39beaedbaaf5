using System.Data.Common;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>How rows map to columns. Times are microseconds since 1970-01-01 UTC, the same number in every database.</summary>
internal static class RecordColumns
{
    public const string All =
        "kind, id, version, command_id, state, organization_id, owner_id, parent_id, member_id, name, name_key, status, "
        + "created_at, updated_at, expires_at, due_at, presented_at, last_used_at, sealed";

    public const string Audit =
        "organization_id, at, event, subject_kind, subject_id, subject_version, command_id, actor_token_id, actor_member_id, "
        + "remote_addr, user_agent, method, path, outcome, code, account_id, integration_id";

    public static long Micros(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long? Micros(DateTimeOffset? time) => time is { } t ? Micros(t) : null;

    public static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static StoredRecord Read(DbDataReader row) => new()
    {
        Key = new RecordKey(row.GetString(0), row.GetString(1)),
        Version = row.GetInt64(2),
        CommandId = row.GetString(3),
        State = row.GetString(4),
        OrganizationId = row.GetString(5),
        OwnerId = Text(row, 6),
        ParentId = Text(row, 7),
        MemberId = Text(row, 8),
        Name = row.GetString(9),
        NameKey = Text(row, 10),
        Status = row.GetString(11),
        CreatedAt = Time(row.GetInt64(12)),
        UpdatedAt = Time(row.GetInt64(13)),
        ExpiresAt = NullableTime(row, 14),
        DueAt = NullableTime(row, 15),
        PresentedAt = NullableTime(row, 16),
        LastUsedAt = NullableTime(row, 17),
        Sealed = row.IsDBNull(18) ? null : row.GetFieldValue<byte[]>(18),
    };

    public static AuditEntry ReadAudit(DbDataReader row, int first = 0) => new()
    {
        OrganizationId = row.GetString(first),
        At = Time(row.GetInt64(first + 1)),
        Event = row.GetString(first + 2),
        Subject = new RecordKey(row.GetString(first + 3), row.GetString(first + 4)),
        SubjectVersion = row.GetInt64(first + 5),
        CommandId = row.GetString(first + 6),
        ActorTokenId = Text(row, first + 7),
        ActorMemberId = Text(row, first + 8),
        RemoteAddress = Text(row, first + 9),
        UserAgent = Text(row, first + 10),
        Method = Text(row, first + 11),
        Path = Text(row, first + 12),
        Outcome = row.GetString(first + 13),
        Code = Text(row, first + 14),
        AccountId = Text(row, first + 15),
        IntegrationId = Text(row, first + 16),
    };

    public static DueRecord ReadDue(DbDataReader row) =>
        new(new RecordKey(row.GetString(0), row.GetString(1)), Time(row.GetInt64(2)), row.GetString(3));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? NullableTime(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));
}
