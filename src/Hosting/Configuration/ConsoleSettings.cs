namespace TokenActors.Hosting.Configuration;

/// <summary>Section <c>TokenActors:Console</c> of the gateway.</summary>
public sealed class ConsoleSettings
{
    /// <summary>Pages for people at <c>/console</c>.</summary>
    public bool Enabled { get; init; } = true;
}
