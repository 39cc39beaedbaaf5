using System.Text.Json.Serialization;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Imports;

/// <summary>
/// A line that waits for its turn: with the keyed digests of its key's hash, and without the hash. Property names are
/// part of the stored form: add, never rename.
/// </summary>
internal sealed record StoredImportLine
{
    public required int Number { get; init; }

    public required Guid Scheme { get; init; }

    /// <summary>Under every pepper that there was when it came; that which was in use first.</summary>
    public required SecretDigest[] Digests { get; init; }

    public required string LastFour { get; init; }

    public string? Name { get; init; }

    public string? FullName { get; init; }

    public required string PermissionSet { get; init; }

    public StoredResources? Resources { get; init; }

    public string? Life { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Description { get; init; }

    public string[]? Labels { get; init; }

    public string? Contact { get; init; }

    public string[]? Addresses { get; init; }

    public long? Uses { get; init; }

    public int? PerSecond { get; init; }

    public int? Burst { get; init; }

    public required string BelongsTo { get; init; }

    public static StoredImportLine From(ImportLine line, PepperRing peppers) => new()
    {
        Number = line.Number,
        Scheme = line.Scheme,
        Digests = [.. peppers.EveryDigest(line.Fingerprint)],
        LastFour = line.LastFour,
        Name = line.Name,
        FullName = line.FullName,
        PermissionSet = line.PermissionSet,
        Resources = StoredResources.From(line.Resources),
        Life = line.Life,
        ExpiresAt = line.ExpiresAt,
        Description = line.Notes?.Description,
        Labels = line.Notes is { Labels: { IsEmpty: false } labels } ? [.. labels] : null,
        Contact = line.Notes?.Contact,
        Addresses = line.Addresses is { } addresses ? [.. addresses] : null,
        Uses = line.Limits?.Uses,
        PerSecond = line.Limits?.PerSecond,
        Burst = line.Limits?.Burst,
        BelongsTo = line.BelongsTo.Word(),
    };

    public GrantBinding Binding =>
        new GrantBinding.Adhoc(PermissionSet, Resources?.ToResources() ?? Domain.Grants.Resources.All);

    public TokenNotes Notes => new(Description, [.. Labels ?? []], Contact);

    public TokenLimits Limits =>
        this is { Uses: null, PerSecond: null, Burst: null } ? TokenLimits.None : new(Uses, PerSecond, Burst);
}

/// <summary>Lines of one row, in their order.</summary>
internal sealed record StoredImportBatch(StoredImportLine[] Lines);

/// <summary>Why a line was refused.</summary>
internal sealed record StoredImportFailure(int Number, TokenRefusal Refusal);

/// <summary>The lines of one share that were refused.</summary>
internal sealed record StoredImportFailures(StoredImportFailure[] Lines);

[JsonSerializable(typeof(StoredImportBatch))]
[JsonSerializable(typeof(StoredImportFailures))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
internal sealed partial class ImportLinesJson : JsonSerializerContext;
