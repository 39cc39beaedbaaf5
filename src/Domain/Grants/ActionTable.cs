using System.Collections.Frozen;

namespace TokenActors.Domain.Grants;

/// <summary>
/// Every action of the Management API as <c>api:verb</c>, in the wire's words. The position of an action is its bit
/// in an <see cref="ActionSet"/> and crosses grain calls: append new ones at the end, never reorder.
/// </summary>
public static class ActionTable
{
    private static readonly (string Api, string[] Verbs)[] Apis =
    [
        ("accounts", ["list", "create", "get", "update", "patch", "delete"]),
        ("alarm_policies", ["get", "update", "patch"]),
        ("alarms", ["list", "get", "mode", "priority", "clear"]),
        ("audit", ["list"]),
        ("auth", ["logon", "change_password", "logoff"]),
        ("billing", ["list", "get"]),
        ("bridges", ["list", "create", "get", "update", "patch", "delete", "status"]),
        ("credentials", ["list", "create", "get", "update", "patch", "delete", "lookup"]),
        ("customs", ["list", "create", "get", "update", "patch", "delete"]),
        ("idp", ["get", "create", "update", "delete"]),
        ("integration_points", ["list", "create", "get", "update", "patch", "delete"]),
        ("integrations", ["list", "create", "get", "update", "patch", "delete", "list_account", "verify"]),
        ("mappings", ["list", "create", "get", "update", "patch", "delete", "apply"]),
        ("members", ["list", "create", "get", "update", "patch", "delete"]),
        ("operations", ["list", "list_history"]),
        ("organizations", ["get", "update", "patch"]),
        ("permission_set", ["list", "get"]),
        ("roles", ["list", "create", "get", "update", "patch", "delete"]),
        ("status", ["list", "get", "reset", "list_events", "timeseries", "integration_timeseries"]),
        ("suborgs", ["list", "create", "get", "delete"]),
        ("tokens",
        [
            "list", "create", "create_integration", "create_synqly_integrations", "delete", "get", "reset", "rotate",
            "refresh", "remove_secondary",
        ]),
        ("transforms", ["list", "create", "get", "update", "patch", "delete"]),
        ("webhooks", ["list", "create", "get", "update", "patch", "delete"]),
    ];

    private static readonly FrozenSet<string> ReadVerbs =
    [
        "list", "get", "lookup", "list_account", "list_history", "list_events", "timeseries", "integration_timeseries",
        "status",
    ];

    /// <summary>All actions in the order of their bits.</summary>
    public static IReadOnlyList<string> Actions { get; } =
        [.. Apis.SelectMany(api => api.Verbs.Select(verb => $"{api.Api}:{verb}"))];

    private static readonly FrozenDictionary<string, int> Bits =
        Actions.Select((action, bit) => (action, bit))
            .ToFrozenDictionary(x => x.action, x => x.bit, StringComparer.Ordinal);

    /// <summary>The bit of one action, or -1 for a word that is not in the table.</summary>
    public static int BitOf(string action) => Bits.GetValueOrDefault(action, -1);

    /// <summary>The action changes nothing.</summary>
    public static bool OnlyReads(string action) => ReadVerbs.Contains(action[(action.IndexOf(':') + 1)..]);

    /// <summary>
    /// The actions that a pattern names: <c>api:verb</c>, <c>api:*</c>, <c>all:read</c> (every action that only
    /// reads) or <c>all:*</c>.
    /// </summary>
    /// <exception cref="ArgumentException">an unknown api or verb</exception>
    public static IEnumerable<int> Expand(string pattern)
    {
        var bits = Enumerable.Range(0, Actions.Count).Where(bit => pattern switch
        {
            "all:*" => true,
            "all:read" => OnlyReads(Actions[bit]),
            _ when pattern.EndsWith(":*", StringComparison.Ordinal) =>
                Actions[bit].StartsWith(pattern[..^1], StringComparison.Ordinal),
            _ => Actions[bit] == pattern,
        }).ToArray();
        return bits.Length > 0 ? bits : throw new ArgumentException($"no such action: {pattern}", nameof(pattern));
    }
}

/// <summary>A set of actions. Two words of bits rather than names, since one is checked on every request.</summary>
public readonly record struct ActionSet(UInt128 Bits)
{
    public static readonly ActionSet None = new(0);

    public bool IsEmpty => Bits == 0;

    /// <summary>The union of what the patterns name; see <see cref="ActionTable.Expand"/>.</summary>
    public static ActionSet Of(params IEnumerable<string> patterns) =>
        new(patterns.SelectMany(ActionTable.Expand).Aggregate(UInt128.Zero, (set, bit) => set | (UInt128.One << bit)));

    public bool Contains(string action)
    {
        var bit = ActionTable.BitOf(action);
        return bit >= 0 && (Bits & (UInt128.One << bit)) != 0;
    }

    public bool ContainsAny(params ReadOnlySpan<string> actions)
    {
        foreach (var action in actions)
        {
            if (Contains(action))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsWithin(ActionSet other) => (Bits & ~other.Bits) == 0;

    public ActionSet Intersect(ActionSet other) => new(Bits & other.Bits);

    public ActionSet Union(IEnumerable<string> actions) => new(Bits | Of(actions).Bits);

    public ActionSet Without(ActionSet other) => new(Bits & ~other.Bits);

    /// <summary>The names, in table order.</summary>
    public IEnumerable<string> Names()
    {
        for (var bit = 0; bit < ActionTable.Actions.Count; bit++)
        {
            if ((Bits & (UInt128.One << bit)) != 0)
            {
                yield return ActionTable.Actions[bit];
            }
        }
    }

    public override string ToString() => string.Join(' ', Names());
}
