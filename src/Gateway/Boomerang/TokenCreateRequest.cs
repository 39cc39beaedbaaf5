using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Time;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Boomerang;

/// <summary>Body of create.</summary>
internal sealed record TokenCreateRequest
{
    private const int LongestName = 255;
    private const int MostPermissions = 64;

    /// <summary><c>user</c>, <c>team</c>, <c>workflow</c> or <c>global</c>.</summary>
    public required string Type { get; init; }

    public required string Name { get; init; }

    /// <summary>Whose token it is; not for <c>global</c>.</summary>
    public string? Principal { get; init; }

    public string? Description { get; init; }

    /// <summary>ISO 8601 text or milliseconds since 1970; without it the token never expires.</summary>
    [JsonPropertyName("expirationDate")]
    public DateTimeOffset? ExpirationDate { get; init; }

    /// <summary>Each <c>resource/action</c>; a user's token may go without.</summary>
    public IReadOnlyList<string> Permissions { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<FlowPermission> Parsed { get; private init; } = [];

    /// <summary>Unknown fields are ignored. The first thing that is wrong is what is answered.</summary>
    public static Outcome<TokenCreateRequest> Read(JsonFields fields)
    {
        var type = fields.Text("type");
        var name = fields.Text("name", longest: LongestName);
        var principal = fields.Text("principal", longest: LongestName);
        var description = fields.Text("description");
        var expiration = Expiration(fields);
        var permissions = ReadPermissions(fields);
        if (fields.Errors is [var error, ..])
        {
            return Invalid($"{error.Id.TrimStart('/')} {error.Message}");
        }

        if (type == FlowTypes.Session)
        {
            return Refused(1011, "TOKEN_INVALID_SESSION_REQ", "session tokens are made by logging in");
        }

        if (type is null || !FlowTypes.All.Contains(type))
        {
            return Invalid(
                $"type must be one of {string.Join(", ", FlowTypes.All.Where(t => t != FlowTypes.Session))}");
        }

        if (string.IsNullOrWhiteSpace(name))
        {
            return Invalid("name must not be empty");
        }

        if (type != FlowTypes.Global && string.IsNullOrWhiteSpace(principal))
        {
            return Invalid($"a token of type {type} needs a principal");
        }

        if (permissions.Count == 0 && type != FlowTypes.User)
        {
            return Invalid($"a token of type {type} needs permissions");
        }

        List<FlowPermission> parsed = [];
        foreach (var permission in permissions)
        {
            if (FlowPermission.Parse(permission) is not { } good)
            {
                return Refused(
                    1012, "TOKEN_INVALID_PERMISSION", $"'{permission}' is no permission; write resource/action, such as token/read or **/**");
            }

            parsed.Add(good);
        }

        return new TokenCreateRequest
        {
            Type = type,
            Name = name,
            Principal = type == FlowTypes.Global ? null : principal,
            Description = description,
            ExpirationDate = expiration,
            Permissions = permissions,
            Parsed = parsed,
        };
    }

    private static readonly string[] WithoutZone =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd"];

    private static Refusal Invalid(string message) => Refused(1010, "TOKEN_INVALID_REQ", message);

    private static Refusal Refused(int code, string reason, string message) =>
        BoomerangApi.Error(StatusCodes.Status400BadRequest, code, reason, message);

    /// <param name="fields">of the body; a time without a zone, which clients of this API send, is UTC</param>
    private static DateTimeOffset? Expiration(JsonFields fields)
    {
        const string field = "expirationDate";
        if (fields.Any(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var milliseconds)
            && milliseconds >= Milliseconds.Earliest && milliseconds < Instant.Forever.ToUnixTimeMilliseconds())
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        if (value.ValueKind == JsonValueKind.String && RequestError.TextOf(value) is { Length: > 0 } text
            && (Rfc3339.TryParse(text, out var time) || DateTimeOffset.TryParseExact(
                text, WithoutZone, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time))
            && time < Instant.Forever && time.ToUnixTimeMilliseconds() >= Milliseconds.Earliest)
        {
            // As it is shown: in whole milliseconds.
            return DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
        }

        fields.Reject(
            field, "must be a date as ISO 8601 text or in milliseconds since 1970, and not before the year 2000");
        return null;
    }

    private static IReadOnlyList<string> ReadPermissions(JsonFields fields)
    {
        if (fields.Any("permissions") is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostPermissions
            || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String
                || RequestError.TextOf(item) is null))
        {
            fields.Reject("permissions", $"must be an array of at most {MostPermissions} texts");
            return [];
        }

        return [.. list.EnumerateArray().Select(RequestError.TextOf).OfType<string>().Distinct()];
    }
}
