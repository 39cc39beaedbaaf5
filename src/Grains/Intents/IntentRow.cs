using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Intents;
using TokenActors.Grains.Abstractions.Intents;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Intents;

/// <summary>The row of an intent.</summary>
internal static class IntentRow
{
    public static StoredRecord Of(Intent intent, string commandId) => new()
    {
        Key = new RecordKey(Kinds.Intent, intent.Id.ToString()),
        Version = intent.Version,
        CommandId = commandId,
        State = JsonSerializer.Serialize(StoredIntent.From(intent), IntentJson.Default.StoredIntent),
        OrganizationId = intent.OrganizationId.ToString(),
        OwnerId = intent.OrganizationId.ToString(),
        MemberId = intent.MemberId.ToString(),
        Name = intent.Id.ToString(),
        NameKey = intent.Id.ToString(),
        CreatedAt = intent.CreatedAt,
        UpdatedAt = intent.UpdatedAt,
        DueAt = intent.DueAt,
    };

    public static Intent Read(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, IntentJson.Default.StoredIntent) is { } stored
            ? stored.ToIntent() with { Version = record.Version }
            : throw new JsonException($"{record.Key} holds null");

    public static IntentView ViewOf(Intent intent) => new()
    {
        Id = intent.Id,
        Command = intent.Command,
        Subject = intent.Subject,
        Body = intent.Body,
        TokenId = intent.TokenId,
        MemberId = intent.MemberId,
        CreatedAt = intent.CreatedAt,
        LapsesAt = intent.LapsesAt,
        CollectedAt = intent.Collector?.At,
    };
}

/// <summary>An intent as it is stored. Property names are part of the stored form: add, never rename.</summary>
internal sealed record StoredIntent
{
    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required MemberId MemberId { get; init; }

    public required TokenId TokenId { get; init; }

    public required string Command { get; init; }

    public TokenId? Subject { get; init; }

    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LapsesAt { get; init; }

    public TokenId? CollectorId { get; init; }

    public string? CollectorKey { get; init; }

    public DateTimeOffset? CollectedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public static StoredIntent From(Intent intent) => new()
    {
        Id = intent.Id,
        OrganizationId = intent.OrganizationId,
        MemberId = intent.MemberId,
        TokenId = intent.TokenId,
        Command = intent.Command,
        Subject = intent.Subject,
        Body = intent.Body,
        CreatedAt = intent.CreatedAt,
        LapsesAt = intent.LapsesAt,
        CollectorId = intent.Collector?.TokenId,
        CollectorKey = intent.Collector?.Key,
        CollectedAt = intent.Collector?.At,
        UpdatedAt = intent.UpdatedAt,
    };

    public Intent ToIntent() => new()
    {
        Id = Id,
        OrganizationId = OrganizationId,
        MemberId = MemberId,
        TokenId = TokenId,
        Command = Command,
        Subject = Subject,
        Body = Body,
        CreatedAt = CreatedAt,
        LapsesAt = LapsesAt,
        Collector = this is { CollectorId: { } id, CollectorKey: { } key, CollectedAt: { } at }
            ? new(id, key, at)
            : null,
        UpdatedAt = UpdatedAt,
        Version = 0,
    };
}

[JsonSerializable(typeof(StoredIntent))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(OrganizationIdJson), typeof(MemberIdJson), typeof(TokenIdJson)])]
internal sealed partial class IntentJson : JsonSerializerContext;
