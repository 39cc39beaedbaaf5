using System.Collections.Frozen;
using System.Reflection;
using TokenActors.Mcp.Callers;
using TokenActors.Mcp.Foundation;
using TokenActors.Mcp.Tools;

namespace TokenActors.Mcp.Hosting;

/// <summary>Every tool. They are made when the first is asked for: their schemas take a part of a second.</summary>
internal sealed class McpTools(TimeProvider time)
{
    private readonly Lazy<FrozenDictionary<string, McpTool>> _byName = new(() => Make(time));

    public FrozenDictionary<string, McpTool> ByName => _byName.Value;

    /// <summary>Every action that some tool needs.</summary>
    public IReadOnlyList<string> Scopes => field ??=
        [.. ByName.Values.SelectMany(tool => tool.Rules.Needs).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A tool that is there and not for the caller; null for every other name.</summary>
    public McpTool? Forbidden(string name, McpCaller caller) =>
        ByName.TryGetValue(name, out var tool) && !tool.IsFor(caller) ? tool : null;

    private static FrozenDictionary<string, McpTool> Make(TimeProvider time)
    {
        McpTool[] tools =
        [
            .. Of(session => new TokenReads(session, time)), .. Of(session => new TokenChanges(session)),
            .. Of(session => new IntentTools(session)), .. Of(session => new AuditTools(session)),
            .. Of(session => new OperationTools(session)),
        ];
        return tools.ToFrozenDictionary(tool => tool.Rules.Name);
    }

    private static IEnumerable<McpTool> Of<T>(Func<McpSession, T> make)
        where T : class =>
        typeof(T).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(method => McpTool.Of(method, make)).OfType<McpTool>();
}
