using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TokenActors.Client.Http;

namespace TokenActors.Client.Webhooks;

/// <summary>An endpoint that is sent events.</summary>
/// <param name="Id">its id</param>
/// <param name="Name">its name</param>
/// <param name="Url">where events are posted</param>
/// <param name="Types">of events; empty: all but <c>token.refreshed</c></param>
/// <param name="AccountIds">accounts whose events it is sent; empty: all</param>
/// <param name="AccountLabels">only events of accounts that bear one of these; empty: of all</param>
/// <param name="Description">what it is for</param>
/// <param name="MadeOn"><c>lifecycle</c> or <c>management</c>: the API that it was made on</param>
/// <param name="Enabled">it is sent events</param>
/// <param name="DisabledAt">since when it is not</param>
/// <param name="DisabledBecause"><c>failing</c>, <c>gone</c> or <c>asked</c></param>
/// <param name="CreatedAt">when it was made</param>
/// <param name="UpdatedAt">when it was changed last</param>
/// <param name="Secret">where it was just made: what signs its events</param>
public sealed record Webhook(
    string Id, string Name, Uri Url, IReadOnlyList<string> Types, IReadOnlyList<string> AccountIds,
    IReadOnlyList<string> AccountLabels,
    string? Description, string MadeOn, bool Enabled, DateTimeOffset? DisabledAt, string? DisabledBecause,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt, Secret? Secret) : IAnswer
{
    bool IAnswer.IsWhole => Id is not null;

    /// <summary>The version of what can be changed, for <c>If-Match</c>; null in lists.</summary>
    [JsonIgnore]
    public string? Tag { get; init; }
}

/// <summary>An endpoint that is to be made.</summary>
public sealed record NewWebhook
{
    /// <summary>Unique in the organization; null: the service makes one.</summary>
    public string? Name { get; init; }

    /// <summary>Where events are posted.</summary>
    public required Uri Url { get; init; }

    /// <summary>Types of events; null: all but <c>token.refreshed</c>.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Accounts whose events it is sent; null: all.</summary>
    public IReadOnlyList<string>? AccountIds { get; init; }

    /// <summary>Only events of accounts that bear one of these.</summary>
    public IReadOnlyList<string>? AccountLabels { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
}

/// <summary>A change of an endpoint: what is not set stays, what is set to null is removed.</summary>
public sealed class WebhookPatch
{
    internal JsonObject Fields { get; } = [];

    /// <summary>Sets a field, as <see cref="NewWebhook"/> names it in snake case; null removes it.</summary>
    /// <param name="field">such as <c>url</c></param>
    /// <param name="value">the new value</param>
    public WebhookPatch Set(string field, string? value)
    {
        Fields[field] = value;
        return this;
    }

    /// <summary>Sets a list; null removes it.</summary>
    /// <param name="field">such as <c>types</c></param>
    /// <param name="values">the new values</param>
    public WebhookPatch Set(string field, IReadOnlyList<string>? values)
    {
        Fields[field] = values is null ? null : new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        return this;
    }
}

/// <summary>A signing secret that was put in place of another.</summary>
/// <param name="Secret">the new one</param>
/// <param name="PreviousUntil">until when bodies are signed under both</param>
public sealed record RotatedWebhookSecret(Secret Secret, DateTimeOffset PreviousUntil);

/// <summary>An event on its way to an endpoint.</summary>
/// <param name="Id">its <c>webhook-id</c></param>
/// <param name="Type">of the event</param>
/// <param name="SubjectKind">what it is about</param>
/// <param name="SubjectId">the id of that</param>
/// <param name="Status"><c>waiting</c>, <c>delivered</c>, <c>given_up</c> or <c>filtered</c></param>
/// <param name="CreatedAt">when it happened</param>
/// <param name="NextAttemptAt">when it is tried again</param>
/// <param name="Attempts">that were made</param>
public sealed record Delivery(
    string Id, string Type, string SubjectKind, string SubjectId, string Status, DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt,
    IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>One attempt to deliver.</summary>
/// <param name="At">when it began</param>
/// <param name="Status">the HTTP status; null where no answer came</param>
/// <param name="Ms">how long it took</param>
/// <param name="Error">why it failed</param>
/// <param name="Answer">the beginning of the answer's body</param>
public sealed record DeliveryAttempt(DateTimeOffset At, int? Status, long Ms, string? Error, string? Answer);

/// <summary>What will be sent.</summary>
/// <param name="Count">how many events</param>
/// <param name="DeliveryId">of one event, its <c>webhook-id</c></param>
public sealed record QueuedDeliveries(int Count, string? DeliveryId);

internal sealed record RedeliverBody(string DeliveryId);

internal sealed record ReplayBody(DateTimeOffset Since);
