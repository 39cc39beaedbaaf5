using System.Data.Common;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>
/// The columns of table <c>events</c>, which are written from audit entries that have a payload. Every row has its
/// number and <c>service_id</c> besides.
/// </summary>
internal static class EventColumns
{
    public static readonly IReadOnlyList<Column<AuditEntry>> OfInsert =
    [
        new TextColumn<AuditEntry>("id", e => Payload(e).Id.ToString("N")),
        new TextColumn<AuditEntry>("organization_id", e => e.OrganizationId),
        new NumberColumn<AuditEntry>("at", e => Times.Micros(e.At)),
        new TextColumn<AuditEntry>("type", e => e.Event),
        new TextColumn<AuditEntry>("subject_kind", e => e.Subject.Kind, TextWidth.Kind),
        new TextColumn<AuditEntry>("subject_id", e => e.Subject.Id),
        new NumberColumn<AuditEntry>("subject_version", e => e.SubjectVersion),
        new TextColumn<AuditEntry>("account_id", e => e.AccountId),
        new TextColumn<AuditEntry>("data", e => Payload(e).Data, TextWidth.Unlimited),
        new TextColumn<AuditEntry>("resource", e => Payload(e).Resource, TextWidth.Unlimited),
    ];

    public static readonly string[] Names = [.. OfInsert.Select(column => column.Name)];

    /// <param name="row">a row of a statement that names the number, then all columns</param>
    public static OutboxEvent Read(DbDataReader row)
    {
        var next = new ColumnReader(row);
        var (number, id, organization) = (next.Number(), Guid.ParseExact(next.Text(), "N"), next.Text());
        var (at, type, subject) = (next.Time(), next.Text(), new RecordKey(next.Text(), next.Text()));
        return new OutboxEvent(
            number, id, organization, at, type, subject, next.Number(), next.TextOrNull(), next.Text(), next.TextOrNull());
    }

    private static EventPayload Payload(AuditEntry entry) =>
        entry.Payload ?? throw new ArgumentException($"{entry.Event} has no payload", nameof(entry));
}
