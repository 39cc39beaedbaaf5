using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Hosting.Tls;

/// <summary>
/// Parses the certificates and the key in the files, and says what is wrong with a file that holds none.
/// </summary>
internal static class CertificateReader
{
    private const string PemBegin = "-----BEGIN ";
    private const string EncryptedKey = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    private const string PasswordKey = $"{TlsSettings.Path}:Password";
    private const string Rsa = "1.2.840.113549.1.1.1";

    /// <summary>
    /// The error code (ERROR_INVALID_PASSWORD) with which .NET reports that a password does not open a PFX file.
    /// </summary>
    private const int WrongPassword = unchecked((int)0x80070056);

    public static X509Certificate2Collection Authorities(TlsFiles files, TlsSettings settings) =>
        FromPem(files.Authority, "Authority", settings.Authority);

    /// <summary>The certificate to show with its key, and the other certificates of its file.</summary>
    public static (X509Certificate2 Own, X509Certificate2Collection Others) Own(TlsFiles files, TlsSettings settings)
    {
        if (!Text(files.Certificate).Contains(PemBegin, StringComparison.Ordinal))
        {
            return settings.Key is { } key
                ? throw TlsFiles.Unusable("Key", key, $"it goes with PEM only, and '{settings.Certificate}' is none")
                : FromPfx(files.Certificate, settings);
        }

        if (files.Key is null || settings.Key is null)
        {
            throw Unusable(settings, $"it is PEM, so that {TlsSettings.Path}:Key must name its private key");
        }

        var others = FromPem(files.Certificate, "Certificate", settings.Certificate);
        var bare = others[0];
        others.RemoveAt(0);
        return (WithKey(bare, Text(files.Key), settings.Key, settings), others);
    }

    private static X509Certificate2Collection FromPem(byte[] file, string key, string path)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(Text(file));
        }
        catch (CryptographicException e)
        {
            throw TlsFiles.Unusable(key, path, $"it holds a certificate that cannot be read: {e.Message}");
        }

        return certificates.Count > 0
            ? certificates
            : throw TlsFiles.Unusable(key, path, "it holds no certificate in PEM");
    }

    private static (X509Certificate2 Own, X509Certificate2Collection Others) FromPfx(byte[] file, TlsSettings settings)
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(file, settings.Password);
        }
        catch (CryptographicException e) when (e.HResult == WrongPassword)
        {
            throw Unusable(settings, $"it does not open with {PasswordKey} (not shown)");
        }
        catch (CryptographicException)
        {
            throw Unusable(settings, "it is neither PEM nor PFX");
        }

        var own = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw Unusable(settings, "it holds no certificate with a private key");
        all.Remove(own);
        return (own, all);
    }

    private static X509Certificate2 WithKey(X509Certificate2 bare, string pem, string path, TlsSettings settings)
    {
        try
        {
            if (bare.PublicKey.Oid.Value == Rsa)
            {
                using var rsa = RSA.Create();
                Import(rsa, pem, path, settings);
                return bare.CopyWithPrivateKey(rsa);
            }

            using var curve = ECDsa.Create();
            Import(curve, pem, path, settings);
            return bare.CopyWithPrivateKey(curve);
        }
        catch (ArgumentException)
        {
            throw TlsFiles.Unusable("Key", path, $"it is not the key of the certificate in '{settings.Certificate}'");
        }
    }

    private static void Import(AsymmetricAlgorithm key, string pem, string path, TlsSettings settings)
    {
        var isEncrypted = pem.Contains(EncryptedKey, StringComparison.Ordinal);
        try
        {
            if (isEncrypted)
            {
                key.ImportFromEncryptedPem(pem, settings.Password);
            }
            else
            {
                key.ImportFromPem(pem);

                // A public key is imported too, and would be noticed only when a peer connects.
                CryptographicOperations.ZeroMemory(key.ExportPkcs8PrivateKey());
            }
        }
        catch (CryptographicException) when (isEncrypted)
        {
            throw TlsFiles.Unusable("Key", path, $"it does not open with {PasswordKey} (not shown)");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw TlsFiles.Unusable("Key", path, "it holds no private key in PEM of the kind that the certificate has");
        }
    }

    private static SettingsException Unusable(TlsSettings settings, string reason) =>
        TlsFiles.Unusable("Certificate", settings.Certificate, reason);

    private static string Text(byte[] file) => Encoding.UTF8.GetString(file);
}
