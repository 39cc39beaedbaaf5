using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Usage;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary><c>GET /lifecycle/v1/tokens/{id}/usage</c>: how often a token was used, and from where.</summary>
internal static class TokenUsageRoute
{
    private const int MostDays = 35;
    private const int DefaultDays = 7;

    public static void MapTokenUsage(this RouteGroupBuilder tokens) =>
        tokens.MapGet("/{tokenId}/usage", Usage).Needs("tokens:get").WithName("lifecycle_tokens_usage")
            .WithSummary("Read how often a token was accepted and refused, by hour")
            .Asks("days", JsonSchemaType.Integer, $"1 to {MostDays}, by default {DefaultDays}");

    private static async Task<Results<JsonOk<TokenUsageWire>, Refusal>> Usage(
        ApiRequest request, string tokenId, LifecycleApi api, IGrainFactory grains, TimeProvider time)
    {
        if (DaysOf(request.Http.Request.Query) is not { } days)
        {
            return api.Error(ApiError.Invalid(
                [new RequestError("days", "query", $"must be a whole number from 1 to {MostDays}, given once")]));
        }

        if (await TokenRoutes.Find(request, grains, tokenId) is not { } token)
        {
            return api.Error(ApiError.NotFound);
        }

        var now = time.GetUtcNow();
        var from = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerHour)).AddDays(-days).AddHours(1);
        var view = await grains.GetGrain<ITokenUsageGrain>("0").Of(token.Id, from, request.Aborted);
        return new JsonOk<TokenUsageWire>(
            TokenUsageWire.Of(token.Id.ToString(), view, from, now), LifecycleTokenJson.Wire.TokenUsageWire);
    }

    private static int? DaysOf(IQueryCollection query) => query["days"] switch
    {
        [] => DefaultDays,
        [{ } text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days)
            && days is >= 1 and <= MostDays => days,
        _ => null,
    };
}
