using Microsoft.Extensions.Time.Testing;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Tls;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>Renewed files while a process runs.</summary>
public sealed class CertificateSourceTests : IDisposable
{
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-tls-").FullName;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LogBook<CertificateSource> _log = new();
    private readonly TestAuthority _authority;
    private readonly CertificateFiles _shown;
    private readonly CertificateSource _source;

    public CertificateSourceTests()
    {
        _authority = new TestAuthority(_folder, "ours");
        _shown = _authority.IssueFiles("silo");
        var settings = new TlsSettings { Certificate = _shown.Certificate, Key = _shown.Key, Authority = _authority.File };
        var first = TlsIdentity.Load(settings, TlsUse.Silo, _time.GetUtcNow());
        _source = new CertificateSource(settings, TlsUse.Silo, first, _time, _log);
    }

    public void Dispose()
    {
        _source.Dispose();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_renewed_file_is_taken_within_a_minute()
    {
        Put(_authority.IssueFiles("renewed"));
        Assert.Equal("CN=silo", Shown());
        _time.Advance(AMinute);
        Assert.Equal("CN=renewed", Shown());
        Assert.StartsWith(
            $"Information: New connections show the renewed certificate of {_shown.Certificate}: CN=renewed, valid until 20",
            Assert.Single(_log.Lines));
    }

    [Fact]
    public void A_link_that_is_pointed_elsewhere_is_a_renewed_file()
    {
        var next = _authority.IssueFiles("renewed");
        foreach (var (link, target) in new[] { (_shown.Certificate, next.Certificate), (_shown.Key, next.Key) })
        {
            File.Delete(link);
            File.CreateSymbolicLink(link, target);
            File.SetLastWriteTimeUtc(target, DateTime.UnixEpoch);
        }

        _time.Advance(AMinute);
        Assert.Equal("CN=renewed", Shown());
    }

    [Fact]
    public void Files_that_stay_as_they_are_are_not_taken_again()
    {
        var before = _source.Current;
        File.SetLastWriteTimeUtc(_shown.Certificate, DateTime.UnixEpoch);
        _time.Advance(5 * AMinute);
        Assert.Same(before, _source.Current);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void A_file_that_cannot_be_read_keeps_the_old_certificate_and_is_said_once_for_each_change()
    {
        File.WriteAllText(_shown.Certificate, "noise");
        _time.Advance(5 * AMinute);
        Assert.Equal("CN=silo", Shown());
        Assert.Contains(
            $"Key is '{_shown.Key}'; it goes with PEM only, and '{_shown.Certificate}' is none",
            Assert.Single(_log.Lines));
        Assert.StartsWith(
            "Warning: Renewed TLS files cannot be used; new connections show the old certificate", _log.Lines[0]);

        File.WriteAllText(_shown.Certificate, "other noise");
        _time.Advance(5 * AMinute);
        Assert.Equal(2, _log.Lines.Count);
        File.Delete(_shown.Certificate);
        _time.Advance(5 * AMinute);
        Assert.Equal(3, _log.Lines.Count);
        Assert.Contains("there is no such file", _log.Lines[2]);

        Put(_authority.IssueFiles("renewed"));
        _time.Advance(AMinute);
        Assert.Equal("CN=renewed", Shown());
    }

    [Fact]
    public void A_certificate_without_its_key_yet_is_taken_when_the_key_comes()
    {
        var next = _authority.IssueFiles("renewed");
        File.Copy(next.Certificate, _shown.Certificate, overwrite: true);
        _time.Advance(AMinute);
        Assert.Equal("CN=silo", Shown());
        File.Copy(next.Key, _shown.Key, overwrite: true);
        _time.Advance(AMinute);
        Assert.Equal("CN=renewed", Shown());
        Assert.Contains("is not the key of the certificate", _log.Lines[0]);
    }

    [Fact]
    public void A_certificate_that_is_not_valid_yet_is_taken_when_it_is()
    {
        using var certificate = _authority.Issue("tomorrow", _time.GetUtcNow().AddHours(1));
        Put(_authority.Write(certificate, "tomorrow"));
        _time.Advance(2 * AMinute);
        Assert.Equal("CN=silo", Shown());
        Assert.Single(_log.Lines, line => line.Contains("is not valid now"));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("CN=tomorrow", Shown());
    }

    [Fact]
    public void An_authority_that_is_replaced_together_with_the_certificate_is_taken()
    {
        using var next = new TestAuthority(_folder, "next");
        Put(next.IssueFiles("renewed"));
        _time.Advance(AMinute);
        Assert.Equal("CN=silo", Shown());
        File.Copy(next.File, _authority.File, overwrite: true);
        _time.Advance(AMinute);
        Assert.Equal("CN=renewed", Shown());
    }

    private string Shown() => _source.Current.Own.TargetCertificate.Subject;

    private void Put(CertificateFiles files)
    {
        File.Copy(files.Certificate, _shown.Certificate, overwrite: true);
        File.Copy(files.Key, _shown.Key, overwrite: true);
    }
}
