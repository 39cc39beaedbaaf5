using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TokenActors.Testing;

/// <summary>The files of a certificate and its key in PEM.</summary>
public sealed record CertificateFiles(string Certificate, string Key);

/// <summary>An authority that issues certificates into a folder.</summary>
public sealed class TestAuthority : IDisposable
{
    public const string ServerUse = "1.3.6.1.5.5.7.3.1";
    public const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly string _folder;
    private readonly X509Certificate2 _authority;

    public TestAuthority(string folder, string name, TestAuthority? above = null)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        Name = name;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key, isAuthority: true);
        _authority = above is null
            ? request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(400))
            : Signed(request, key, above, DateTimeOffset.UtcNow.AddDays(-19), DateTimeOffset.UtcNow.AddDays(399));
        File = Path.Combine(folder, name + ".authority.pem");
        System.IO.File.WriteAllText(File, _authority.ExportCertificatePem());
    }

    public string Name { get; }

    /// <summary>Its certificate in PEM.</summary>
    public string File { get; }

    /// <summary>A certificate of this authority; valid from yesterday for a month where nothing else is said.</summary>
    public X509Certificate2 Issue(
        string name, DateTimeOffset? from = null, DateTimeOffset? to = null, params string[] uses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(name, key, isAuthority: false);
        if (uses.Length > 0)
        {
            OidCollection all = [.. uses.Select(use => new Oid(use))];
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(all, critical: false));
        }

        return Signed(
            request, key, this, from ?? DateTimeOffset.UtcNow.AddDays(-1), to ?? DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The same, in files named after it.</summary>
    public CertificateFiles IssueFiles(string name) => Write(Issue(name), name);

    public CertificateFiles Write(X509Certificate2 certificate, string name, params TestAuthority[] between)
    {
        var files = new CertificateFiles(
            Path.Combine(_folder, name + ".pem"), Path.Combine(_folder, name + ".key.pem"));
        using var key = certificate.GetECDsaPrivateKey();
        System.IO.File.WriteAllText(files.Key, key?.ExportPkcs8PrivateKeyPem());
        X509Certificate2[] shown = [certificate, .. between.Select(authority => authority._authority)];
        System.IO.File.WriteAllLines(files.Certificate, shown.Select(one => one.ExportCertificatePem()));
        return files;
    }

    public void Dispose() => _authority.Dispose();

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        return request;
    }

    private static X509Certificate2 Signed(
        CertificateRequest request, ECDsa key, TestAuthority by, DateTimeOffset from, DateTimeOffset to)
    {
        using var bare = request.Create(by._authority, from, to, RandomNumberGenerator.GetBytes(12));
        return bare.CopyWithPrivateKey(key);
    }
}
