namespace TokenActors.Storage.Databases;

/// <summary>One thing that only the server itself can say.</summary>
/// <param name="What">what was asked</param>
/// <param name="Value">the server's answer</param>
/// <param name="Problem">what is wrong with it and what to do, such as the command to run; null where it is
/// right</param>
public sealed record ServerFact(string What, string Value, string? Problem = null);
