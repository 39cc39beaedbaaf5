using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Tls;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>
/// What a start takes from the files of the TLS settings, and what it says of those that it cannot use.
/// </summary>
public sealed class TlsIdentityTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-tls-").FullName;
    private readonly TestAuthority _authority;
    private readonly CertificateFiles _files;

    public TlsIdentityTests()
    {
        _authority = new TestAuthority(_folder, "ours");
        _files = _authority.IssueFiles("silo");
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_pem_certificate_is_shown_with_its_key() =>
        Assert.True(Load(Pem(_files)).Own.TargetCertificate is { HasPrivateKey: true, Subject: "CN=silo" });

    [Fact]
    public void An_rsa_key_is_as_good()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var own = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        var certificate = InFolder("rsa.pem", own.ExportCertificatePem());
        var settings = Pem(certificate, InFolder("rsa.key", key.ExportRSAPrivateKeyPem()), authority: certificate);
        Assert.True(Load(settings).Own.TargetCertificate.HasPrivateKey);
    }

    [Fact]
    public void An_encrypted_key_opens_with_the_password()
    {
        using var certificate = _authority.Issue("encrypted");
        var files = Encrypted(certificate);
        Assert.Equal("CN=encrypted", Load(Pem(files.Certificate, files.Key, "open")).Own.TargetCertificate.Subject);
    }

    [Theory]
    [InlineData("open")]
    [InlineData(null)]
    public void A_pfx_file_brings_its_key(string? password)
    {
        using var certificate = _authority.Issue("pfx");
        var pfx = InFolder("silo.pfx", certificate.Export(X509ContentType.Pfx, password));
        Assert.True(Load(Pfx(pfx, password)).Own.TargetCertificate is { HasPrivateKey: true, Subject: "CN=pfx" });
    }

    [Fact]
    public void Intermediates_in_the_file_are_shown_with_the_certificate()
    {
        using var between = new TestAuthority(_folder, "between", _authority);
        using var certificate = between.Issue("below");
        var files = between.Write(certificate, "below", between);
        Assert.Equal("CN=between", Assert.Single(Load(Pem(files)).Own.IntermediateCertificates).Subject);
        var bare = between.Write(certificate, "bare");
        Assert.Contains("was not issued by the authority", Problem(Pem(bare)));
    }

    [Fact]
    public void An_authority_file_of_two_believes_both()
    {
        using var next = new TestAuthority(_folder, "next");
        var both = InFolder("both.pem", File.ReadAllText(next.File) + "\n" + File.ReadAllText(_authority.File));
        Load(Believing(both));
        var renewed = next.IssueFiles("renewed");
        Load(Pem(renewed.Certificate, renewed.Key, authority: both));
    }

    [Fact]
    public void A_silo_must_be_good_for_both_ends_and_a_client_for_calling()
    {
        using var certificate = _authority.Issue("caller", null, null, TestAuthority.ClientUse);
        var files = _authority.Write(certificate, "caller");
        var settings = Pem(files);
        TlsIdentity.Load(settings, TlsUse.Client, Now);
        Assert.Contains(
            "it holds a certificate that is not meant for this use (CN=caller, extended key usage)", Problem(settings));
    }

    [Fact]
    public void A_file_that_is_missing_is_named()
    {
        Says("Certificate is '/nowhere/c.pem'; there is no such file", Pem("/nowhere/c.pem", _files.Key));
        Says("Key is '/nowhere/k.pem'; there is no such file", Pem(_files.Certificate, "/nowhere/k.pem"));
        Says("Authority is '/nowhere/a.pem'; there is no such file", Believing("/nowhere/a.pem"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named() =>
        Says($"Certificate is '{_folder}'; it cannot be read: ", Pfx(_folder));

    [Fact]
    public void A_file_that_holds_something_else_is_named()
    {
        var noise = InFolder("noise", "noise");
        var broken = InFolder("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Says($"Certificate is '{noise}'; it is neither PEM nor PFX", Pfx(noise));
        Says($"Certificate is '{broken}'; it holds a certificate that cannot be read: ", Pem(broken, _files.Key));
        Says($"Certificate is '{_files.Key}'; it holds no certificate in PEM", Pem(_files.Key, _files.Key));
        Says($"Key is '{noise}'; it holds no private key in PEM", Pem(_files.Certificate, noise));
        Says($"Authority is '{noise}'; it holds no certificate in PEM", Believing(noise));
    }

    /// <summary>The public half fits the certificate, and no peer would ever be answered with it.</summary>
    [Fact]
    public void A_key_file_without_the_private_half_or_with_two_keys_is_named()
    {
        const string none = "it holds no private key in PEM of the kind that the certificate has";
        var pem = File.ReadAllText(_files.Key);
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        using var other = RSA.Create(2048);
        (string Name, string Text)[] files =
        [
            ("public", key.ExportSubjectPublicKeyInfoPem()), ("two", pem + "\n" + pem), ("empty", ""),
            ("rsa", other.ExportRSAPrivateKeyPem()), ("certificate", File.ReadAllText(_files.Certificate)),
        ];
        foreach (var (name, text) in files)
        {
            var file = InFolder(name, text);
            Says($"Key is '{file}'; {none}", Pem(_files.Certificate, file));
        }

        var request = new CertificateRequest("CN=rsa", other, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var own = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        var certificate = InFolder("rsa.pem", own.ExportCertificatePem());
        var half = InFolder("rsa.pub", other.ExportSubjectPublicKeyInfoPem());
        Says($"Key is '{half}'; {none}", Pem(certificate, half, authority: certificate));
    }

    [Fact]
    public void A_pfx_without_a_private_key_is_named()
    {
        using var certificate = _authority.Issue("bare");
        using var bare = X509CertificateLoader.LoadCertificate(certificate.RawData);
        var pfx = InFolder("bare.pfx", bare.Export(X509ContentType.Pfx));
        Says($"Certificate is '{pfx}'; it holds no certificate with a private key", Pfx(pfx));
    }

    [Fact]
    public void A_wrong_password_is_said_and_not_shown()
    {
        using var certificate = _authority.Issue("locked");
        var pfx = InFolder("locked.pfx", certificate.Export(X509ContentType.Pfx, "open"));
        var files = Encrypted(certificate);
        const string Locked = "it does not open with TokenActors:Cluster:Tls:Password (not shown)";
        foreach (var password in new[] { "hunter2", null })
        {
            Says($"Certificate is '{pfx}'; {Locked}", Pfx(pfx, password));
            Says($"Key is '{files.Key}'; {Locked}", Pem(files.Certificate, files.Key, password));
        }

        Assert.DoesNotContain("hunter2", Problem(Pfx(pfx, "hunter2")));
    }

    [Fact]
    public void A_key_goes_with_pem_and_not_with_pfx()
    {
        using var certificate = _authority.Issue("pfx");
        var pfx = InFolder("silo.pfx", certificate.Export(X509ContentType.Pfx));
        Says($"Key is '{_files.Key}'; it goes with PEM only, and '{pfx}' is none", Pem(pfx, _files.Key));
        Says(
            $"Certificate is '{_files.Certificate}'; it is PEM, so that TokenActors:Cluster:Tls:Key must name its private key",
            Pfx(_files.Certificate));
    }

    [Fact]
    public void A_key_of_another_certificate_is_named()
    {
        var other = _authority.IssueFiles("other");
        Says($"Key is '{other.Key}'; it is not the key of the certificate in '{_files.Certificate}'", Pem(
            _files.Certificate, other.Key));
    }

    [Fact]
    public void A_certificate_out_of_its_time_is_named_with_its_time()
    {
        using var past = _authority.Issue("past", Now.AddDays(-9), Now.AddDays(-2));
        using var future = _authority.Issue("future", Now.AddDays(2), Now.AddDays(9));
        foreach (var (name, certificate) in new[] { ("past", past), ("future", future) })
        {
            var files = _authority.Write(certificate, name);
            Says(
                $"Certificate is '{files.Certificate}'; it holds a certificate that is not valid now (CN={name} is valid from 20",
                Pem(files));
        }
    }

    [Fact]
    public void A_certificate_of_another_authority_is_named_also_where_the_authority_has_the_same_name()
    {
        using var theirs = new TestAuthority(_folder, "theirs");
        var files = theirs.IssueFiles("stranger");
        Says(
            $"Certificate is '{files.Certificate}'; it holds a certificate that was not issued by the authority in '{_authority.File}' "
            + "(CN=stranger, issued by CN=theirs)",
            Pem(files));
        using var namesake = new TestAuthority(Path.Combine(_folder, "elsewhere"), "ours");
        Assert.Contains("that was not issued by the authority", Problem(Believing(namesake.File)));
    }

    private static TlsIdentity Load(TlsSettings settings) => TlsIdentity.Load(settings, TlsUse.Silo, Now);

    private static void Says(string expected, TlsSettings settings) =>
        Assert.StartsWith("TokenActors:Cluster:Tls:" + expected, Problem(settings), StringComparison.Ordinal);

    private static string Problem(TlsSettings settings) =>
        Assert.Single(Assert.Throws<SettingsException>(() => Load(settings)).Problems);

    private TlsSettings Believing(string authority) => Pem(_files.Certificate, _files.Key, authority: authority);

    private TlsSettings Pem(CertificateFiles files) => Pem(files.Certificate, files.Key);

    private TlsSettings Pem(string certificate, string key, string? password = null, string? authority = null) =>
        new() { Certificate = certificate, Key = key, Password = password, Authority = authority ?? _authority.File };

    private TlsSettings Pfx(string path, string? password = null) =>
        new() { Certificate = path, Password = password, Authority = _authority.File };

    private CertificateFiles Encrypted(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey();
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048);
        return new CertificateFiles(
            InFolder("encrypted.pem", certificate.ExportCertificatePem()),
            InFolder("encrypted.key", key?.ExportEncryptedPkcs8PrivateKeyPem("open", parameters) ?? ""));
    }

    private string InFolder(string name, string text) => InFolder(name, System.Text.Encoding.UTF8.GetBytes(text));

    private string InFolder(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
