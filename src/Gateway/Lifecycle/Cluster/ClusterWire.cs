using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Cluster;

namespace TokenActors.Gateway.Lifecycle.Cluster;

/// <summary>The service as it runs.</summary>
/// <param name="Schema">the database's</param>
/// <param name="Silos">those that are not dead</param>
/// <param name="Gateways">those that were heard of in the last minute</param>
internal sealed record ClusterWire(
    SchemaWire Schema, IReadOnlyList<SiloWire> Silos, IReadOnlyList<GatewayWire> Gateways)
{
    public static ClusterWire From(ClusterReport report, DateTimeOffset now) => new(
        new(report.Schema, report.OldestProgram),
        [.. report.Silos.Select(silo => SiloWire.From(silo, now))],
        [.. report.Gateways.Select(gateway => GatewayWire.From(gateway, now))]);
}

/// <summary>The schema of the database.</summary>
/// <param name="Version">its newest migration</param>
/// <param name="OldestProgram">programs whose newest migration is below this one do not start</param>
internal sealed record SchemaWire(int Version, int OldestProgram);

/// <summary>A silo. What is absent it did not say in time.</summary>
internal sealed record SiloWire
{
    /// <summary>Address, port and start.</summary>
    public required string Address { get; init; }

    /// <summary><c>joining</c>, <c>active</c>, <c>stopping</c> or <c>unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>It answered within three seconds.</summary>
    public required bool Answered { get; init; }

    /// <summary>Of its program.</summary>
    public string? Version { get; init; }

    /// <summary>The newest migration that its program knows.</summary>
    public int? Schema { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long ago that was.</summary>
    public long? UptimeSeconds { get; init; }

    /// <summary>It may answer and store.</summary>
    public bool? HoldsLease { get; init; }

    /// <summary>Since it last renewed its lease; absent for a silo that serves alone.</summary>
    public double? LeaseAgeMs { get; init; }

    /// <summary>Grains in its memory.</summary>
    public int? Activations { get; init; }

    /// <summary>Groups of commits of the last five minutes, with their transactions.</summary>
    public DurationsWire? Commits { get; init; }

    /// <summary>How late reminders ticked in the last five minutes.</summary>
    public DurationsWire? ReminderLag { get; init; }

    /// <summary>Ids of the peppers that it holds; new digests are made under the first.</summary>
    public IReadOnlyList<string>? Peppers { get; init; }

    public static SiloWire From(SiloReport report, DateTimeOffset now) => new()
    {
        Address = report.Address,
        Status = report.Status,
        Answered = report.Details is not null,
        Version = report.Details?.Version,
        Schema = report.Details?.Schema,
        StartedAt = report.Details?.StartedAt,
        UptimeSeconds = report.Details is { } details ? UptimeOf(details.StartedAt, now) : null,
        HoldsLease = report.Details?.HoldsLease,
        LeaseAgeMs = report.Details?.LeaseAge?.TotalMilliseconds,
        Activations = report.Activations,
        Commits = DurationsWire.From(report.Details?.Commits),
        ReminderLag = DurationsWire.From(report.Details?.ReminderLag),
        Peppers = report.Details?.Peppers,
    };

    /// <summary>Clocks of machines differ: a start is never ahead.</summary>
    public static long UptimeOf(DateTimeOffset startedAt, DateTimeOffset now) =>
        Math.Max(0, (long)(now - startedAt).TotalSeconds);
}

/// <summary>Durations at a glance.</summary>
/// <param name="Count">how many, at most 512</param>
/// <param name="MedianMs">the one in the middle</param>
/// <param name="LongestMs">the longest</param>
internal sealed record DurationsWire(int Count, double MedianMs, double LongestMs)
{
    public static DurationsWire? From(DurationsView? view) =>
        view is null ? null : new(view.Count, view.Median.TotalMilliseconds, view.Longest.TotalMilliseconds);
}

/// <summary>A gateway.</summary>
/// <param name="Name">machine and process</param>
/// <param name="Version">of its program</param>
/// <param name="Embedded">a silo is in its process</param>
/// <param name="StartedAt">when it started</param>
/// <param name="UptimeSeconds">how long ago that was</param>
/// <param name="SeenAt">when it was last heard of</param>
internal sealed record GatewayWire(
    string Name, string Version, bool Embedded, DateTimeOffset StartedAt, long UptimeSeconds, DateTimeOffset SeenAt)
{
    public static GatewayWire From(GatewayReport report, DateTimeOffset now) => new(
        report.Note.Name, report.Note.Version, report.Note.IsEmbedded, report.Note.StartedAt,
        SiloWire.UptimeOf(report.Note.StartedAt, now), report.SeenAt);
}

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(ClusterWire))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ClusterJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static ClusterJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly ClusterJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
