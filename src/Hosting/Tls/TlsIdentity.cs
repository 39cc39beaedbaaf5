using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Hosting.Tls;

/// <summary>What a certificate is used for, checked where it has an extended key usage.</summary>
internal enum TlsUse
{
    /// <summary>Connecting: TLS client authentication.</summary>
    Client,

    /// <summary>Connecting and accepting: client and server authentication.</summary>
    Silo,
}

/// <summary>The certificate that this process shows to its peers, and the trust in theirs.</summary>
internal sealed class TlsIdentity
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private TlsIdentity(SslStreamCertificateContext own, Trust trust, string digest) =>
        (Own, Trust, Digest) = (own, trust, digest);

    /// <summary>The certificate with its key and the intermediates up to the authority.</summary>
    public SslStreamCertificateContext Own { get; }

    public string Subject => Trust.Name(Own.TargetCertificate.SubjectName);

    public string Until => Trust.Time(Own.TargetCertificate.NotAfter);

    public Trust Trust { get; }

    /// <summary>The digest of the files that this was made from.</summary>
    public string Digest { get; }

    /// <param name="settings">the paths of the files</param>
    /// <param name="use">what the certificate is used for</param>
    /// <param name="now">the time at which it must be valid</param>
    /// <exception cref="SettingsException">names the file that cannot be used, and why</exception>
    public static TlsIdentity Load(TlsSettings settings, TlsUse use, DateTimeOffset now) =>
        Load(TlsFiles.Read(settings), settings, use, now);

    /// <summary>The same from files that were read already.</summary>
    /// <exception cref="SettingsException">names the file that cannot be used, and why</exception>
    public static TlsIdentity Load(TlsFiles files, TlsSettings settings, TlsUse use, DateTimeOffset now)
    {
        try
        {
            return Make(files, settings, use, now);
        }
        catch (CryptographicException e)
        {
            // The platform does not support this kind of key or chain: handled like any other unusable file.
            var what = $"it holds a certificate that cannot be used: {e.Message}";
            throw TlsFiles.Unusable("Certificate", settings.Certificate, what);
        }
    }

    private static TlsIdentity Make(TlsFiles files, TlsSettings settings, TlsUse use, DateTimeOffset now)
    {
        var trust = new Trust(CertificateReader.Authorities(files, settings));
        var (own, intermediates) = CertificateReader.Own(files, settings);

        // Checked here, since a peer that refuses the certificate does not say why.
        using var chain = new X509Chain { ChainPolicy = trust.Policy(now) };
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        chain.ChainPolicy.ApplicationPolicy.Add(ClientUse);
        if (use == TlsUse.Silo)
        {
            chain.ChainPolicy.ApplicationPolicy.Add(ServerUse);
        }

        if (!chain.Build(own))
        {
            var fault = Trust.FaultOf(chain);
            var where = fault.Reason == Trust.NotIssued ? $" in '{settings.Authority}'" : "";
            var what = $"it holds a certificate that {fault.Reason}{where} ({fault.Detail})";
            throw TlsFiles.Unusable("Certificate", settings.Certificate, what);
        }

        var shown = SslStreamCertificateContext.Create(own, intermediates, offline: true);
        return new TlsIdentity(shown, trust, files.Digest);
    }
}
