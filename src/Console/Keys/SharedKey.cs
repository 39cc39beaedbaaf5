using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace TokenActors.WebConsole.Keys;

/// <summary>A key that all gateways of a service have.</summary>
/// <param name="id">stands in what it encrypted</param>
/// <param name="createdAt">when it was made</param>
/// <param name="activeFrom">from when on it encrypts</param>
/// <param name="endsAt">until when it encrypts</param>
/// <param name="material">64 random bytes</param>
/// <param name="encryptors">makes the encryptor</param>
internal sealed class SharedKey(
    Guid id, DateTimeOffset createdAt, DateTimeOffset activeFrom, DateTimeOffset endsAt, byte[] material,
    IAuthenticatedEncryptorFactory encryptors) : IKey
{
    public Guid KeyId => id;

    public DateTimeOffset CreationDate => createdAt;

    public DateTimeOffset ActivationDate => activeFrom;

    public DateTimeOffset ExpirationDate => endsAt;

    public bool IsRevoked => false;

    public IAuthenticatedEncryptorDescriptor Descriptor { get; } =
        new AuthenticatedEncryptorDescriptor(new AuthenticatedEncryptorConfiguration(), new Secret(material));

    public IAuthenticatedEncryptor? CreateEncryptor() => encryptors.CreateEncryptorInstance(this);
}
