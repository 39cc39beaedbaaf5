using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Integrations;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Credentials;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>A secret that stood inline in a configuration, and the field that refers to it now.</summary>
internal sealed record InlineCredential(string Field, string Type, ProtectedText Config, JsonObject Reference)
{
    public void PointTo(Guid credential) => Reference["value"] = credential.ToString();
}

/// <summary>A reference to a credential that is stored.</summary>
/// <param name="Pointer">JSON Pointer to the id</param>
/// <param name="Id">as it was given</param>
/// <param name="Type">of which it has to be</param>
internal sealed record StoredCredential(string Pointer, string Id, string Type);

/// <summary>
/// Finds the credentials of a provider's configuration, at any depth: a secret that stands inline becomes a stored
/// credential with a reference in its place, and a reference is kept to be looked up. A secret that stands anywhere
/// else would be stored as it is, so it is refused.
/// </summary>
internal sealed class CredentialReader(List<RequestError> errors)
{
    private const string Reference = "_id";

    private readonly List<InlineCredential> _inline = [];
    private readonly List<StoredCredential> _stored = [];

    /// <summary>Secrets that are to become credentials.</summary>
    public IReadOnlyList<InlineCredential> Inline => _inline;

    /// <summary>Fields that refer to a stored credential.</summary>
    public IReadOnlyList<StoredCredential> Stored => _stored;

    /// <summary>
    /// The references of a configuration that was read before, each with the type that it says. A text elsewhere that
    /// looks like an id is none: nobody has asked whether that credential may be used.
    /// </summary>
    public static IEnumerable<(string Id, string Type)> ReferencesIn(JsonNode? config)
    {
        IEnumerable<JsonNode?> parts = config switch
        {
            JsonObject fields => fields.Select(field => field.Value),
            JsonArray items => items,
            _ => [],
        };
        var within = parts.SelectMany(ReferencesIn);
        return config is JsonObject one && TextOf(one["type"]) is { } type && IsReference(type)
            && TextOf(one["value"]) is { } id
            ? within.Append((id, type[..^Reference.Length]))
            : within;
    }

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A field that is a credential. What stands there in another form is not shown back.</summary>
    public JsonObject? Read(JsonFields fields, ProviderField field)
    {
        if (fields.Any(field.Name) is { ValueKind: not JsonValueKind.Object })
        {
            errors.Add(new RequestError($"{fields.Pointer}/{field.Name}", "body", "must be an object, a credential"));
            return null;
        }

        return fields.Object(field.Name, field.Required) is { } credential ? Read(field.Name, credential) : null;
    }

    /// <summary>A union of credentials, inline or by id.</summary>
    /// <param name="name">where it stands, for the credential's display name</param>
    /// <param name="credential">its fields</param>
    private JsonObject? Read(string name, JsonFields credential)
    {
        var type = credential.Text("type", required: true);
        if (IsReference(type))
        {
            var value = credential.Text("value", required: true);
            if (value is not null && type is not null)
            {
                _stored.Add(new($"{credential.Pointer}/value", value, type[..^Reference.Length]));
            }

            return value is null ? null : new JsonObject { ["type"] = type, ["value"] = value };
        }

        if (type is not null && CredentialConfigs.Read(credential, dropsUnknown: true) is var (kind, config))
        {
            var reference = new JsonObject { ["type"] = kind + Reference };
            _inline.Add(new InlineCredential(name, kind, config, reference));
            return reference;
        }

        return null;
    }

    /// <summary>A value of which only the provider knows the form, with the credentials that stand in it.</summary>
    /// <param name="name">where it stands, as <c>field.field</c></param>
    /// <param name="value">the value</param>
    /// <param name="pointer">JSON Pointer to it</param>
    public JsonNode? ReadFree(string name, JsonElement value, string pointer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when IsCredential(value):
                return Read(name, new JsonFields(pointer, value, errors));
            case JsonValueKind.Object:
                return ReadObject(name, value, pointer);
            case JsonValueKind.Array:
                return new JsonArray(
                    [.. value.EnumerateArray().Select((item, i) => ReadFree($"{name}.{i}", item, $"{pointer}/{i}"))]);
            case JsonValueKind.String:
                return ReadText(name, value, pointer);
            default:
                return JsonNode.Parse(value.GetRawText());
        }
    }

    private JsonValue? ReadText(string name, JsonElement value, string pointer)
    {
        var text = RequestError.TextOf(value);
        if (text is null || InlineSecrets.IsUrlWithSecret(text)
            || InlineSecrets.IsAuthorization(text, IsAmongHeaders(name)))
        {
            errors.Add(new RequestError(
                pointer, "body", text is null
                    ? "holds characters that cannot be stored"
                    : "holds a user or a secret, which only a credential may"));
            return null;
        }

        return JsonValue.Create(text);
    }

    private JsonObject ReadObject(string name, JsonElement value, string pointer)
    {
        var read = new JsonObject();
        var isNamed = IsNamedAsSecret(value);
        foreach (var property in value.EnumerateObject())
        {
            var field = property.Name.Replace("~", "~0", StringComparison.Ordinal)
                .Replace("/", "~1", StringComparison.Ordinal);
            if (HoldsText(property.Value)
                && (InlineSecrets.IsName(property.Name) || (property.NameEquals("value") && isNamed)))
            {
                errors.Add(
                    new RequestError($"{pointer}/{field}", "body", "holds a secret, which only a credential may"));
                continue;
            }

            read[property.Name] = ReadFree($"{name}.{property.Name}", property.Value, $"{pointer}/{field}");
        }

        return read;
    }

    /// <summary>A text, or several, as some have their headers.</summary>
    public static bool HoldsText(JsonElement value) => value.ValueKind == JsonValueKind.String
        || (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(HoldsText));

    /// <summary>A header or tag as an object of its name and value, under the name of a secret.</summary>
    private static bool IsNamedAsSecret(JsonElement value) => value.EnumerateObject().Any(property =>
        property.Name.ToLowerInvariant() is "name" or "header" && property.Value.ValueKind == JsonValueKind.String
        && InlineSecrets.IsName(RequestError.TextOf(property.Value) ?? ""));

    private static bool IsAmongHeaders(string name) =>
        name.Split('.').Any(field => field.EndsWith("headers", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// One variant of the union of credentials. Other unions have <c>type</c> too: only with a secret, or with a
    /// reference, is it one of credentials.
    /// </summary>
    private static bool IsCredential(JsonElement value)
    {
        if (!value.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        return IsReference(RequestError.TextOf(type))
            ? value.TryGetProperty("value", out _)
            : CredentialConfigs.IsType(RequestError.TextOf(type) ?? "") && value.EnumerateObject().Any(IsOfCredential);
    }

    private static bool IsOfCredential(JsonProperty property) =>
        property.Value.ValueKind == JsonValueKind.String
        && (InlineSecrets.IsName(property.Name) || property.Name is "role_arn" or "external_id");

    private static bool IsReference(string? type) => type is not null
        && type.EndsWith(Reference, StringComparison.Ordinal) && CredentialConfigs.IsType(type[..^Reference.Length]);
}
