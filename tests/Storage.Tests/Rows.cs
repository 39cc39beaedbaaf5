using TokenActors.Storage.Records;

namespace TokenActors.Storage.Tests;

/// <summary>Rows and commits to test with.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static RecordKey Key(string id) => new("token", id);

    public static StoredRecord Row(string id, long version = 1, string? name = null, string command = "c1", string? parent = null) => new()
    {
        Key = Key(id),
        Version = version,
        CommandId = command,
        State = $$"""{"fullname":"{{name ?? id}} full","token_type":"adhoc"}""",
        OrganizationId = "o1",
        OwnerId = "o1",
        ParentId = parent,
        MemberId = "m1",
        Name = name ?? id,
        NameKey = (name ?? id).ToLowerInvariant(),
        CreatedAt = Now,
        UpdatedAt = Now,
    };

    public static AuditEntry Entry(string id, long version, string what = "token.issued") => new()
    {
        OrganizationId = "o1", At = Now, Event = what, Subject = Key(id), SubjectVersion = version, CommandId = "c", Outcome = "done",
    };

    public static Commit Create(StoredRecord row) => new(row, 0, [Entry(row.Key.Id, row.Version)]);

    public static Commit Update(StoredRecord row) =>
        new(row, row.Version - 1, [Entry(row.Key.Id, row.Version, "token.changed")]);
}
