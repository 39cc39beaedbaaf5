using System.Collections.Frozen;
using TokenActors.Domain.Grants;

namespace TokenActors.Gateway.Boomerang;

/// <summary>A permission of Boomerang Flow, <c>resource/action</c>; <c>**</c> in either part means all.</summary>
internal sealed record FlowPermission(string Resource, string Action)
{
    public const string All = "**";

    private static readonly FrozenSet<string> Resources =
    [
        All, "system", "workflow", "workflowrun", "workflowtemplate", "taskrun", "task", "action", "user", "team",
        "token", "parameter", "schedule", "insights", "integration", "webhook",
    ];

    private static readonly FrozenSet<string> Actions = [All, "read", "write", "action", "delete"];

    public static readonly FlowPermission ReadTokens = new("token", "read");
    public static readonly FlowPermission WriteTokens = new("token", "write");
    public static readonly FlowPermission DeleteTokens = new("token", "delete");

    /// <summary>Null where the text has not the form, or names a resource or action that does not exist.</summary>
    public static FlowPermission? Parse(string text) =>
        text.Split('/') is [var resource, var action] && Resources.Contains(resource) && Actions.Contains(action)
            ? new(resource, action)
            : null;

    public bool Covers(FlowPermission other) =>
        (Resource == All || Resource == other.Resource) && (Action == All || Action == other.Action);

    /// <summary>What permissions allow on tokens, in the actions of this service.</summary>
    public static ActionSet Reach(IReadOnlyCollection<FlowPermission> permissions) => ActionSet.Of(
    [
        .. Where(permissions, ReadTokens, "tokens:list", "tokens:get"),
        .. Where(permissions, WriteTokens, "tokens:create"),
        .. Where(permissions, DeleteTokens, "tokens:delete"),
    ]);

    public override string ToString() => $"{Resource}/{Action}";

    private static string[] Where(
        IEnumerable<FlowPermission> permissions, FlowPermission needed, params string[] actions) =>
        permissions.Any(permission => permission.Covers(needed)) ? actions : [];
}
