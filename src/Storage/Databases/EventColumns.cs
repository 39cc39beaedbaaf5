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
        new TextColumn<AuditEntry>("type", e => Payload(e).Type),
        new TextColumn<AuditEntry>("subject_kind", e => e.Subject.Kind, TextWidth.Kind),
        new TextColumn<AuditEntry>("subject_id", e => e.Subject.Id),
        new NumberColumn<AuditEntry>("subject_version", e => e.SubjectVersion),
        new TextColumn<AuditEntry>("account_id", e => e.AccountId),
        new TextColumn<AuditEntry>("data", e => Payload(e).Data, TextWidth.Unlimited),
        new TextColumn<AuditEntry>("resource", e => Payload(e).Resource, TextWidth.Unlimited),
    ];

    public static readonly string[] Names = [.. OfInsert.Select(column => column.Name)];

    private static EventPayload Payload(AuditEntry entry) =>
        entry.Payload ?? throw new ArgumentException($"{entry.Event} has no payload", nameof(entry));
}
