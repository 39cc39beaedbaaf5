using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace TokenActors.Hosting.Tls;

/// <summary>Why a certificate is not accepted.</summary>
/// <param name="Reason">one of a few, put so that it continues "a certificate that ..."</param>
/// <param name="Detail">which certificate, and what is wrong with it</param>
internal readonly record struct CertificateFault(string Reason, string Detail);

/// <summary>Trust in the configured authority alone: a chain that does not end there is refused.</summary>
internal sealed class Trust(X509Certificate2Collection authorities)
{
    public const string NotIssued = "was not issued by the authority";
    public const string OutOfTime = "is not valid now";
    public const string WrongUse = "is not meant for this use";

    private const string Unacceptable = "is not acceptable";
    private const int LongestName = 120;

    private const X509ChainStatusFlags EndsElsewhere =
        X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid
        | X509ChainStatusFlags.InvalidBasicConstraints | X509ChainStatusFlags.Cyclic;

    /// <summary>
    /// How chains are built and judged. Nothing is fetched from the network. Names are not checked: silos have changing
    /// addresses, so a peer is identified by who issued its certificate.
    /// </summary>
    public X509ChainPolicy Policy(DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationFlags = X509VerificationFlags.IgnoreInvalidName,
            VerificationTime = now.UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Why the platform refused this chain.</summary>
    public static CertificateFault FaultOf(X509Chain chain)
    {
        var all = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, status) => flags | status.Status);
        var shown = chain.ChainElements[0].Certificate;

        // The issuer is judged first: other faults of a certificate from elsewhere do not matter.
        if ((all & EndsElsewhere) != 0)
        {
            return new(NotIssued, $"{Name(shown.SubjectName)}, issued by {Name(shown.IssuerName)}");
        }

        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            var late = chain.ChainElements.First(IsOutOfTime).Certificate;
            var (from, to) = (Time(late.NotBefore), Time(late.NotAfter));
            return new(OutOfTime, $"{Name(late.SubjectName)} is valid from {from} to {to}");
        }

        return all.HasFlag(X509ChainStatusFlags.NotValidForUsage)
            ? new(WrongUse, $"{Name(shown.SubjectName)}, extended key usage")
            : new(Unacceptable, $"{Name(shown.SubjectName)}: {all}");
    }

    /// <summary>
    /// A name for the log, without control characters and cut to a length, since a stranger may have written it.
    /// </summary>
    public static string Name(X500DistinguishedName name)
    {
        var text = string.Concat(name.Name.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= LongestName ? text : text[..LongestName] + "…";
    }

    public static string Time(DateTime time) => time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);

    private static bool IsOutOfTime(X509ChainElement element) =>
        element.ChainElementStatus.Any(status => status.Status == X509ChainStatusFlags.NotTimeValid);
}
