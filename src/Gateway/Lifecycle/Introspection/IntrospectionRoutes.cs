using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.OAuth;
using One = TokenActors.Gateway.OAuth.Introspection;

namespace TokenActors.Gateway.Lifecycle.Introspection;

/// <summary><c>POST /lifecycle/v1/introspect</c>: many secrets in one call, by the rules of
/// <c>/oauth2/introspect</c>.</summary>
internal static class IntrospectionRoutes
{
    /// <summary>Grains that are asked at a time for one request.</summary>
    private const int AskedAtOnce = 16;

    public static void MapIntrospection(this RouteGroupBuilder lifecycle) =>
        lifecycle.MapPost("/introspect", Introspect).Needs("tokens:get").WithName("tokens_introspect").WithTags("tokens")
            .WithSummary("Introspect up to 100 secrets").TakesNoKey();

    private static async Task<Results<JsonOk<IntrospectionList>, Refusal>> Introspect(
        ApiRequest request, Body<IntrospectionQuery> body, LifecycleApi api, Introspector introspector)
    {
        var answers = new (One Said, TimeSpan? Wait)[body.Value.Tokens.Count];
        await Parallel.ForAsync(
            0, answers.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = request.Aborted },
            async (i, _) =>
                answers[i] = await introspector.Of(
                    request.Bearer, body.Value.Tokens[i], body.Value.IsRefreshToken, body.Value.Client));
        return answers.Max(answer => answer.Wait) is { } wait
            ? api.Error(ApiError.TooManyRequests(wait))
            : new JsonOk<IntrospectionList>(
                new([.. answers.Select(answer => answer.Said)]), IntrospectionJson.Wire.IntrospectionList, holdsSecret: true);
    }
}

/// <summary>Body of introspect.</summary>
/// <param name="Tokens">the secrets</param>
/// <param name="TokenTypeHint"><c>refresh_token</c> where they may be refresh secrets</param>
/// <param name="ClientIp">from where they were presented; without it no token that has addresses is active</param>
internal sealed record IntrospectionFields(IReadOnlyList<string> Tokens, string? TokenTypeHint, string? ClientIp);

/// <summary>What is asked.</summary>
/// <param name="Tokens">the secrets</param>
/// <param name="IsRefreshToken">the hint says that they may be refresh secrets</param>
/// <param name="Client">from where they were presented; null where that is not said</param>
internal sealed record IntrospectionQuery(IReadOnlyList<string> Tokens, bool IsRefreshToken, IPAddress? Client)
    : IRequestBody<IntrospectionQuery>
{
    public static Type Documented => typeof(IntrospectionFields);

    public static IntrospectionQuery? Read(JsonFields fields)
    {
        var tokens = fields.Texts("tokens", required: true, mayRepeat: true) ?? [];
        var hint = fields.Text("token_type_hint");
        var client = fields.Text("client_ip") is { } address ? ClientAddress.Of(address) : null;
        if (client is { IsReadable: false })
        {
            fields.Reject("client_ip", "must be an IP address");
        }

        fields.RefuseUnknown();

        // One that holds more than a secret is inactive: the others are other people's, and are answered all the same.
        return new([.. tokens.Select(token => token.Trim())], hint == "refresh_token", client?.Address);
    }
}

/// <summary>The answers, in the order asked.</summary>
internal sealed record IntrospectionList(IReadOnlyList<One> Items);

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(IntrospectionList))]
[JsonSerializable(typeof(IntrospectionFields))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class IntrospectionJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static IntrospectionJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly IntrospectionJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
