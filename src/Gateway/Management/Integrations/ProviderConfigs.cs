using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Integrations;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>A provider's configuration, checked against the catalogue.</summary>
/// <param name="Provider">which variant it is</param>
/// <param name="Config">without secrets</param>
/// <param name="Inline">secrets that are to become credentials</param>
/// <param name="Stored">fields that refer to a stored credential</param>
internal sealed record ProviderConfig(
    Provider Provider, JsonObject Config, IReadOnlyList<InlineCredential> Inline,
    IReadOnlyList<StoredCredential> Stored);

/// <summary>
/// Reads <c>provider_config</c>, a union on <c>type</c> of which <see cref="ProviderCatalog"/> knows the variants.
/// </summary>
internal static class ProviderConfigs
{
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
        var credentials = new CredentialReader(fields.Errors);
        foreach (var field in provider.Fields)
        {
            if (ReadField(fields, field, credentials) is { } value)
            {
                config[field.Name] = value;
            }
        }

        // What the provider does not know is taken and not kept: the vendor's own examples send more than its
        // description lists.
        return fields.Errors.Count > before
            ? null
            : new ProviderConfig(provider, config, credentials.Inline, credentials.Stored);
    }

    private static JsonNode? ReadField(JsonFields fields, ProviderField field, CredentialReader credentials)
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
                return ReadTexts(fields, field) is { } texts
                    ? new JsonArray([.. texts.Select(t => JsonValue.Create(t))])
                    : null;
            case ProviderFieldKind.Credential:
                return credentials.Read(fields, field);
            default:
                return ReadFree(fields, field, credentials);
        }
    }

    /// <summary>A text that is shown again: a URL in it holds no user and no password.</summary>
    private static string? ReadText(JsonFields fields, ProviderField field)
    {
        var text = fields.Text(field.Name, field.Required);
        RefuseSecretIn(text is null ? [] : [text], fields, field);
        return text;
    }

    private static IReadOnlyList<string>? ReadTexts(JsonFields fields, ProviderField field)
    {
        var texts = fields.Texts(field.Name, field.Required, allowEmpty: true);
        RefuseSecretIn(texts ?? [], fields, field);
        return texts;
    }

    private static void RefuseSecretIn(IReadOnlyList<string> texts, JsonFields fields, ProviderField field)
    {
        if (texts.Any(text => InlineSecrets.IsUrlWithSecret(text) || InlineSecrets.IsAuthorization(text, amongHeaders: false)))
        {
            fields.Errors.Add(new RequestError(
                $"{fields.Pointer}/{field.Name}", "body", "holds a user or a secret, which only a credential may"));
        }
    }

    /// <summary>A field of which only the provider knows the form.</summary>
    private static JsonNode? ReadFree(JsonFields fields, ProviderField field, CredentialReader credentials)
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

        if (CredentialReader.HoldsText(value) && InlineSecrets.IsName(field.Name))
        {
            fields.Errors.Add(new RequestError(
                $"{fields.Pointer}/{field.Name}", "body", "holds a secret, which only a credential may"));
            return null;
        }

        return credentials.ReadFree(field.Name, value, $"{fields.Pointer}/{field.Name}");
    }

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
