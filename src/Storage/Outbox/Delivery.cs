using TokenActors.Storage.Records;

namespace TokenActors.Storage.Outbox;

/// <summary>A delivery that is still to be made.</summary>
/// <param name="Number">the number of its event</param>
/// <param name="SubjectId">deliveries of one subject are made one after the other</param>
/// <param name="Attempts">attempts made since it was queued</param>
/// <param name="DueAt">when it is to be attempted</param>
/// <param name="HasLog">there were attempts before, which are read apart: thousands wait in memory</param>
public sealed record WaitingDelivery(long Number, string SubjectId, int Attempts, DateTimeOffset DueAt, bool HasLog)
{
    /// <summary>Not attempted any more.</summary>
    public DeliveryProgress GivenUp(string endpointId) =>
        new(endpointId, Number, Attempts, null, DeliveryOutcome.GivenUp, null);
}

/// <summary>What became of an attempt.</summary>
/// <param name="EndpointId">the endpoint</param>
/// <param name="Number">the number of the event</param>
/// <param name="Attempts">attempts made since it was queued</param>
/// <param name="DueAt">when it is attempted again; null where it is over</param>
/// <param name="Outcome">one of <see cref="DeliveryOutcome"/></param>
/// <param name="Log">all attempts as a JSON array; null: as it is stored</param>
public sealed record DeliveryProgress(
    string EndpointId, long Number, int Attempts, DateTimeOffset? DueAt, string Outcome, string? Log);

/// <summary>A delivery with its event, for the log of an endpoint.</summary>
/// <param name="Number">the number of its event</param>
/// <param name="EventId">the event's id</param>
/// <param name="Type">the event's type</param>
/// <param name="Subject">what it happened to</param>
/// <param name="CreatedAt">when it was queued first</param>
/// <param name="Attempts">attempts made since it was queued last</param>
/// <param name="DueAt">when it is attempted next; null where it is over</param>
/// <param name="Outcome">one of <see cref="DeliveryOutcome"/>; null before the first attempt</param>
/// <param name="Log">all attempts as a JSON array; null for none</param>
public sealed record Delivery(
    long Number, Guid EventId, string Type, RecordKey Subject, DateTimeOffset CreatedAt, int Attempts,
    DateTimeOffset? DueAt, string? Outcome, string? Log);

/// <summary>The outcome of a delivery's last attempt.</summary>
public static class DeliveryOutcome
{
    /// <summary>The endpoint answered with 2xx.</summary>
    public const string Delivered = "delivered";

    /// <summary>Not answered with 2xx; attempted again later.</summary>
    public const string Failed = "failed";

    /// <summary>The endpoint wants no events of this account.</summary>
    public const string Filtered = "filtered";

    /// <summary>Not answered with 2xx, and not attempted again.</summary>
    public const string GivenUp = "given_up";
}
