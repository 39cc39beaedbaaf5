using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Logging;

namespace TokenActors.WebConsole.Keys;

/// <summary>
/// The keys of Data Protection: those of the service, and none that a gateway would make for itself. They are read
/// before the first page is served and again each hour, which is long before a new one is used.
/// </summary>
internal sealed class SharedKeys(ILoggerFactory loggers) : IKeyManager, IDisposable
{
    private readonly AuthenticatedEncryptorFactory _encryptors = new(loggers);
    private CancellationTokenSource _current = new();
    private volatile IReadOnlyCollection<IKey> _keys = [];

    /// <summary>Whether there is a key to encrypt with.</summary>
    public bool AreThere => _keys.Count > 0;

    public void Replace(IEnumerable<KeyMaterial> keys)
    {
        _keys =
        [
            .. keys.Select(key => new SharedKey(
                key.Id, key.CreatedAt, key.ActiveFrom, key.EndsAt, Convert.FromBase64String(key.Material), _encryptors)),
        ];
        using var before = Interlocked.Exchange(ref _current, new CancellationTokenSource());
        before.Cancel();
    }

    public IReadOnlyCollection<IKey> GetAllKeys() => _keys;

    public CancellationToken GetCacheExpirationToken() => _current.Token;

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => throw NotHere();

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => throw NotHere();

    public void RevokeKey(Guid keyId, string? reason = null) => throw NotHere();

    public void Dispose() => _current.Dispose();

    private static NotSupportedException NotHere() => new("the keys are made by the service's silos");
}
