using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// <c>PATCH /api/v2/tokens/{id}</c>: a JSON Patch (RFC 6902), bare or as <c>{comment, patch}</c>, applied to the token
/// as clients see it. It may change name, description, role, customRoleIds and inlineRole. The outcome is stored only
/// on the version that it was made from.
/// </summary>
internal static class AccessTokenPatching
{
    private const int MostAttempts = 4;
    private const int MostOperations = 100;

    private static readonly (string Field, string Action)[] Editable =
    [
        ("name", AccessTokenActions.UpdateName), ("description", AccessTokenActions.UpdateDescription), (
            "role", AccessTokenActions.UpdateRole),
        ("customRoleIds", AccessTokenActions.UpdateCustomRoles), ("inlineRole", AccessTokenActions.UpdateInlineRole),
    ];

    private static readonly string[] Fields = [.. Editable.Select(e => e.Field)];

    private static readonly string[] Lists = ["customRoleIds", "inlineRole"];

    public static async Task<Results<JsonOk<AccessTokenWire>, Refusal>> Patch(
        ApiRequest request, LaunchDarklyApi api, IGrainFactory grains)
    {
        if (!TryReadOperations(await request.Body(), out var operations, out var problem))
        {
            return api.Error(problem);
        }

        var rights = new AccessTokenRights(request.Bearer);
        for (var attempt = 1; ; attempt++)
        {
            var token = await AccessTokenEndpoints.Find(request, api, grains, rights, action: null);
            if (!token.IsSuccess)
            {
                return token.Refusal;
            }

            if (!TryApply(token.Value, operations, rights, out var details, out var mistake))
            {
                return api.Error(mistake);
            }

            if (AccessTokenEndpoints.Inherited(request.Bearer, details) is not { } resources)
            {
                return api.Error(ApiError.Of(TokenRefusal.BeyondGrant));
            }

            var command = ToCommand(
                request, token.Value, details, resources, BoundedPatch.Changes(operations, "customRoleIds"));
            var answer = await request.Command(() => AccessTokenEndpoints.Grain(grains, token.Value.Id).Edit(command));
            if (answer.Refusal != TokenRefusal.ChangedMeanwhile || attempt == MostAttempts)
            {
                return api.Answer(request, answer, minted: null, (view, secrets) => LaunchDarklyApi.Ok(view, secrets));
            }
        }
    }

    /// <summary>
    /// What the token is to be. Roles and actions are given only where they change or are named, since giving them asks
    /// for the right to.
    /// </summary>
    private static EditToken ToCommand(
        ApiRequest request, TokenView token, AccessTokenDetails details, Resources resources, bool givesRoles)
    {
        var rightsChange = givesRoles || !SameRights(AccessTokenDetails.Of(token), details);
        return new EditToken
        {
            Context = request.NewCommand(),
            FullName = details.Name ?? "",
            Claims = details.ToClaims(),
            Roles = rightsChange && details.Actions is null
                ? [.. (details.CustomRoleIds ?? []).Select(name => PresentRoles.BoundAs(token, name))]
                : (ImmutableArray<string>?)null,
            Actions = rightsChange && details.Actions is { } actions ? [.. actions.Names()] : (ImmutableArray<string>?)null,
            Resources = resources,
            ExpectedVersion = token.Version,
            Secrets = SecretMint.Mint(TokenProfile.AccessToken, token.Id).ToMinted(),
        };
    }

    /// <summary>Applies the patch to the token as it is shown.</summary>
    /// <param name="token">as it is</param>
    /// <param name="operations">checked for form</param>
    /// <param name="rights">of the bearer, who needs one for each field that changes</param>
    /// <param name="details">what the token is to be</param>
    /// <param name="error">why it cannot be that</param>
    private static bool TryApply(
        TokenView token, IReadOnlyList<JsonObject> operations, AccessTokenRights rights,
        [NotNullWhen(true)] out AccessTokenDetails? details, [NotNullWhen(false)] out ApiError? error)
    {
        details = null;
        var shown = Shown(token, operations);
        var before = shown.DeepClone().AsObject();
        var patch = new BoundedPatch(shown, Fields);
        foreach (var operation in operations)
        {
            if (patch.Apply(operation) is { } problem)
            {
                error = new ApiError(
                    StatusCodes.Status422UnprocessableEntity, ApiErrorKind.PatchFailed,
                    $"the patch does not apply: {problem}");
                return false;
            }
        }

        error = ProblemWith(before, shown, token, rights);
        if (error is not null)
        {
            return false;
        }

        if (patch.Outcome() is not { } outcome)
        {
            error = ApiError.Invalid("the patch makes an object that lies too deep");
            return false;
        }

        var fields = new JsonFields("", outcome, []);
        if (AccessTokenDetails.Read(fields) is not { } read)
        {
            error = ApiError.Invalid(fields.Errors);
            return false;
        }

        if (!rights.MayGive(read) && !SameRights(AccessTokenDetails.Of(token), read))
        {
            error = ApiError.Of(TokenRefusal.BeyondGrant);
            return false;
        }

        details = read;
        return true;
    }

