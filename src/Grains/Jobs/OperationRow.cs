using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Jobs;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Jobs;

/// <summary>The row of a scheduled operation. It leaves no audit entries: its history is a table of its own.</summary>
internal static class OperationRow
{
    public static StoredRecord Of(OperationState state, string commandId) => new()
    {
        Key = new RecordKey(Kinds.Operation, state.Id.ToString()),
        Version = state.Version,
        CommandId = commandId,
        State = JsonSerializer.Serialize(state, OperationJson.Default.OperationState),
        OrganizationId = state.OrganizationId.ToString(),
        OwnerId = state.IntegrationId.ToString(),
        Name = state.Id.ToString(),
        NameKey = state.Id.ToString(),
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        DueAt = state.DueAt,
    };

    public static OperationState Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, OperationJson.Default.OperationState) is { } state
            ? state with { Version = record.Version }
            : throw new JsonException($"{record.Key} holds null");

    public static OperationView ViewOf(OperationState state) => new()
    {
        Id = state.Id,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        AccountId = state.AccountId,
        IntegrationId = state.IntegrationId,
        Operation = state.Operation,
        Filters = state.Filters,
        Status = state.Status,
        Error = state.Error,
        CpuTime = state.CpuTime,
        InBytes = state.InBytes,
    };
}

[JsonSerializable(typeof(OperationState))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(OrganizationIdJson)])]
internal sealed partial class OperationJson : JsonSerializerContext;
