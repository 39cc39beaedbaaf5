using System.Data.Common;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>
/// The columns of table <c>executions</c>, each spelled here and in the schema only. Every row has its
/// <c>service_id</c> besides.
/// </summary>
internal static class ExecutionColumns
{
    public static readonly IReadOnlyList<Column<Execution>> OfInsert =
    [
        Text("execution_id", e => e.ExecutionId),
        Text("organization_id", e => e.OrganizationId),
        Text("operation_id", e => e.OperationId),
        Text("account_id", e => e.AccountId),
        Text("integration_id", e => e.IntegrationId),
        Text("integration_point_id", e => e.IntegrationPointId),
        Text("operation", e => e.Operation),
        Text("trigger_type", e => e.TriggerType, TextWidth.Kind),
        Text("trigger_source", e => e.TriggerSource),
        Text("status", e => e.Status, TextWidth.Kind),
        Number("started_at", e => Times.Micros(e.StartedAt)),
        Number("completed_at", e => Times.Micros(e.CompletedAt)),
        Number("records_processed", e => e.RecordsProcessed),
        Number("cpu_time", e => e.CpuTime),
        Number("in_bytes", e => e.InBytes),
        Text("initial_cursor", e => e.InitialCursor, TextWidth.Line),
        Text("final_cursor", e => e.FinalCursor, TextWidth.Line),
        Text("error", e => e.Error, TextWidth.Line),
    ];

    public static readonly string[] Names = [.. OfInsert.Select(column => column.Name)];

    /// <summary>The names, in the order in which <see cref="Read"/> reads them.</summary>
    public static readonly string All = string.Join(", ", Names);

    public static Execution Read(DbDataReader row)
    {
        var next = new ColumnReader(row);
        return new Execution
        {
            ExecutionId = next.Text(),
            OrganizationId = next.Text(),
            OperationId = next.Text(),
            AccountId = next.Text(),
            IntegrationId = next.Text(),
            IntegrationPointId = next.TextOrNull(),
            Operation = next.Text(),
            TriggerType = next.Text(),
            TriggerSource = next.Text(),
            Status = next.Text(),
            StartedAt = next.Time(),
            CompletedAt = next.Time(),
            RecordsProcessed = next.Number(),
            CpuTime = next.Number(),
            InBytes = next.Number(),
            InitialCursor = next.TextOrNull(),
            FinalCursor = next.TextOrNull(),
            Error = next.TextOrNull(),
        };
    }

    private static TextColumn<Execution> Text(
        string name, Func<Execution, string?> value, int width = TextWidth.Id) => new(name, value, width);

    private static NumberColumn<Execution> Number(string name, Func<Execution, long?> value) => new(name, value);
}
