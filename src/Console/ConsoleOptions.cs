namespace TokenActors.WebConsole;

/// <summary>What a host says of its console.</summary>
public sealed record ConsoleOptions
{
    /// <summary>Where it lies.</summary>
    public const string Path = "/console";

    /// <summary>Where its files lie, which need nothing of the service.</summary>
    public const string Files = Path + "/assets";

    /// <summary>Stands in the names of its cookies, so that two services on one machine do not share them.</summary>
    public string ServiceId { get; init; } = "tokenactors";

    /// <summary>After how long without a request a session ends.</summary>
    public TimeSpan IdleLife { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>After how long a session ends in any case.</summary>
    public TimeSpan LongestLife { get; init; } = TimeSpan.FromHours(12);

    /// <summary>For how long a password that was given again counts as given.</summary>
    public TimeSpan ConfirmedFor { get; init; } = TimeSpan.FromMinutes(5);
}
