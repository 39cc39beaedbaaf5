using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Usage;

namespace TokenActors.Gateway.Lifecycle.Overview;

/// <summary><c>GET /lifecycle/v1/overview</c>: an organization's tokens at a glance.</summary>
internal static class OverviewRoutes
{
    public static void MapOverview(this RouteGroupBuilder lifecycle) =>
        lifecycle.MapGet("/overview", Get).Needs("tokens:list").WithMetadata(new WholeGrant())
            .WithName("overview_get").WithTags("tokens")
            .WithSummary("Count the tokens of the organization by state, kind and end");

    private static async Task<Results<JsonOk<OverviewWire>, Refusal>> Get(ApiRequest request, IGrainFactory grains)
    {
        var overview = await grains.GetGrain<ITokenOverviewGrain>(request.Bearer.Organization).Get(request.Aborted);
        return new JsonOk<OverviewWire>(OverviewWire.From(overview), OverviewJson.Wire.OverviewWire);
    }
}

/// <summary>Tokens of the organization that are not deleted.</summary>
/// <param name="At">when they were counted</param>
/// <param name="Tokens">how many</param>
/// <param name="Kinds">how many of each kind</param>
/// <param name="States">how many are <c>active</c>, <c>disabled</c> and <c>expired</c></param>
/// <param name="EndsWithinDay">of them, those whose life ends within 24 hours</param>
/// <param name="EndsWithinWeek">within 7 days</param>
/// <param name="EndsWithinMonth">within 30 days</param>
/// <param name="Unused">those made more than 90 days ago and not used since</param>
/// <param name="WithSecondary">those whose former pair is still kept</param>
/// <param name="Complete">false: there are more than were counted</param>
internal sealed record OverviewWire(
    DateTimeOffset At, int Tokens, IReadOnlyDictionary<string, int> Kinds, IReadOnlyDictionary<string, int> States,
    [property: JsonPropertyName("ends_within_24h")] int EndsWithinDay,
    [property: JsonPropertyName("ends_within_7d")] int EndsWithinWeek,
    [property: JsonPropertyName("ends_within_30d")] int EndsWithinMonth,
    [property: JsonPropertyName("unused_90d")] int Unused, int WithSecondary, bool Complete)
{
    public static OverviewWire From(TokenOverview overview) => new(
        overview.At,
        overview.Kinds.Sum(kind => kind.Count),
        overview.Kinds.ToDictionary(kind => kind.Kind, kind => kind.Count),
        overview.States.ToDictionary(state => state.Kind, state => state.Count),
        overview.EndsWithinDay,
        overview.EndsWithinWeek,
        overview.EndsWithinMonth,
        overview.Unused,
        overview.WithSecondary,
        !overview.IsCut);
}

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(OverviewWire))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class OverviewJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static OverviewJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly OverviewJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
