using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Orleans.Connections.Security;

namespace TokenActors.Hosting.Tls;

/// <summary>
/// The TLS handshake of one connection. Orleans reports a failed handshake to its logger only, with a stack trace for
/// each attempt. This class is the logger that Orleans resolves, so that it learns the reason for the connection.
/// </summary>
internal sealed class Handshake(TlsIdentity identity, DateTimeOffset now) : IServiceProvider, ILoggerFactory, ILogger
{
    private const string ServerName = "tokenactors";
    private const string EndedIt =
        "ended the TLS handshake, as one does that has no TLS or refuses this side's certificate";

    private (string Reason, string Detail)? _refusal;

    /// <summary>Why the handshake failed, as a phrase that continues "the peer ..."; null unless it failed.</summary>
    public (string Reason, string Detail)? Failure { get; private set; }

    /// <summary>Orleans' TLS options for this connection.</summary>
    public TlsOptions Options => new()
    {
        // Orleans refuses options without a selector; the certificate that is shown is set below.
        LocalServerCertificateSelector = (_, _) => identity.Own.TargetCertificate,

        // With any other mode Orleans refuses a peer without a certificate, and logs nothing. IsBelieved judges every
        // peer.
        RemoteCertificateMode = RemoteCertificateMode.NoCertificate,
        OnAuthenticateAsServer = (_, tls) => Set((SslServerAuthenticationOptions)tls.SslServerAuthenticationOptions),
        OnAuthenticateAsClient = (_, tls) => Set((SslClientAuthenticationOptions)tls.SslClientAuthenticationOptions),
    };

    private void Set(SslServerAuthenticationOptions tls)
    {
        tls.ServerCertificateSelectionCallback = null;
        tls.ServerCertificateContext = identity.Own;
        tls.ClientCertificateRequired = true;
        tls.AllowTlsResume = false;
        tls.CertificateChainPolicy = identity.Trust.Policy(now);
        tls.RemoteCertificateValidationCallback = IsBelieved;
    }

    private void Set(SslClientAuthenticationOptions tls)
    {
        tls.ClientCertificateContext = identity.Own;
        tls.TargetHost = ServerName;

        // A resumed session would keep the certificates of the earlier connection.
        tls.AllowTlsResume = false;
        tls.CertificateChainPolicy = identity.Trust.Policy(now);
        tls.RemoteCertificateValidationCallback = IsBelieved;
    }

    /// <summary>
    /// Called after the platform has built and judged the chain by the policy; keeps the reason of a refusal.
    /// </summary>
    private bool IsBelieved(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (certificate is null || chain is null)
        {
            _refusal = ("shows no certificate", "one of the authority is demanded");
            return false;
        }

        var fault = Trust.FaultOf(chain);
        _refusal = ($"shows a certificate that {fault.Reason}", fault.Detail);
        return false;
    }

    object? IServiceProvider.GetService(Type serviceType) => serviceType == typeof(ILoggerFactory) ? this : null;

    ILogger ILoggerFactory.CreateLogger(string categoryName) => this;

    void ILoggerFactory.AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    void ILogger.Log<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
        {
            Failure = _refusal ?? ReasonOf(exception);
        }
    }

    void IDisposable.Dispose()
    {
    }

    private static (string Reason, string Detail) ReasonOf(Exception exception) => exception switch
    {
        OperationCanceledException => ("did not finish the TLS handshake in time", exception.Message),
        IOException => (EndedIt, exception.Message),
        _ => ("does not speak TLS as this side does", exception.Message),
    };
}
