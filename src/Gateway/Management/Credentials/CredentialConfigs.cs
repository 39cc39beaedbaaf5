using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Credentials;

/// <summary>
/// <c>CredentialConfig</c>: a union on <c>type</c>, seen in requests only. What is read of it is not shown again.
/// </summary>
internal static class CredentialConfigs
{
    public const int LongestSecret = 16 * 1024;
    private const string UserName = "username";

    /// <summary>
    /// Fields by type: <c>#</c> is a number, <c>{</c> an object, else a text; those that end in <c>?</c> may be left
    /// out.
    /// </summary>
    private static readonly Dictionary<string, string[]> Types = new()
    {
        ["aws"] = ["access_key_id", "secret_access_key", "session?"],
        ["aws_role"] = ["role_arn", "external_id", "role_session_name?", "#duration?"],
        ["token"] = ["secret"],
        ["basic"] = [UserName, "secret"],
        ["secret"] = ["secret"],
        ["webhook_url"] = ["secret"],
        ["o_auth_client"] = ["token_url?", "client_id", "client_secret", "{extra?"],
        ["tls_certificate"] = ["certificate", "private_key"],
    };

    public static IEnumerable<string> TypeNames => Types.Keys;

    /// <summary>The fields of a type beside <c>type</c>.</summary>
    public static IEnumerable<(string Name, JsonValueKind Kind, bool Required)> FieldsOf(string type) =>
        Types[type].Select(field => (NameOf(field), KindOf(field), field[^1] != '?'));

    public static bool IsType(string type) => Types.ContainsKey(type);

    /// <summary>
    /// The type and the whole configuration; null where something is wrong, which then stands in the fields' errors.
    /// </summary>
    /// <param name="fields">of the union</param>
    /// <param name="dropsUnknown">what no such credential has is not kept, as in a provider's configuration; else it is
    /// refused</param>
    public static (string Type, ProtectedText Config)? Read(JsonFields fields, bool dropsUnknown = false)
    {
        if (fields.Text("type", required: true) is not { } type)
        {
            return null;
        }

        if (!Types.TryGetValue(type, out var known))
        {
            fields.Reject("type", $"must be one of {string.Join(", ", Types.Keys)}");
            return null;
        }

        var before = fields.Errors.Count;
        var config = new JsonObject { ["type"] = type };
        foreach (var field in known)
        {
            var name = NameOf(field);
            config[name] = KindOf(field) switch
            {
                JsonValueKind.Number => fields.Number(name) is { } number ? JsonValue.Create(number) : null,
                JsonValueKind.Object => fields.Any(name) is { ValueKind: JsonValueKind.Object } extra ? JsonNode.Parse(extra.GetRawText()) : null,
                _ => SecretText(fields, name, isRequired: field[^1] != '?') is { } text
                    ? JsonValue.Create(text)
                    : null,
            };
        }

        if (!dropsUnknown)
        {
            fields.RefuseUnknown();
        }

        return fields.Errors.Count > before
            ? null
            : (type, new ProtectedText(config.ToJsonString(JsonSerializerOptions.Default)));
    }

    /// <summary>A secret that is empty is everybody's. A name beside it may be: some services take the secret
    /// alone.</summary>
    public static string? SecretText(JsonFields fields, string name, bool isRequired)
    {
        var text = fields.Text(name, isRequired, LongestSecret);
        if (text is not "" || !isRequired || name == UserName)
        {
            return text;
        }

        fields.Reject(name, "must not be empty");
        return null;
    }

    private static string NameOf(string field) => field.Trim('#', '{', '?');

    private static JsonValueKind KindOf(string field) => field[0] switch
    {
        '#' => JsonValueKind.Number,
        '{' => JsonValueKind.Object,
        _ => JsonValueKind.String,
    };
}
