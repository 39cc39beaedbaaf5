using Microsoft.Extensions.Logging;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Hosting.Tls;

/// <summary>
/// The certificates for new connections. The files are read again every few seconds and compared by content: a mounted
/// secret is a symbolic link to a folder that is replaced, which changes neither times nor events of the file system
/// reliably.
/// </summary>
internal sealed partial class CertificateSource : IDisposable
{
    /// <summary>
    /// A renewed file is used within a minute, also where one read falls between the writes of certificate and key.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);

    private readonly TlsSettings _settings;
    private readonly TlsUse _use;
    private readonly TimeProvider _time;
    private readonly ILogger<CertificateSource> _logger;
    private readonly ITimer _timer;
    private readonly Lock _look = new();
    private volatile TlsIdentity _current;
    private string? _complaint;

    /// <param name="settings">the paths of the files</param>
    /// <param name="use">what the certificate is used for</param>
    /// <param name="first">the contents of the files at the start</param>
    /// <param name="time">the clock of the reads and of the certificates' validity</param>
    /// <param name="logger">logs which certificates were taken and which were not</param>
    public CertificateSource(
        TlsSettings settings, TlsUse use, TlsIdentity first, TimeProvider time, ILogger<CertificateSource> logger)
    {
        (_settings, _use, _current, _time, _logger) = (settings, use, first, time, logger);
        _timer = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
    }

    public TlsIdentity Current => _current;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_look)
        {
            var digest = "";
            try
            {
                var files = TlsFiles.Read(_settings);
                digest = files.Digest;
                if (digest != _current.Digest)
                {
                    _current = TlsIdentity.Load(files, _settings, _use, _time.GetUtcNow());
                    LogTaken(_settings.Certificate, _current.Subject, _current.Until);
                }

                _complaint = null;
            }
            catch (SettingsException e)
            {
                // Every read tries again, since a certificate may become valid; each problem is logged once.
                var complaint = $"{digest} {e.Message}";
                if (complaint != _complaint)
                {
                    _complaint = complaint;
                    LogKept(string.Join("; ", e.Problems), _current.Until);
                }
            }
        }
    }

    [LoggerMessage(3401, LogLevel.Information,
        "New connections show the renewed certificate of {File}: {Subject}, valid until {Until}")]
    private partial void LogTaken(string file, string subject, string until);

    [LoggerMessage(3402, LogLevel.Warning,
        "Renewed TLS files cannot be used; new connections show the old certificate, valid until {Until}. {Problem}")]
    private partial void LogKept(string problem, string until);
}