    /// <summary>
    /// The token as its clients see it. An empty list is as good as none, so that taking it away fails; adding to it
    /// does not.
    /// </summary>
    private static JsonObject Shown(TokenView token, IReadOnlyList<JsonObject> operations)
    {
        var shown = JsonSerializer.SerializeToNode(AccessTokenWire.From(token, null), LaunchDarklyJson.Wire.AccessTokenWire) as JsonObject ?? [];
        foreach (var list in Lists.Where(list => shown[list] is JsonArray { Count: 0 }))
        {
            if (!operations.Any(
                operation => TextOf(operation, "path").StartsWith($"/{list}/", StringComparison.Ordinal)))
            {
                shown.Remove(list);
            }
        }

        return shown;
    }

    /// <summary>What is wrong with a change of the token as it is shown; null where nothing is.</summary>
    private static ApiError? ProblemWith(JsonObject before, JsonObject after, TokenView token, AccessTokenRights rights)
    {
        var changed = before.Concat(after).Select(p => p.Key).Distinct()
            .Where(key => !JsonNode.DeepEquals(before[key], after[key])).ToList();
        if (changed.FirstOrDefault(field => Editable.All(e => e.Field != field)) is { } fixedField)
        {
            return ApiError.Invalid($"{fixedField} cannot be changed", "/" + fixedField);
        }

        if (Editable.FirstOrDefault(e => changed.Contains(e.Field) && !rights.May(e.Action, token)) is { Action: { } missing })
        {
            return ApiError.Forbidden($"the bearer may not {missing} on this token");
        }

        return after["role"] is null && after["customRoleIds"] is not JsonArray { Count: > 0 }
            && after["inlineRole"] is not JsonArray { Count: > 0 }
            ? ApiError.Invalid("a role, custom roles or an inline role must be left", "/role")
            : null;
    }

    private static bool SameRights(AccessTokenDetails one, AccessTokenDetails other) =>
        one.Role == other.Role && Equals(one.Policy, other.Policy)
            && (one.CustomRoleIds ?? []).SequenceEqual(other.CustomRoleIds ?? []);

    /// <summary>
    /// The operations, checked for form; replacing a field that may be absent is adding it. Refused with 400: what is
    /// no patch, and what would change a field that cannot be.
    /// </summary>
    private static bool TryReadOperations(
        byte[] body, [NotNullWhen(true)] out IReadOnlyList<JsonObject>? operations, [NotNullWhen(false)] out ApiError? error)
    {
        operations = null;
        if (!RequestBody.TryParseAny(body, out var element, out var mistake))
        {
            error = ApiError.Invalid([mistake]);
            return false;
        }

        var list = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("patch", out var inner)
            ? inner
            : element;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostOperations)
        {
            error = ApiError.Invalid($"the body must be an array of at most {MostOperations} patch operations");
            return false;
        }

        List<JsonObject> read = [];
        foreach (var (i, item) in list.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.Object || JsonObject.Create(item) is not { } operation)
            {
                error = ApiError.Invalid($"operation {i} must be an object", $"/{i}");
                return false;
            }

            if (Problem(operation) is { } problem)
            {
                error = ApiError.Invalid($"operation {i} {problem}", $"/{i}");
                return false;
            }

            if (TextOf(operation, "op") == "replace" && Editable.Any(e => $"/{e.Field}" == TextOf(operation, "path")))
            {
                operation["op"] = "add";
            }

            read.Add(operation);
        }

        (operations, error) = (read, null);
        return true;
    }

    private static string? Problem(JsonObject operation)
    {
        string op = TextOf(operation, "op"), path = TextOf(operation, "path"), from = TextOf(operation, "from");
        return (op, path, from) switch
        {
            (not ("add" or "remove" or "replace" or "move" or "copy" or "test"), _, _) => "must have an op of RFC 6902",
            (_, not ['/', _, ..], _) => "must have a path to a field",
            ("add" or "replace" or "test", _, _) when !operation.ContainsKey("value") => "must have a value",
            ("move" or "copy", _, not ['/', _, ..]) => "must have a from",
            (not "test", _, _) when !IsEditable(path) => $"cannot change {path}",
            ("move", _, _) when !IsEditable(from) => $"cannot change {from}",
            _ => null,
        };
    }

    private static bool IsEditable(string path) =>
        Editable.Any(e => path == $"/{e.Field}" || path.StartsWith($"/{e.Field}/", StringComparison.Ordinal));

    /// <summary>A field of an operation; empty where it is absent, or no text that can be stored.</summary>
    private static string TextOf(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            && RequestError.TextOf(value.GetValue<JsonElement>()) is { } text
            ? text
            : "";
}
