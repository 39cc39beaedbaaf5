using System.Collections.Immutable;
using TokenActors.Domain.Identity;

namespace TokenActors.Grains.Foundation;

/// <summary>How many rows there may be of something.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.Quota")]
internal sealed record Quota
{
    /// <summary>The kinds that are counted together.</summary>
    [Id(0)] public required ImmutableArray<string> Kinds { get; init; }

    /// <summary>Whose rows.</summary>
    [Id(1)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Only rows of this member; null for all.</summary>
    [Id(2)] public string? MemberId { get; init; }

    /// <summary>Only rows whose state has one of these words as <c>status</c>; empty for all.</summary>
    [Id(3)] public ImmutableArray<string> Statuses { get; init; } = [];

    /// <summary>As many as there may be.</summary>
    [Id(4)] public required int Most { get; init; }

    /// <summary>Only rows of this listing of a facade; null for named rows.</summary>
    [Id(5)] public string? Listing { get; init; }

    /// <summary>The grain that gives its places.</summary>
    public string Key => string.Join(
        '/', [OrganizationId.ToString(), MemberId ?? "", .. Kinds, .. Listing is { } listing ? [listing] : (string[])[]]);
}

/// <summary>
/// Gives the places of one <see cref="Quota"/>, one caller after the other, so that two who ask at the same time do not
/// both get the last.
/// </summary>
[Alias("TokenActors.IQuotaGrain")]
internal interface IQuotaGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes a place for a row that is about to be written; false where there is none. It is held for a minute, or
    /// until it is released. A row that is there already needs none: it was written, and the answer was lost.
    /// </summary>
    [Alias("Take")]
    Task<bool> Take(string place, Quota quota);

    /// <summary>The row is written, or will not be.</summary>
    [Alias("Release")]
    Task Release(string place);
}

/// <summary>How grains take places.</summary>
internal static class QuotaPlaces
{
    /// <inheritdoc cref="IQuotaGrain.Take"/>
    public static Task<bool> Take(this IGrainFactory grains, Quota quota, string place) =>
        grains.GetGrain<IQuotaGrain>(quota.Key).Take(place, quota);

    /// <inheritdoc cref="IQuotaGrain.Release"/>
    public static Task Release(this IGrainFactory grains, Quota quota, string place) =>
        grains.GetGrain<IQuotaGrain>(quota.Key).Release(place);
}

/// <summary>The place that an activation took for its row, until the row is made, or the activation leaves
/// without.</summary>
internal sealed class HeldPlace
{
    private (Quota Quota, string Place)? _held;

    public async Task<bool> Take(IGrainFactory grains, Quota quota, string place)
    {
        var isTaken = await grains.Take(quota, place);
        _held = isTaken ? (quota, place) : null;
        return isTaken;
    }

    public Task Release(IGrainFactory grains)
    {
        (var held, _held) = (_held, null);
        return held is var (quota, place) ? grains.Release(quota, place) : Task.CompletedTask;
    }
}
