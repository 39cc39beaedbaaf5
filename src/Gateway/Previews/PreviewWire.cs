using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Previews;

namespace TokenActors.Gateway.Previews;

/// <summary>What a call would do.</summary>
/// <param name="DryRun">true</param>
/// <param name="WouldChange">false: everything is already as the call wants it</param>
/// <param name="Status">the HTTP status that the call would be answered with</param>
/// <param name="Change">what would happen, as the audit trail names it, such as <c>member.deleted</c></param>
/// <param name="Subject">what it would happen to</param>
/// <param name="Affected">the tokens that hang on the subject, whether the change ends them or not</param>
/// <param name="EndsFormer">of a rotation: the former pair that would end at once; null where there is none</param>
internal sealed record PreviewWire(
    bool DryRun, bool WouldChange, int Status, string? Change, PreviewSubjectWire? Subject, AffectedWire? Affected,
    FormerPairWire? EndsFormer = null)
{
    /// <summary>A token has one former pair: a rotation makes its pair that, and ends the one before.</summary>
    private const string Rotated = "token.rotated";

    public static PreviewWire OfNothing(int status) => new(true, false, status, null, null, null);

    public static PreviewWire Of(PreviewedException what, int status, AffectedTokens affected) => new(
        true, true, status, what.Change, new(what.Kind, what.Id), AffectedWire.From(affected),
        what.Change == Rotated && affected.FormerEndsAt is { } end ? new(end) : null);
}

/// <summary>A pair that was replaced and is still accepted.</summary>
/// <param name="EndsAt">until when, if nothing is changed</param>
internal sealed record FormerPairWire(DateTimeOffset EndsAt);

/// <summary>What would be changed; a thing that would be made has an id that it will not have.</summary>
internal sealed record PreviewSubjectWire(string Kind, string Id);

/// <summary>Tokens that are not deleted.</summary>
/// <param name="Tokens">how many</param>
/// <param name="Kinds">how many of each kind</param>
/// <param name="UsedLastDay">of them, used within the last 24 hours</param>
/// <param name="Descendants">of them, made with another token</param>
/// <param name="Members">members that a role is bound to</param>
/// <param name="Staying">not among them: made with it or behind it, and belonging to something else</param>
/// <param name="Complete">false: there are more than were counted</param>
internal sealed record AffectedWire(
    int Tokens, IReadOnlyDictionary<string, int> Kinds, [property: JsonPropertyName("used_last_24h")] int UsedLastDay,
    int Descendants, int Members, int Staying, bool Complete)
{
    public static AffectedWire From(AffectedTokens affected) => new(
        affected.Kinds.Sum(kind => kind.Count),
        affected.Kinds.ToDictionary(kind => kind.Kind, kind => kind.Count),
        affected.UsedLastDay,
        affected.Descendants,
        affected.Members,
        affected.Staying,
        !affected.IsCut);
}

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(PreviewWire))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class PreviewJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static PreviewJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly PreviewJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
