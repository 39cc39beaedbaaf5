namespace TokenActors.Hosting.Configuration;

/// <summary>The settings cannot be used; the message names all that is wrong.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception("The settings cannot be used:" + string.Concat(problems.Select(problem => "\n  " + problem)))
{
    /// <summary>What is wrong, each with its key, value and rule.</summary>
    public IReadOnlyList<string> Problems => problems;
}
