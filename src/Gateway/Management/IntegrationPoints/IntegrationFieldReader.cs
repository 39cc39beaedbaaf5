using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Integrations;
using TokenActors.Domain.Time;
using TokenActors.Gateway.Http;
using TokenActors.Hosting.Jobs;

namespace TokenActors.Gateway.Management.IntegrationPoints;

/// <summary>Parts that integrations and integration points share: checked for form, kept as they were given.</summary>
internal static class IntegrationFieldReader
{
    private static readonly string[] DataTypes = ["string", "number", "datetime", "boolean", "array", "any"];
    private static readonly string[] Actions = ["query", "read", "create", "update", "delete", "patch"];
    private static readonly string[] Resources =
    [
        "alerts", "applications", "audit_logs", "comments", "devices", "events", "evidence", "findings", "groups",
        "investigations", "iocs",
        "log_providers", "posture_scores", "projects", "scans", "scan_activities", "threats", "tickets", "users",
        "compliance",
        "cloudresourceinventory",
    ];

    private static readonly string[] MappingTypes = ["recommended", "optional", "fixed"];

    public static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);

    /// <summary>Chains of mappings, <c>{mapping_id}:{version}</c> each; a template's also name providers.</summary>
    public static string? Mappings(JsonFields fields, bool isTemplate) => Items(fields, "mappings", item =>
    {
        item.Texts("mappings", required: true);
        item.Texts("operation_ids", required: true);
        Providers(item, isTemplate);
    });

    public static string? AdditionalMappings(JsonFields fields, bool isTemplate) =>
        Items(fields, "additional_mappings", item =>
    {
        OneOf(item, "resource", Resources, required: true);
        OneOf(item, "data_type", DataTypes, required: true);
        item.Text("source", required: true);
        item.Text("destination", required: true);
        item.Flag("literal");
        if (item.Texts("actions", required: true)?.Any(action => !Actions.Contains(action)) == true)
        {
            item.Reject("actions", $"must hold some of {string.Join(", ", Actions)}");
        }

        Providers(item, isTemplate);
        if (isTemplate)
        {
            OneOf(item, "mapping_type", MappingTypes, required: false);
        }
    });

    /// <param name="fields">of the integration or the point</param>
    /// <param name="connector">the category whose operations there are; null where it is wrong itself</param>
    public static string? ScheduledOperations(JsonFields fields, string? connector) => Items(fields, "scheduled_operations", item =>
    {
        if (item.Text("operation", required: true) is { } operation)
        {
            Operation(item, operation, connector);
        }

        if (item.Flag("enabled") is null)
        {
            item.Reject("enabled", "is required");
        }

        if (item.Object("frequency", required: true) is { } frequency)
        {
            Frequency(frequency);
        }

        item.Texts("filters", allowEmpty: true);
        if (item.Text("backfill_from_time") is { } backfill && !Rfc3339.TryParse(backfill, out _)
            && ScheduledOperation.ProblemWithBackfill(backfill) is { } wrong)
        {
            item.Reject("backfill_from_time", wrong);
        }

        if (item.Object("incremental_config") is { } incremental)
        {
            OneOf(incremental, "mode", ["incremental", "full_snapshot"], required: true);
            incremental.Text("time_filter_field");
            incremental.RefuseUnknown();
        }
    });

    private static void Operation(JsonFields item, string operation, string? connector)
    {
        if (!ScheduledOperation.Ids.Contains(operation))
        {
            item.Reject("operation", "is no operation that can be scheduled");
        }
        else if (connector is not null && !operation.StartsWith($"{connector}_", StringComparison.Ordinal))
        {
            item.Reject("operation", $"is no operation of {connector}");
        }
    }

    private static void Frequency(JsonFields frequency)
    {
        var type = OneOf(
            frequency, "type", [OperationSchedule.PeriodicType, OperationSchedule.CronType], required: true);
        if (frequency.Text("value", required: true) is { } value && ProblemWith(type, value) is { } problem)
        {
            frequency.Reject("value", problem);
        }

        frequency.RefuseUnknown();
    }

    private static string? ProblemWith(string? type, string value) => type switch
    {
        OperationSchedule.PeriodicType => ScheduledOperation.ProblemWith(value),
        OperationSchedule.CronType => CronTimes.ProblemWith(value),
        _ => null,
    };

    /// <returns>the word; null where it is absent, or none of them</returns>
    public static string? OneOf(JsonFields fields, string name, IReadOnlyCollection<string> words, bool required)
    {
        var text = fields.Text(name, required);
        if (text is not null && !words.Contains(text))
        {
            fields.Reject(name, $"must be one of {string.Join(", ", words)}");
            return null;
        }

        return text;
    }

    /// <summary>A list of objects as JSON; null where it is absent.</summary>
    private static string? Items(JsonFields fields, string name, Action<JsonFields> check)
    {
        if (fields.Any(name) is not { } list)
        {
            return null;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > BodyRules.MostItems)
        {
            fields.Reject(name, $"must be an array of at most {BodyRules.MostItems} objects");
            return null;
        }

        foreach (var (item, i) in list.EnumerateArray().Select((item, i) => (item, i)))
        {
            if (fields.Item(name, i, item) is { } read)
            {
                check(read);
                read.RefuseUnknown();
            }
        }

        return list.GetRawText();
    }

    private static void Providers(JsonFields item, bool isTemplate)
    {
        if (isTemplate && item.Texts("providers", required: true)?.FirstOrDefault(p => p != "*" && !ProviderCatalog.Exists(p)) is { } strange)
        {
            item.Reject("providers", $"'{strange}' is no provider");
        }
    }
}
