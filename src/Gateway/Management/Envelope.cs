namespace TokenActors.Gateway.Management;

/// <summary>The envelope of answers with content.</summary>
internal sealed record Envelope<T>(T Result);

/// <summary>The envelope of lists; <paramref name="Total"/> is there where it was asked for.</summary>
internal sealed record ListEnvelope<T>(IReadOnlyList<T> Result, long? Total = null);
