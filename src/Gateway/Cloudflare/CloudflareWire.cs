using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>The envelope of every answer. On failure the result is null.</summary>
internal sealed record CloudflareEnvelope<T>
{
    public required bool Success { get; init; }

    public IReadOnlyList<CloudflareMessage> Errors { get; init; } = [];

    public IReadOnlyList<CloudflareMessage> Messages { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public T? Result { get; init; }

    public CloudflarePage? ResultInfo { get; init; }
}

internal sealed record CloudflareMessage(int Code, string Message, CloudflareSource? Source = null);

internal sealed record CloudflareSource(string Pointer);

/// <summary>Which page it is, counted from 1.</summary>
internal sealed record CloudflarePage(int Page, int PerPage, int Count, long TotalCount, long TotalPages);

/// <summary>A service token. The secret is there only in the answer of the call that minted it.</summary>
internal sealed record ServiceTokenWire
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public required long ClientSecretVersion { get; init; }

    public required string Duration { get; init; }

    public required bool Enabled { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Null until it is used.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Until when the former secret is accepted, while there is one.</summary>
    public DateTimeOffset? PreviousClientSecretExpiresAt { get; init; }

    public static ServiceTokenWire From(TokenView view, Secret? secret) => new()
    {
        Id = view.Id.ToString(),
        Name = view.FullName,
        ClientId = ClientIdOf(view.Id.Value),
        ClientSecret = secret?.Reveal(),
        ClientSecretVersion = view.SecretVersion,
        Duration = view.Ttl,
        Enabled = view.Enabled,
        ExpiresAt = view.ExpiresAt,
        CreatedAt = view.CreatedAt,
        UpdatedAt = view.UpdatedAt,
        LastSeenAt = view.LastUsedAt,
        PreviousClientSecretExpiresAt = view.Secondary is null ? null : view.SecondaryDeadline,
    };

    public static string ClientIdOf(Guid id) => $"{id:N}.access";

    public static bool Is(TokenView view) => view.Profile == TokenProfile.ServiceToken.Name;
}

/// <summary>Body of create and update; update takes any part of it.</summary>
internal sealed record ServiceTokenRequest : IRequestBody<ServiceTokenRequest>
{
    /// <summary>Needed to create.</summary>
    public string? Name { get; init; }

    /// <summary>A Go-style duration such as <c>8760h</c>, or <c>forever</c>.</summary>
    public string? Duration { get; init; }

    public bool? Enabled { get; init; }

    /// <summary>Raising it on update rotates.</summary>
    public long? ClientSecretVersion { get; init; }

    /// <summary>Until when the former secret is accepted.</summary>
    public DateTimeOffset? PreviousClientSecretExpiresAt { get; init; }

    public const int LongestName = 255;

    /// <summary>Clients that know no version send this.</summary>
    private const long NotGiven = 0;

    /// <summary>What a client may ask for. Rotations count on from there.</summary>
    public const long HighestVersion = 1_000_000_000;

    public static string OutOfRange { get; } = $"must lie between 1 and {HighestVersion}";

    public static ServiceTokenRequest? Read(JsonFields fields) => Read(fields, creates: true);

    /// <summary>
    /// Null where something is wrong, which then stands in the fields' errors. Unknown fields are ignored. How high the
    /// version of an update may be depends on that of the token (<see cref="Exceeds"/>).
    /// </summary>
    public static ServiceTokenRequest? Read(JsonFields fields, bool creates)
    {
        var request = new ServiceTokenRequest
        {
            Name = fields.Text("name", required: creates, LongestName),
            Duration = fields.Text("duration"),
            Enabled = fields.Flag("enabled"),
            ClientSecretVersion = fields.Number("client_secret_version") is { } version and not NotGiven
                ? version
                : null,
            PreviousClientSecretExpiresAt = fields.Deadline("previous_client_secret_expires_at"),
        };
        if (request.Name is "")
        {
            fields.Reject("name", "must not be empty");
        }

        if (request.Duration is { } text)
        {
            if (!Domain.Time.GoDuration.TryParseLife(text, out var duration, out var problem))
            {
                fields.Reject("duration", problem);
            }
            else if (TokenProfile.ServiceToken.ProblemWith(duration.Value) is not null)
            {
                fields.Reject("duration", "must be longer than nothing");
            }
        }

        if (request.ClientSecretVersion is < 1 || (creates && request.ClientSecretVersion > HighestVersion))
        {
            fields.Reject("client_secret_version", OutOfRange);
        }

        return fields.Errors.Count == 0 ? request : null;
    }

    /// <summary>Whether the version is too high to be asked for; the one that a token has may be given back.</summary>
    public bool Exceeds(long version) => ClientSecretVersion > HighestVersion && ClientSecretVersion != version;
}

/// <summary>Body of update: any part of what a create takes.</summary>
internal sealed record ServiceTokenUpdate(ServiceTokenRequest Wanted) : IRequestBody<ServiceTokenUpdate>
{
    public static Type Documented => typeof(ServiceTokenRequest);

    public static ServiceTokenUpdate? Read(JsonFields fields) =>
        ServiceTokenRequest.Read(fields, creates: false) is { } wanted ? new(wanted) : null;
}

/// <summary>
/// Body of rotate, which may be absent. A field that is unknown is refused: passed over, the former secret would end at
/// once although somebody asked for something else.
/// </summary>
internal sealed record RotateServiceTokenRequest(DateTimeOffset? PreviousClientSecretExpiresAt) : IRequestBody<RotateServiceTokenRequest>
{
    public static bool IsRequired => false;

    public static RotateServiceTokenRequest? Read(JsonFields fields)
    {
        var deadline = fields.Deadline("previous_client_secret_expires_at");
        fields.RefuseUnknown();
        return new(deadline);
    }
}

[JsonSerializable(typeof(CloudflareEnvelope<ServiceTokenWire>))]
[JsonSerializable(typeof(CloudflareEnvelope<IReadOnlyList<ServiceTokenWire>>))]
[JsonSerializable(typeof(ServiceTokenRequest))]
[JsonSerializable(typeof(RotateServiceTokenRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class CloudflareJson : JsonSerializerContext
{
    /// <summary>
    /// What responses use: as generated, but with all characters as they are, since nothing of it is put into HTML.
    /// </summary>
    public static CloudflareJson Wire => Relaxed.Context;

    private static class Relaxed
    {
        public static readonly CloudflareJson Context =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
