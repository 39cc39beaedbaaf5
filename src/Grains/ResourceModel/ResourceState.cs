using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// Everything that a resource's grain owns, as stored. Property names are part of the stored form: add, never rename.
/// </summary>
public sealed record ResourceState : ITombstone
{
    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string Name { get; init; }

    public required string FullName { get; init; }

    public required ResourceContent Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>A tombstone since then, kept for 30 days.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>What hangs on it may still have to be deleted.</summary>
    public bool CascadePending { get; init; }

    /// <summary>The call that made it, while it can be answered again.</summary>
    public CreatingCall? CreatedBy { get; init; }

    /// <summary>The call that deleted it, while it can be answered again.</summary>
    public CreatingCall? DeletedBy { get; init; }

    /// <summary>The latest changes that can be asked for again, the last first; null where there was none.</summary>
    public IReadOnlyList<AnsweredChange>? Answered { get; init; }

    /// <summary>What of it is encrypted.</summary>
    public SealedText? Sealed { get; init; }

    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>What its name is unique in, beside its organization and kind; a column of its row.</summary>
    [JsonIgnore]
    public string NameScope { get; init; } = "";

    /// <summary>The resource that a command makes, before anything of it is encrypted.</summary>
    public static ResourceState Of(Guid id, CreateResource command, DateTimeOffset now)
    {
        var name = command.Name ?? id.ToString();
        return new ResourceState
        {
            Id = id,
            OrganizationId = command.OrganizationId,
            Name = name,
            FullName = command.FullName ?? name,
            Content = command.Content,
            CreatedAt = now,
            UpdatedAt = now,
            CreatedBy = CallOf(command.Context),
        };
    }

    /// <summary>What is remembered of a call that may be asked again; null without an idempotency key.</summary>
    public static CreatingCall? CallOf(CallContext context) =>
        context.Idempotency is { } call ? new CreatingCall(call.Key, call.Request) : null;

    public Resource ToView() => new()
    {
        Id = Id,
        OrganizationId = OrganizationId,
        Name = Name,
        FullName = FullName,
        Content = Content,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        Version = Version,
    };

    /// <summary>
    /// Whether a call is the one that made it, asked again under its idempotency key while the answer is kept. The
    /// request may still be another.
    /// </summary>
    public bool IsMadeUnder(Idempotency? call, DateTimeOffset now) => IsBy(CreatedBy, call, now - CreatedAt);

    /// <summary>Whether a call is the one that deleted it, asked again in the same way.</summary>
    public bool IsDeletedUnder(Idempotency? call, DateTimeOffset now) =>
        DeletedAt is { } at && IsBy(DeletedBy, call, now - at);

    /// <summary>
    /// What a change was answered with that is asked for again under its idempotency key while the answer is kept. The
    /// request may still be another. Null for a change that is new.
    /// </summary>
    private AnsweredChange? AnswerUnder(Idempotency? call, DateTimeOffset now) => call is null
        ? null
        : Answered?.FirstOrDefault(change => change.IsKept(now) && change.Call.Key.AsSpan().SequenceEqual(call.Key));

    /// <summary>The answer itself, or that the key was used for another request, such as the one that made it.</summary>
    public ResourceAnswer? Earlier(Idempotency? call, DateTimeOffset now) => AnswerUnder(call, now) switch
    {
        null when IsMadeUnder(call, now) && !IsMadeBy(call) =>
            new ResourceAnswer { Refusal = ResourceRefusal.IdempotencyConflict },
        null => null,
        { } known when known.Call.Request.AsSpan().SequenceEqual(call?.Request) =>
            new ResourceAnswer { Resource = known.Answer.ToView(), Repeated = true },
        _ => new ResourceAnswer { Refusal = ResourceRefusal.IdempotencyConflict },
    };

    /// <summary>Whether a caller is of its organization, or the operator's own code.</summary>
    public bool IsOf(Caller? caller) => caller is null || caller.OrganizationId == OrganizationId;

    /// <summary>The same, noted as the answer of a call.</summary>
    public ResourceState AnsweredTo(CreatingCall call, DateTimeOffset now)
    {
        var answer = this with { Answered = null, Sealed = null, CreatedBy = null };
        var others = (Answered ?? []).Where(
            change => change.IsKept(now) && !change.Call.Key.AsSpan().SequenceEqual(call.Key));
        return this with { Answered = [new(call, now, answer), .. others.Take(AnsweredChange.Most - 1)] };
    }

    private static bool IsBy(CreatingCall? known, Idempotency? call, TimeSpan since) =>
        call is not null && known is not null && known.Key.AsSpan().SequenceEqual(call.Key)
            && since < CreatingCall.AnswersKept;

    /// <summary>
    /// Why a creation under the id of this one is refused; null where it is the call that made this one, asked again.
    /// </summary>
    public ResourceRefusal? RefusalToRepeat(CallContext context, bool isOwnCommand, DateTimeOffset now)
    {
        if (DeletedAt is not null || (context.Caller is { } caller && caller.OrganizationId != OrganizationId))
        {
            return ResourceRefusal.IdTaken;
        }

        if (isOwnCommand)
        {
            return null;
        }

        if (!IsMadeUnder(context.Idempotency, now))
        {
            return ResourceRefusal.IdTaken;
        }

        return IsMadeBy(context.Idempotency) ? null : ResourceRefusal.IdempotencyConflict;
    }

    private bool IsMadeBy(Idempotency? call) => CreatedBy?.Request.AsSpan().SequenceEqual(call?.Request) == true;

    public string ToJson() => JsonSerializer.Serialize(this, ResourceJson.Default.ResourceState);

    public static ResourceState FromRecord(StoredRecord record) =>
        JsonSerializer.Deserialize(record.State, ResourceJson.Default.ResourceState) is { } state
            ? state with { Version = record.Version, NameScope = record.NameScope }
            : throw new JsonException($"{record.Key} holds null");
}

/// <summary>A change under an idempotency key.</summary>
/// <param name="Call">the call</param>
/// <param name="At">when it was carried out</param>
/// <param name="Answer">the resource after it, without what is encrypted</param>
public sealed record AnsweredChange(CreatingCall Call, DateTimeOffset At, ResourceState Answer)
{
    /// <summary>As many are kept of a resource.</summary>
    public const int Most = 8;

    public bool IsKept(DateTimeOffset now) => now - At < CreatingCall.AnswersKept;
}

[JsonSerializable(typeof(ResourceState))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(OrganizationIdJson), typeof(TokenIdJson), typeof(SelectionJson)])]
internal sealed partial class ResourceJson : JsonSerializerContext;

/// <summary>A selection as the list of its names; absent where it is everything.</summary>
internal sealed class SelectionJson : JsonConverter<Selection>
{
    public override bool HandleNull => true;

    public override Selection Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, NamesJson.Default.StringArray) is { } names
            ? Selection.Of(names)
            : Selection.All;

    public override void Write(Utf8JsonWriter writer, Selection value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Names?.ToArray(), NamesJson.Default.StringArray);
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class NamesJson : JsonSerializerContext;
