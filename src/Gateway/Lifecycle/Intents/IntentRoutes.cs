using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle.Tokens;
using TokenActors.Grains.Abstractions.Intents;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Intents;

/// <summary>
/// <c>/lifecycle/v1/intents</c>: a rotation or a new token that somebody wishes who must not see the secret, such as a
/// model. A bearer of the same member collects it within five minutes, and it is carried out then, with that bearer's
/// rights.
/// </summary>
internal static class IntentRoutes
{
    public static void MapIntents(this RouteGroupBuilder lifecycle)
    {
        var intents = lifecycle.MapGroup("/intents").WithTags("intents");
        intents.MapPost("", Make).Needs(null).WithName("intents_make")
            .WithSummary("Propose a change that mints a secret, for a person to collect");
        intents.MapGet("/{intentId}", Get).Needs(null).WithName("intents_get")
            .WithSummary("Read an intent");
        intents.MapPost("/{intentId}/collect", Collect).Needs(null).WithName("intents_collect")
            .WithSummary("Carry out an intent and get its secret, once").Also(StatusCodes.Status410Gone);
    }

    /// <summary>
    /// Decided now, so that what would be refused is refused at once; carried out when it is collected.
    /// </summary>
    private static async Task<Results<JsonCreated<IntentWire>, Refusal>> Make(
        ApiRequest request, Body<IntentRequest> body, LifecycleApi api, IntentRunner runner, IGrainFactory grains,
        McpResource resource, TimeProvider time)
    {
        var wanted = body.Value;
        if (await runner.Check(request, wanted) is { } refusal)
        {
            return refusal;
        }

        var frozen = FrozenToken.Of(request, wanted, api, resource.Of(request.Http));
        if (!frozen.IsSuccess)
        {
            return frozen.Refusal;
        }

        var stored = wanted.Deadline is { } deadline
            ? new JsonObject { ["deadline"] = deadline.ToString("O", CultureInfo.InvariantCulture) }
            : frozen.Value;
        MakeIntent command = new()
        {
            Context = request.NewCommand(),
            Command = wanted.Command,
            Subject = wanted.Subject,
            Body = stored.ToJsonString(JsonSerializerOptions.Default),
        };
        if (IntentRequest.OfStored(command.Command, command.Subject, command.Body) is null)
        {
            return api.Error(ApiError.Forbidden("the bearer reaches nothing that the token could be for"));
        }

        var id = request.Idempotent?.DerivedIdFor("intent") ?? Guid.CreateVersion7(time.GetUtcNow());
        var answer = await request.Command(() => Grain(grains, id).Make(command));
        return answer.Intent is { } intent
            ? new JsonCreated<IntentWire>(IntentWire.From(intent, time.GetUtcNow()), IntentWireJson.Wire.IntentWire)
            : api.Error(ErrorOf(answer));
    }

    private static async Task<Results<JsonOk<IntentWire>, Refusal>> Get(
        ApiRequest request, string intentId, LifecycleApi api, IGrainFactory grains, TimeProvider time)
    {
        var answer = await Read(request, grains, intentId);
        return answer.Intent is { } intent
            ? new JsonOk<IntentWire>(IntentWire.From(intent, time.GetUtcNow()), IntentWireJson.Wire.IntentWire)
            : api.Error(ErrorOf(answer));
    }

    /// <summary>
    /// Carries it out, once. What would be refused is refused before the intent is taken, and leaves it open. The
    /// answer is given again for ten minutes to the same bearer under the same key.
    /// </summary>
    private static async Task<Results<JsonOk<LifecycleToken>, JsonCreated<LifecycleToken>, Refusal>> Collect(
        ApiRequest request, string intentId, LifecycleApi api, IntentRunner runner, TokenGrains tokens,
        IGrainFactory grains,
        TimeProvider time)
    {
        if (request.Bearer.Token.Profile == TokenProfile.Mcp.Name)
        {
            return api.Error(ApiError.Forbidden("an MCP token collects nothing: its secret would reach a model"));
        }

        var read = await Read(request, grains, intentId);
        if (read.Intent is not { } intent)
        {
            return api.Error(ErrorOf(read));
        }

        if (IntentRequest.OfStored(intent.Command, intent.Subject, intent.Body) is not { } wanted)
        {
            return api.Error(ErrorOf(new IntentAnswer { Refusal = IntentRefusal.Over }));
        }

        var isOpen = IntentWire.From(intent, time.GetUtcNow()).State == IntentWire.Open;
        if (isOpen && !await IsLive(tokens[intent.TokenId], request, time))
        {
            return api.Error(ErrorOf(new IntentAnswer { Refusal = IntentRefusal.Over }));
        }

        if (isOpen && wanted.Subject == request.Bearer.Caller.TokenId)
        {
            return api.Error(new(
                StatusCodes.Status409Conflict, ApiErrorKind.Conflict,
                "a bearer does not collect a rotation of its own token: it could be refused before it has the answer; "
                + "use another one, or sign in"));
        }

        if (isOpen && await runner.Check(request, wanted) is { } refusal)
        {
            return refusal;
        }

        CollectIntent command = new()
        {
            Context = request.NewCommand(),

            // Without a key nobody can ask again.
            Key = request.Idempotent?.Name ?? RandomNumberGenerator.GetBytes(32),
        };
        var taken = await request.Command(() => Grain(grains, intent.Id).Collect(command));
        if (taken.Intent is null)
        {
            return api.Error(ErrorOf(taken));
        }

        // It is taken: whoever hangs up now finds it done.
        request.Http.RequestAborted = CancellationToken.None;
        return RequestParts.Unwrap(await runner.Run(request, wanted)) switch
        {
            JsonOk<LifecycleToken> rotated => rotated,
            JsonCreated<LifecycleToken> made => made,
            Refusal refused => refused,
            var other => throw new InvalidOperationException($"an intent came to {other}"),
        };
    }

    /// <summary>Who revokes an assistant's token ends what it wished for, too.</summary>
    private static async Task<bool> IsLive(IRefreshTokenGrain wisher, ApiRequest request, TimeProvider time) =>
        await wisher.Get(request.Bearer.OrganizationId, request.Aborted) is { Refusal: null, Token: { Enabled: true } token }
        && token.ExpiresAt > time.GetUtcNow();

    private static async Task<IntentAnswer> Read(ApiRequest request, IGrainFactory grains, string intentId) =>
        Guid.TryParseExact(intentId, "D", out var id)
            ? await Grain(grains, id).Get(request.NewCommand())
            : new IntentAnswer { Refusal = IntentRefusal.NotFound };

    private static IIntentGrain Grain(IGrainFactory grains, Guid id) => grains.GetGrain<IIntentGrain>(id.ToString());

    private static ApiError ErrorOf(IntentAnswer answer) => answer.Refusal switch
    {
        IntentRefusal.Over => new(
            StatusCodes.Status410Gone, ApiErrorKind.Conflict,
            "the intent was collected already, or lapsed; have another one made"),
        IntentRefusal.TooMany => new(
            StatusCodes.Status409Conflict, ApiErrorKind.Conflict,
            "the organization has as many open intents as it may; collect some, or wait"),
        IntentRefusal.IdTaken => new(
            StatusCodes.Status409Conflict, ApiErrorKind.KeyReused, "the idempotency key was used for another request"),
        IntentRefusal.UpgradePending => new(
            StatusCodes.Status409Conflict, ApiErrorKind.Conflict,
            "a silo of an older release is running, which could not hold an intent"),
        _ => new(StatusCodes.Status404NotFound, ApiErrorKind.NotFound, "there is no such intent"),
    };
}
