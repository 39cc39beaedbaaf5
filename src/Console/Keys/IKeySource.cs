namespace TokenActors.WebConsole.Keys;

/// <summary>A key as its source gives it.</summary>
/// <param name="Id">stands in what it encrypted</param>
/// <param name="CreatedAt">when it was made</param>
/// <param name="ActiveFrom">from when on it encrypts</param>
/// <param name="EndsAt">until when it encrypts</param>
/// <param name="Material">64 random bytes in base64</param>
public sealed record KeyMaterial(
    Guid Id, DateTimeOffset CreatedAt, DateTimeOffset ActiveFrom, DateTimeOffset EndsAt, string Material)
{
    public override string ToString() => $"key {Id}";
}

/// <summary>Has the keys that all gateways of a service share.</summary>
public interface IKeySource
{
    /// <summary>The keys of now and the one that follows.</summary>
    Task<IReadOnlyList<KeyMaterial>> Read(CancellationToken cancellationToken);
}
