using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>Deliveries as they are shown.</summary>
internal static class DeliveryPages
{
    private const string Waiting = "waiting";

    public static async Task<DeliveryPage> Read(IOutbox outbox, string endpointId, ReadDeliveries query)
    {
        var rows = await outbox.Deliveries(endpointId, query.Status, query.Before ?? long.MaxValue, query.Limit + 1);
        var shown = rows.Take(query.Limit).ToList();
        return new DeliveryPage
        {
            Deliveries = [.. shown.Select(row => View(row, endpointId))],
            Next = rows.Count > query.Limit ? shown[^1].Number : null,
        };
    }

    private static DeliveryView View(Delivery row, string endpointId) => new()
    {
        Id = WebhookBodies.IdOf(row.EventId, endpointId),
        Type = row.Type,
        SubjectKind = row.Subject.Kind,
        SubjectId = row.Subject.Id,
        Status = row.DueAt is null ? row.Outcome ?? DeliveryOutcome.GivenUp : Waiting,
        CreatedAt = row.CreatedAt,
        NextAttemptAt = row.DueAt,
        Attempts =
        [
            .. AttemptLog.Read(row.Log).Select(attempt => new AttemptView
            {
                At = attempt.At, Status = attempt.Status, Milliseconds = attempt.Ms, Error = attempt.Error,
                Answer = attempt.Answer,
            }),
        ],
    };
}
