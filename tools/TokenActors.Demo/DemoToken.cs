using TokenActors.Client;

namespace TokenActors.Demo;

/// <summary>A token of the story, with what is needed to go on with it.</summary>
/// <param name="Id">its id</param>
/// <param name="Name">its name</param>
/// <param name="MadeOn">the day of the story on which it was made</param>
/// <param name="Habit">how it is used</param>
internal sealed record DemoToken(string Id, string Name, int MadeOn, Habit Habit)
{
    /// <summary>The access secret that its holder has.</summary>
    public required Secret Access { get; set; }

    /// <summary>The one before, which some still present.</summary>
    public Secret? Former { get; set; }

    /// <summary>The refresh secret that it was made with; null where it has none.</summary>
    public Secret? Refresh { get; init; }

    /// <summary>Where it is used from.</summary>
    public required string[] Addresses { get; init; }
}

/// <summary>How a token is used.</summary>
internal enum Habit
{
    /// <summary>Around the clock.</summary>
    Service,

    /// <summary>In the hours of a working day.</summary>
    Office,

    /// <summary>Once in a night.</summary>
    Nightly,

    /// <summary>Not after the first days.</summary>
    Forgotten,
}
