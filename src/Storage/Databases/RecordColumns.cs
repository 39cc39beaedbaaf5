using System.Data.Common;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>How rows map to columns. Times are microseconds since 1970-01-01 UTC, the same number in every database.</summary>
internal static class RecordColumns
{
    public const string All =
        "kind, id, version, command_id, state, organization_id, owner_id, parent_id, member_id, name, name_key, status, "
        + "created_at, updated_at, expires_at, due_at, presented_at, last_used_at, sealed";

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

    public static AuditEntry ReadAudit(DbDataReader row) => new()
    {
        OrganizationId = row.GetString(0),
        At = Time(row.GetInt64(1)),
        Event = row.GetString(2),
        Subject = new RecordKey(row.GetString(3), row.GetString(4)),
        SubjectVersion = row.GetInt64(5),
        CommandId = row.GetString(6),
        ActorTokenId = Text(row, 7),
        ActorMemberId = Text(row, 8),
        RemoteAddress = Text(row, 9),
        UserAgent = Text(row, 10),
        Method = Text(row, 11),
        Path = Text(row, 12),
        Outcome = row.GetString(13),
    };

    public static DueRecord ReadDue(DbDataReader row) =>
        new(new RecordKey(row.GetString(0), row.GetString(1)), Time(row.GetInt64(2)), row.GetString(3));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? NullableTime(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));
}
