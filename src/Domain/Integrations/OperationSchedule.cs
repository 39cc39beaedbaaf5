using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TokenActors.Domain.Integrations;

/// <summary>One of an integration's scheduled operations.</summary>
public sealed record OperationSchedule
{
    /// <summary>The type of a frequency that is a period such as <c>4h</c>.</summary>
    public const string PeriodicType = "periodic";

    /// <summary>The type of a frequency that is a cron expression.</summary>
    public const string CronType = "cron";

    /// <summary>
    /// The same as long as the integration has the operation, whatever else of the schedule changes: it follows from
    /// the integration's id, the operation, and how many of that operation stand before.
    /// </summary>
    public required Guid Id { get; init; }

    /// <summary>Such as <c>siem_query_events</c>.</summary>
    public required string Operation { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>From one execution to the next; zero where <see cref="Cron"/> says when.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>A cron expression of five fields, in UTC; null where it runs by <see cref="Period"/>.</summary>
    public string? Cron { get; init; }

    public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>How far the first execution goes back: a time, or a while such as <c>7d</c>.</summary>
    public string? BackfillFrom { get; init; }

    /// <summary>Each execution reads everything, and not only what came since the last one.</summary>
    public bool IsFullSnapshot { get; init; }

    /// <param name="integration">whose schedules they are</param>
    /// <param name="json">an array as integrations store it; null for none</param>
    public static IReadOnlyList<OperationSchedule> Of(Guid integration, string? json)
    {
        if (json is null)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        Dictionary<string, int> seen = [];
        List<OperationSchedule> schedules = [];
        foreach (var item in document.RootElement.EnumerateArray())
        {
            var operation = item.GetProperty("operation").GetString() ?? "";
            var place = seen[operation] = seen.GetValueOrDefault(operation) + 1;
            var (period, cron) = FrequencyOf(item.GetProperty("frequency"));
            schedules.Add(new OperationSchedule
            {
                Id = IdOf(integration, operation, place),
                Operation = operation,
                Enabled = item.GetProperty("enabled").GetBoolean(),
                Period = period,
                Cron = cron,
                Filters = Texts(item, "filters"),
                BackfillFrom = Text(item, "backfill_from_time"),
                IsFullSnapshot = item.TryGetProperty("incremental_config", out var config)
                    && config.ValueKind == JsonValueKind.Object && Text(config, "mode") == "full_snapshot",
            });
        }

        return schedules;
    }

    private static (TimeSpan Period, string? Cron) FrequencyOf(JsonElement frequency)
    {
        var value = frequency.GetProperty("value").GetString() ?? "";
        return Text(frequency, "type") == CronType
            ? (TimeSpan.Zero, value)
            : (ScheduledOperation.PeriodOf(value), null);
    }

    private static Guid IdOf(Guid integration, string operation, int place) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{integration:D}/{operation}/{place}")).AsSpan(0, 16), bigEndian: true);

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ImmutableArray<string> Texts(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(text => text.GetString() ?? "")]
            : [];
}
