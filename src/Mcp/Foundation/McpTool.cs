using System.Reflection;
using ModelContextProtocol.Server;
using TokenActors.Mcp.Callers;

namespace TokenActors.Mcp.Foundation;

/// <summary>A tool, and who may use it.</summary>
internal sealed record McpTool(McpServerTool Tool, ToolAttribute Rules)
{
    /// <summary>One rule for what is listed and what is carried out.</summary>
    public bool IsFor(McpCaller caller) =>
        (caller.Tools?.Contains(Rules.Name) ?? true)
        && !(caller.IsReadOnly && Rules.Changes)
        && Rules.Needs.All(Rules.IsWhole ? caller.MayEverywhere : caller.May);

    /// <summary>
    /// An argument that no parameter takes; a condition that is ignored would answer something else than was asked.
    /// </summary>
    public string? Unknown(IEnumerable<string> arguments) =>
        arguments.FirstOrDefault(
            name => !Tool.ProtocolTool.InputSchema.GetProperty("properties").TryGetProperty(name, out _));

    /// <param name="method">of <typeparamref name="T"/></param>
    /// <param name="make">makes the object whose method it is, for one call</param>
    public static McpTool? Of<T>(MethodInfo method, Func<McpSession, T> make)
        where T : class =>
        method.GetCustomAttribute<ToolAttribute>() is { } rules
            ? new McpTool(
                McpServerTool.Create(method, context => make(SessionOf(context)), OptionsOf(rules)), rules)
            : null;

    private static McpServerToolCreateOptions OptionsOf(ToolAttribute rules) => new()
    {
        Name = rules.Name,
        Title = rules.Title,
        ReadOnly = !rules.Changes,
        Destructive = rules.IsDestructive,
        Idempotent = !rules.Changes || rules.IsIdempotent,
        OpenWorld = false,
        UseStructuredContent = true,
        SerializerOptions = ToolJson.Options,
        SchemaCreateOptions = ToolSchema.Options,
    };

    internal static McpSession SessionOf<T>(RequestContext<T> context) =>
        context.Services?.GetService(typeof(McpSession)) as McpSession
            ?? throw new InvalidOperationException("a request has a session");
}
