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

/// <summary>A provider's configuration, checked against the catalogue.</summary>
/// <param name="Provider">which variant it is</param>
/// <param name="Config">without secrets</param>
/// <param name="Inline">secrets that are to become credentials</param>
/// <param name="Stored">fields that refer to a stored credential: JSON Pointer and id</param>
internal sealed record ProviderConfig(
    Provider Provider, JsonObject Config, IReadOnlyList<InlineCredential> Inline,
    IReadOnlyList<(string Pointer, string Id)> Stored);

/// <summary>
/// Reads <c>provider_config</c>, a union on <c>type</c> of which <see cref="ProviderCatalog"/> knows the variants.
/// </summary>
internal static class ProviderConfigs
{
    private const string Reference = "_id";

    private static readonly string[] SecretNames =
    [
        "secret", "client_secret", "shared_secret", "password", "private_key", "secret_access_key", "api_key", "api_token", "access_token", "token",
        "passphrase", "authorization", "signing_key",
    ];

    /// <summary>Null where something is wrong, which then stands in the fields' errors.</summary>
    public static ProviderConfig? Read(JsonFields fields)
    {
        if (fields.Text("type", required: true) is not { } type)
        {
            return null;
        }

        if (ProviderCatalog.Find(type) is not { } provider)
        {
            fields.Reject("type", "is no provider that is known");
            return null;
        }

        var before = fields.Errors.Count;
        var config = new JsonObject { ["type"] = type };
        List<InlineCredential> inline = [];
        List<(string, string)> stored = [];
        foreach (var field in provider.Fields)
        {
            if (ReadField(fields, field, inline, stored) is { } value)
            {
                config[field.Name] = value;
            }
        }

        // What the provider does not know is taken and not kept: the vendor's own examples send more than its
        // description lists.
        return fields.Errors.Count > before ? null : new ProviderConfig(provider, config, inline, stored);
    }

    private static JsonNode? ReadField(
        JsonFields fields, ProviderField field, List<InlineCredential> inline, List<(string, string)> stored)
    {
        switch (field.Kind)
        {
            case ProviderFieldKind.Text:
                return ReadText(fields, field) is { } text ? JsonValue.Create(text) : null;
            case ProviderFieldKind.Flag:
                return Needed(fields, field, fields.Flag(field.Name)) is { } flag ? JsonValue.Create(flag) : null;
            case ProviderFieldKind.Number:
                return Needed(fields, field, fields.Number(field.Name)) is { } number ? JsonValue.Create(number) : null;
            case ProviderFieldKind.Texts:
                return fields.Texts(field.Name, field.Required, allowEmpty: true) is { } texts
                    ? new JsonArray([.. texts.Select(t => JsonValue.Create(t))])
                    : null;
            case ProviderFieldKind.Credential:
                return fields.Object(field.Name, field.Required) is { } credential
                    ? ReadCredential(fields, field.Name, credential, inline, stored)
                    : null;
            default:
                return ReadFree(fields, field);
        }
    }

    /// <summary>A text that is shown again: a URL in it holds no user and no password.</summary>
    private static string? ReadText(JsonFields fields, ProviderField field)
    {
        var text = fields.Text(field.Name, field.Required);
        if (text is not null && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length > 0)
        {
            fields.Reject(field.Name, "holds a user or a password, which only a credential may");
        }

        return text;
    }

    private static JsonObject? ReadCredential(
        JsonFields fields, string name, JsonFields credential, List<InlineCredential> inline, List<(string, string)> stored)
    {
        var type = credential.Text("type", required: true);
        if (type is not null && type.EndsWith(Reference, StringComparison.Ordinal)
            && CredentialConfigs.IsType(type[..^Reference.Length]))
        {
            var value = credential.Text("value", required: true);
            credential.RefuseUnknown();
            if (value is not null)
            {
                stored.Add(($"{credential.Pointer}/value", value));
            }

            return value is null ? null : new JsonObject { ["type"] = type, ["value"] = value };
        }

        if (type is not null && CredentialConfigs.Read(credential) is var (kind, config))
        {
            var reference = new JsonObject { ["type"] = kind + Reference };
            inline.Add(new InlineCredential(name, kind, config, reference));
            return reference;
        }

        return null;
    }

    /// <summary>
    /// Of such fields only the provider knows the form. A secret inside would be stored as it is, so it is refused.
    /// </summary>
    private static JsonNode? ReadFree(JsonFields fields, ProviderField field)
    {
        if (Needed(fields, field, fields.Any(field.Name)) is not { } value)
        {
            return null;
        }

        var fits = field.Kind switch
        {
            ProviderFieldKind.List => value.ValueKind == JsonValueKind.Array,
            ProviderFieldKind.Object => value.ValueKind == JsonValueKind.Object,
            _ => true,
        };
        if (!fits)
        {
            fields.Reject(field.Name, field.Kind == ProviderFieldKind.List ? "must be an array" : "must be an object");
            return null;
        }

        if (HoldsSecret(value))
        {
            fields.Reject(field.Name, "holds a secret, which only a credential may");
            return null;
        }

        return JsonNode.Parse(value.GetRawText());
    }

    private static bool HoldsSecret(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(p =>
            (p.Value.ValueKind == JsonValueKind.String
                && SecretNames.Contains(p.Name, StringComparer.OrdinalIgnoreCase)) || HoldsSecret(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HoldsSecret),
        JsonValueKind.String =>
            Uri.TryCreate(value.GetString(), UriKind.Absolute, out var url) && url.UserInfo.Length > 0,
        _ => false,
    };

    private static T? Needed<T>(JsonFields fields, ProviderField field, T? value)
        where T : struct
    {
        if (value is null && field.Required && !fields.Has(field.Name))
        {
            fields.Reject(field.Name, "is required");
        }

        return value;
    }
}
