namespace TokenActors.Mcp.Foundation;

/// <summary>Makes a method a tool.</summary>
/// <param name="name">by which it is called</param>
/// <param name="title">for people</param>
/// <param name="needs">the actions that its caller's grant must hold, all of them</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolAttribute(string name, string title, params string[] needs) : Attribute
{
    public string Name => name;

    public string Title => title;

    public IReadOnlyList<string> Needs => needs;

    /// <summary>It needs them in all of the organization.</summary>
    public bool IsWhole { get; init; }

    /// <summary>It changes something; such a tool is hidden from a token that only looks.</summary>
    public bool Changes { get; init; }

    /// <summary>What it does cannot be taken back.</summary>
    public bool IsDestructive { get; init; }

    /// <summary>Done twice it is as done once.</summary>
    public bool IsIdempotent { get; init; }
}
