using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Events;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Jobs;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// Tells endpoints of executions that have ended. An execution is an audited event only where somebody listens: its
/// history has a table of its own. Heard of twice, it is the same event.
/// </summary>
public sealed class CompletionEvents(IRecordStore store, EventTelling telling, TimeProvider time) : IExecutionListener
{
    public async Task Ended(Execution execution)
    {
        var organization = OrganizationId.Parse(execution.OrganizationId);
        var heard = await telling.WhoHears(organization, EventTypes.OperationComplete, execution.AccountId);
        if (heard.IsEmpty)
        {
            return;
        }

        var key = new RecordKey(Kinds.Operation, execution.OperationId);
        var now = time.GetUtcNow();
        var entry = AuditEntries.Of(
            key, null, execution.ExecutionId, execution.OrganizationId, EventTypes.OperationComplete, version: 0, now,
            about: (Guid.Parse(execution.AccountId), Guid.Parse(execution.IntegrationId)));
        await store.Append(entry with
        {
            Payload = new EventPayload(
                Guid.Parse(execution.ExecutionId), EventTypes.OperationComplete, DataOf(execution), null, heard),
        });
    }

    private static string DataOf(Execution execution)
    {
        var data = new JsonObject
        {
            ["id"] = execution.OperationId,
            ["kind"] = Kinds.Operation,
            ["execution_id"] = execution.ExecutionId,
            ["organization_id"] = execution.OrganizationId,
            ["account_id"] = execution.AccountId,
            ["integration_id"] = execution.IntegrationId,
            ["operation"] = execution.Operation,
            ["status"] = execution.Status,
            ["started_at"] = execution.StartedAt.UtcDateTime,
            ["completed_at"] = execution.CompletedAt.UtcDateTime,
            ["records_processed"] = execution.RecordsProcessed,
        };
        return JsonSerializer.Serialize(data, WebhookNodesJson.Default.JsonObject);
    }
}
