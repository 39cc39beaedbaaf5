using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.LaunchDarkly;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// <c>PATCH /api/v2/tokens/{id}</c>: a JSON Patch (RFC 6902), bare or as <c>{comment, patch}</c>, applied to the token as clients see it. It
/// may change name, description, role, customRoleIds and inlineRole. The outcome is stored only on the version that it was made from.
/// </summary>
internal static class AccessTokenPatching
{
    private const int MostAttempts = 4;
    private const int MostOperations = 100;

    private static readonly (string Field, string Action)[] Editable =
    [
        ("name", AccessTokenActions.UpdateName), ("description", AccessTokenActions.UpdateDescription), ("role", AccessTokenActions.UpdateRole),
        ("customRoleIds", AccessTokenActions.UpdateCustomRoles), ("inlineRole", AccessTokenActions.UpdateInlineRole),
    ];

    private static readonly string[] Lists = ["customRoleIds", "inlineRole"];

    public static async Task<IResult> Patch(HttpContext http, LaunchDarklyApi api, IGrainFactory grains)
    {
        var (operations, problem) = ReadOperations(await http.Body());
        if (problem is not null)
        {
            return api.Error(http, problem);
        }

        var rights = new AccessTokenRights(http.Bearer());
        TokenAnswer? answer = null;
        for (var attempt = 0; attempt < MostAttempts && answer?.Refusal is null or TokenRefusal.ChangedMeanwhile; attempt++)
        {
            var (token, error) = await AccessTokenEndpoints.Find(http, api, grains, rights, action: null);
            var (details, mistake) = error is null ? Apply(token!, operations!, rights) : (null, error);
            if (mistake is not null || AccessTokenEndpoints.Inherited(http.Bearer(), details!) is not { } resources)
            {
                return api.Error(http, mistake ?? ApiError.Of(TokenRefusal.BeyondGrant));
            }

            var rightsChange = !SameRights(AccessTokenDetails.Of(token!), details!);
            var command = new EditToken
            {
                Context = http.NewCommand(),
                FullName = details!.Name ?? "",
                Claims = details.ToClaims(),
                Roles = rightsChange && details.Actions is null ? [.. details.CustomRoleIds!] : (ImmutableArray<string>?)null,
                Actions = rightsChange && details.Actions is { } actions ? [.. actions.Names()] : (ImmutableArray<string>?)null,
                Resources = resources,
                ExpectedVersion = token!.Version,
                Secrets = SecretMint.Mint(TokenProfile.AccessToken, token.Id).ToMinted(),
            };
            answer = await http.Command(() => AccessTokenEndpoints.Grain(grains, token.Id).Edit(command));
            if (answer.Refusal is null)
            {
                break;
            }
        }

        return api.Answer(http, answer!, minted: null);
    }

    /// <summary>What the token is to be, or why not.</summary>
    private static (AccessTokenDetails? Details, ApiError? Error) Apply(TokenView token, JsonArray operations, AccessTokenRights rights)
    {
        var shown = JsonSerializer.SerializeToNode(AccessTokenWire.From(token, null), LaunchDarklyJson.Wire.AccessTokenWire)!.AsObject();
        foreach (var list in Lists.Where(list => shown[list] is JsonArray { Count: 0 } && !operations.Any(o => PathOf(o).StartsWith($"/{list}/", StringComparison.Ordinal))))
        {
            // An empty list is as good as none, so that taking it away fails; adding to it does not.
            shown.Remove(list);
        }

        var before = shown.DeepClone().AsObject();
        foreach (var operation in operations)
        {
            if (!PatchRequest.TryApply(operation!.AsObject(), shown, out var problem))
            {
                return (null, new ApiError(StatusCodes.Status422UnprocessableEntity, ApiErrorKind.PatchFailed, $"the patch does not apply: {problem}"));
            }
        }

        var changed = before.Concat(shown).Select(p => p.Key).Distinct().Where(key => !JsonNode.DeepEquals(before[key], shown[key])).ToList();
        if (changed.FirstOrDefault(field => Editable.All(e => e.Field != field)) is { } fixedField)
        {
            return (null, ApiError.Invalid($"{fixedField} cannot be changed", "/" + fixedField));
        }

        if (Editable.FirstOrDefault(e => changed.Contains(e.Field) && !rights.May(e.Action, token)) is { Action: { } missing })
        {
            return (null, ApiError.Forbidden($"the bearer may not {missing} on this token"));
        }

        if (shown["role"] is null && shown["customRoleIds"] is not JsonArray { Count: > 0 } && shown["inlineRole"] is not JsonArray { Count: > 0 })
        {
            return (null, ApiError.Invalid("a role, custom roles or an inline role must be left", "/role"));
        }

        var fields = new JsonFields("", JsonSerializer.SerializeToElement(shown), []);
        return AccessTokenDetails.Read(fields) is not { } details ? (null, ApiError.Invalid(fields.Errors))
            : rights.MayGive(details) || SameRights(AccessTokenDetails.Of(token), details) ? (details, null)
            : (null, ApiError.Of(TokenRefusal.BeyondGrant));
    }

    private static bool SameRights(AccessTokenDetails one, AccessTokenDetails other) =>
        one.Role == other.Role && Equals(one.Policy, other.Policy) && (one.CustomRoleIds ?? []).SequenceEqual(other.CustomRoleIds ?? []);

    /// <summary>
    /// The operations, checked for form; replacing a field that may be absent is adding it. Refused with 400: what is no patch, and what
    /// would change a field that cannot be.
    /// </summary>
    private static (JsonArray? Operations, ApiError? Error) ReadOperations(byte[] body)
    {
        var (element, error) = RequestBody.ParseAny(body);
        if (error is not null)
        {
            return (null, ApiError.Invalid([error]));
        }

        var list = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("patch", out var inner) ? inner : element;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostOperations)
        {
            return (null, ApiError.Invalid($"the body must be an array of at most {MostOperations} patch operations"));
        }

        var operations = new JsonArray();
        foreach (var (item, i) in list.EnumerateArray().Select((item, i) => (item, i)))
        {
            if (Problem(item) is { } problem)
            {
                return (null, ApiError.Invalid($"operation {i} {problem}", $"/{i}"));
            }

            var operation = JsonNode.Parse(item.GetRawText())!.AsObject();
            if ((string)operation["op"]! == "replace" && Editable.Any(e => $"/{e.Field}" == PathOf(operation)))
            {
                operation["op"] = "add";
            }

            operations.Add(operation);
        }

        return (operations, null);
    }

    private static string? Problem(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return "must be an object";
        }

        string? op = TextOf(item, "op"), path = TextOf(item, "path"), from = TextOf(item, "from");
        return op is not ("add" or "remove" or "replace" or "move" or "copy" or "test") ? "must have an op of RFC 6902"
            : path is not { Length: > 1 } || path[0] != '/' ? "must have a path to a field"
            : op is "add" or "replace" or "test" && !item.TryGetProperty("value", out _) ? "must have a value"
            : op is "move" or "copy" && (from is not { Length: > 1 } || from[0] != '/') ? "must have a from"
            : op != "test" && !IsEditable(path) ? $"cannot change {path}"
            : op == "move" && !IsEditable(from!) ? $"cannot change {from}"
            : null;
    }

    private static bool IsEditable(string path) => Editable.Any(e => path == $"/{e.Field}" || path.StartsWith($"/{e.Field}/", StringComparison.Ordinal));

    private static string? TextOf(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? RequestError.TextOf(value) : null;

    private static string PathOf(JsonNode? operation) => (string)operation!["path"]!;
}
