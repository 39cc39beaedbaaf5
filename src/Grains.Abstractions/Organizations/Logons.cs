using TokenActors.Grains.Abstractions.Members;

namespace TokenActors.Grains.Abstractions.Organizations;

/// <summary>An attempt to log on, or to prove a password again.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.LogonAttempt")]
public sealed record LogonAttempt
{
    /// <summary>The name that was given, known or not.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Where it comes from.</summary>
    [Id(1)] public string? RemoteAddress { get; init; }
}

/// <summary>Whether an attempt may go on, and how; either of the two is there.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.LogonChallenge")]
public sealed record LogonChallenge
{
    /// <summary>There were too many attempts under this name: how long to wait.</summary>
    [Id(0)] public TimeSpan? Wait { get; init; }

    /// <summary>How to derive the password.</summary>
    [Id(1)] public PasswordChallenge? Challenge { get; init; }
}
