using System.Data.Common;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>
/// The columns of table <c>audit</c>, each spelled here and in the schema only. Every row has its number and
/// <c>service_id</c> besides.
/// </summary>
internal static class AuditColumns
{
    public static readonly IReadOnlyList<Column<AuditEntry>> OfInsert =
    [
        Text("organization_id", a => a.OrganizationId),
        Number("at", a => Times.Micros(a.At)),
        Text("event", a => a.Event),
        Text("subject_kind", a => a.Subject.Kind, TextWidth.Kind),
        Text("subject_id", a => a.Subject.Id),
        Number("subject_version", a => a.SubjectVersion),
        Text("command_id", a => a.CommandId),
        Text("actor_token_id", a => a.ActorTokenId),
        Text("actor_member_id", a => a.ActorMemberId),
        Text("remote_addr", a => a.RemoteAddress),
        Text("user_agent", a => a.UserAgent, TextWidth.Line),
        Text("method", a => a.Method),
        Text("path", a => a.Path, TextWidth.Line),
        Text("outcome", a => a.Outcome, TextWidth.Kind),
        Text("code", a => a.Code, TextWidth.Kind),
        Text("account_id", a => a.AccountId),
        Text("integration_id", a => a.IntegrationId),
    ];

    public static readonly string[] Names = [.. OfInsert.Select(column => column.Name)];

    /// <summary>The names, in the order in which <see cref="Read"/> reads them.</summary>
    public static readonly string All = string.Join(", ", Names);

    /// <param name="row">a row of a statement that names all columns</param>
    /// <param name="first">how many others it names before</param>
    public static AuditEntry Read(DbDataReader row, int first = 0)
    {
        var next = new ColumnReader(row, first);
        return new AuditEntry
        {
            OrganizationId = next.Text(),
            At = next.Time(),
            Event = next.Text(),
            Subject = new RecordKey(next.Text(), next.Text()),
            SubjectVersion = next.Number(),
            CommandId = next.Text(),
            ActorTokenId = next.TextOrNull(),
            ActorMemberId = next.TextOrNull(),
            RemoteAddress = next.TextOrNull(),
            UserAgent = next.TextOrNull(),
            Method = next.TextOrNull(),
            Path = next.TextOrNull(),
            Outcome = next.Text(),
            Code = next.TextOrNull(),
            AccountId = next.TextOrNull(),
            IntegrationId = next.TextOrNull(),
        };
    }

    /// <param name="row">a row of <c>audit_links</c></param>
    public static AuditLink ReadLink(DbDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3),
        row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5));

    private static TextColumn<AuditEntry> Text(
        string name, Func<AuditEntry, string?> value, int width = TextWidth.Id) => new(name, value, width);

    private static NumberColumn<AuditEntry> Number(string name, Func<AuditEntry, long?> value) => new(name, value);
}
