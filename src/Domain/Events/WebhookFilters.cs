using System.Collections.Frozen;

namespace TokenActors.Domain.Events;

/// <summary>The filters of webhooks that are made on <c>/v1</c>, and the types of events that each stands
/// for.</summary>
public static class WebhookFilters
{
    public const string All = "all";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["account_create"] = "account.created",
        ["account_delete"] = "account.deleted",
        ["account_update"] = "account.updated",
        ["integration_create"] = "integration.created",
        ["integration_delete"] = "integration.deleted",
        ["integration_update"] = "integration.updated",
        ["operation_complete"] = EventTypes.OperationComplete,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Filters =
        Types.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Every filter, as the wire names them.</summary>
    public static IReadOnlyList<string> Names { get; } = [All, .. Types.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The types that some filters let through.</summary>
    public static IEnumerable<string> TypesOf(IReadOnlyCollection<string> filters) =>
        filters.Contains(All) ? Types.Values : filters.Select(filter => Types[filter]).Distinct();

    /// <summary>The filter that lets a type through; null where none does.</summary>
    public static string? Of(string type) => Filters.GetValueOrDefault(type);
}
