using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Time;

namespace TokenActors.Grains.Abstractions.Cluster;

/// <summary>A gateway process, as it says itself.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.GatewayNote")]
public sealed record GatewayNote
{
    /// <summary>Machine and process.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Of its program.</summary>
    [Id(1)] public required string Version { get; init; }

    /// <summary>When it started.</summary>
    [Id(2)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>A silo is in its process.</summary>
    [Id(3)] public bool IsEmbedded { get; init; }
}

/// <summary>A gateway that was heard of lately.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.GatewayReport")]
public sealed record GatewayReport
{
    /// <summary>What it said.</summary>
    [Id(0)] public required GatewayNote Note { get; init; }

    /// <summary>When it said so last.</summary>
    [Id(1)] public required DateTimeOffset SeenAt { get; init; }
}

/// <summary>Durations at a glance; see <see cref="TimesSummary"/>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.DurationsView")]
public sealed record DurationsView
{
    /// <summary>How many there were; no more than are kept.</summary>
    [Id(0)] public required int Count { get; init; }

    /// <summary>The one in the middle.</summary>
    [Id(1)] public required TimeSpan Median { get; init; }

    /// <summary>The longest.</summary>
    [Id(2)] public required TimeSpan Longest { get; init; }

    /// <summary>As a contract.</summary>
    public static DurationsView From(TimesSummary summary) =>
        new() { Count = summary.Count, Median = summary.Median, Longest = summary.Longest };
}

/// <summary>What a silo says of itself.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.SiloDetails")]
public sealed record SiloDetails
{
    /// <summary>Of its program.</summary>
    [Id(0)] public required string Version { get; init; }

    /// <summary>The newest migration that its program knows.</summary>
    [Id(1)] public required int Schema { get; init; }

    /// <summary>When it started.</summary>
    [Id(2)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Since it last renewed its lease; null where its lease needs no renewal.</summary>
    [Id(3)] public TimeSpan? LeaseAge { get; init; }

    /// <summary>It may answer.</summary>
    [Id(4)] public required bool HoldsLease { get; init; }

    /// <summary>Its groups of commits of the last five minutes.</summary>
    [Id(5)] public required DurationsView Commits { get; init; }

    /// <summary>How late its reminders ticked in the last five minutes.</summary>
    [Id(6)] public required DurationsView ReminderLag { get; init; }

    /// <summary>Ids of the peppers that it holds; new digests are made under the first.</summary>
    [Id(7)] public required ImmutableArray<string> Peppers { get; init; }
}

/// <summary>A silo of the cluster.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.SiloReport")]
public sealed record SiloReport
{
    /// <summary>Address, port and start, as the cluster names it.</summary>
    [Id(0)] public required string Address { get; init; }

    /// <summary>As the cluster's membership has it: <c>joining</c>, <c>active</c>, <c>stopping</c>, ...</summary>
    [Id(1)] public required string Status { get; init; }

    /// <summary>What it says; null where it did not answer in time, or is of a release before.</summary>
    [Id(2)] public SiloDetails? Details { get; init; }

    /// <summary>Grains in its memory; null where it did not answer in time.</summary>
    [Id(3)] public int? Activations { get; init; }
}

/// <summary>The service as it runs.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ClusterReport")]
public sealed record ClusterReport
{
    /// <summary>Those that are not dead, by address.</summary>
    [Id(0)] public required ImmutableArray<SiloReport> Silos { get; init; }

    /// <summary>Those that were heard of in the last minute, by name.</summary>
    [Id(1)] public required ImmutableArray<GatewayReport> Gateways { get; init; }

    /// <summary>The newest migration of the database.</summary>
    [Id(2)] public required int Schema { get; init; }

    /// <summary>The oldest program that may start on it, by its newest migration.</summary>
    [Id(3)] public required int OldestProgram { get; init; }
}

/// <summary>
/// Says what the service runs on. One for the service, by custom <c>0</c>; what it knows of gateways is in memory and
/// comes again within half a minute.
/// </summary>
[Alias("TokenActors.IClusterGrain")]
public interface IClusterGrain : IGrainWithStringKey
{
    /// <summary>Silos, gateways and the schema.</summary>
    [AlwaysInterleave]
    [Alias("Report")]
    Task<ClusterReport> Report(CancellationToken cancellationToken = default);

    /// <summary>A gateway says that it runs; each does so every 20 seconds.</summary>
    [AlwaysInterleave]
    [Alias("Announce")]
    Task Announce(GatewayNote gateway);
}
