using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;

namespace TokenActors.Gateway.Lifecycle.Webhooks;

/// <summary>An endpoint for events, made here or on <c>/v1</c>.</summary>
internal sealed record EndpointWire
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    /// <summary>Types of events that it is sent; empty: all but <c>token.refreshed</c>.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Accounts whose events it is sent; empty: all.</summary>
    public required IReadOnlyList<string> AccountIds { get; init; }

    /// <summary>Only events of accounts that bear one of these; empty: of all.</summary>
    public required IReadOnlyList<string> AccountLabels { get; init; }

    public string? Description { get; init; }

    /// <summary><c>lifecycle</c> or <c>management</c>: the API that it was made on.</summary>
    public required string MadeOn { get; init; }

    public required bool Enabled { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary><c>failing</c>, <c>gone</c> or <c>asked</c>.</summary>
    public string? DisabledBecause { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Where it was just made: the secret that signs what it is sent. It is shown once.</summary>
    public string? Secret { get; init; }

    public static EndpointWire From(Resource resource, string? secret = null)
    {
        var content = resource.Content.Webhook ?? throw new InvalidOperationException("the resource is no endpoint");
        return new()
        {
            Id = resource.Id.ToString(),
            Name = resource.Name,
            Url = content.Address,
            Types = content.Types,
            AccountIds = [.. content.AccountIds.Select(id => id.ToString())],
            AccountLabels = content.AccountLabels,
            Description = content.Description,
            MadeOn = content.CredentialId is null ? "lifecycle" : "management",
            Enabled = content.DisabledAt is null,
            DisabledAt = content.DisabledAt,
            DisabledBecause = content.DisabledBecause,
            CreatedAt = resource.CreatedAt,
            UpdatedAt = resource.UpdatedAt,
            Secret = secret,
        };
    }

    /// <summary>The strong tag of what PATCH can change.</summary>
    public static string TagOf(Resource resource)
    {
        var wire = From(resource);
        var changing = new EndpointFields(
            wire.Name, wire.Url, wire.Types, wire.AccountIds, wire.AccountLabels, wire.Description);
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(changing, EndpointJson.Wire.EndpointFields));
        return $"\"{Convert.ToHexStringLower(hash.AsSpan(0, 12))}\"";
    }
}

/// <summary>What can be changed of an endpoint.</summary>
internal sealed record EndpointFields(
    string? Name, string? Url, IReadOnlyList<string>? Types, IReadOnlyList<string>? AccountIds,
    IReadOnlyList<string>? AccountLabels, string? Description);

/// <summary>A page of an organization's endpoints, the oldest first.</summary>
internal sealed record EndpointList(IReadOnlyList<EndpointWire> Items, string? NextCursor);

/// <summary>A secret that was just put in use. It is shown once.</summary>
internal sealed record RotatedSecret(string Secret, DateTimeOffset PreviousUntil)
{
    public override string ToString() => "(protected)";
}

/// <summary>What was queued.</summary>
internal sealed record Queued(int Count, string? DeliveryId);

/// <summary>Body of redeliver.</summary>
internal sealed record RedeliverRequest(string DeliveryId) : IRequestBody<RedeliverRequest>
{
    private const int LongestId = 100;

    public static RedeliverRequest? Read(JsonFields fields)
    {
        var id = fields.Text("delivery_id", required: true, LongestId);
        fields.RefuseUnknown();
        return id is null ? null : new(id);
    }
}

/// <summary>Body of replay.</summary>
internal sealed record ReplayRequest(DateTimeOffset Since) : IRequestBody<ReplayRequest>
{
    public static ReplayRequest? Read(JsonFields fields)
    {
        var since = fields.Time("since");
        if (since is null && !fields.Errors.Any(error => error.Id == "/since"))
        {
            fields.Reject("since", "is required");
        }

        fields.RefuseUnknown();
        return since is { } time ? new(time) : null;
    }
}

/// <summary>A page of deliveries, newest first.</summary>
internal sealed record DeliveryList(IReadOnlyList<DeliveryWire> Items, string? NextCursor);

/// <summary>A delivery and its attempts.</summary>
internal sealed record DeliveryWire(
    string Id, string Type, string SubjectKind, string SubjectId, string Status, DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt, IReadOnlyList<AttemptWire> Attempts)
{
    public static DeliveryWire From(DeliveryView view) => new(
        view.Id, view.Type, view.SubjectKind, view.SubjectId, view.Status, view.CreatedAt, view.NextAttemptAt,
        [.. view.Attempts.Select(a => new AttemptWire(a.At, a.Status, a.Milliseconds, a.Error, a.Answer))]);
}

/// <summary>One attempt; <c>answer</c> is the beginning of what the endpoint said to the newest.</summary>
internal sealed record AttemptWire(DateTimeOffset At, int? Status, long Ms, string? Error, string? Answer);

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(EndpointWire))]
[JsonSerializable(typeof(EndpointFields))]
[JsonSerializable(typeof(EndpointList))]
[JsonSerializable(typeof(RotatedSecret))]
[JsonSerializable(typeof(Queued))]
[JsonSerializable(typeof(RedeliverRequest))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(DeliveryList))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class EndpointJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static EndpointJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly EndpointJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
