using Microsoft.AspNetCore.Connections;

namespace TokenActors.Hosting.Tls;

/// <summary>
/// The connections between silos and from clients to silos. With TLS each end shows a certificate, and demands that the
/// other's was issued by the configured authority.
/// </summary>
/// <param name="certificates">null where the cluster runs without TLS</param>
/// <param name="refusals">logs why connections failed</param>
/// <param name="time">the clock of the certificates' validity</param>
internal sealed class PeerConnections(CertificateSource? certificates, RefusalLog refusals, TimeProvider time)
{
    /// <summary>How Orleans begins the message of the exception.</summary>
    private const string OtherCluster = "Unexpected cluster id";

    /// <summary>How long a peer of another cluster may take to read that it is one.</summary>
    private static readonly TimeSpan LongestGreeting = TimeSpan.FromSeconds(5);

    private const string IsAnothers = "is of another cluster";

    private const string NoGreeting = "did not answer the greeting, as one does that ";
    private const string RefusesUs = NoGreeting + "refuses this side's certificate";
    private const string DemandsTls = NoGreeting + "demands TLS, which is not set here (TokenActors:Cluster:Tls)";

    /// <summary>Configures connections that peers open.</summary>
    public void Accept(IConnectionBuilder connections)
    {
        if (certificates is not null)
        {
            connections.Use(next => context => Secure(context, next, certificates, Direction.From));
        }

        connections.Use(next => context => LetTheGreetingBeRead(context, next));
    }

    /// <summary>Configures connections that this process opens.</summary>
    public void Connect(IConnectionBuilder connections)
    {
        if (certificates is not null)
        {
            connections.Use(next => context => Secure(context, next, certificates, Direction.To));
        }

        connections.Use(next => context => Greet(context, next));
    }

    /// <summary>
    /// Gives each connection a TLS pipeline of its own, with the newest certificates and its own handshake report.
    /// </summary>
    private async Task Secure(
        ConnectionContext context, ConnectionDelegate next, CertificateSource source, Direction direction)
    {
        var handshake = new Handshake(source.Current, time.GetUtcNow());
        var pipeline = new ConnectionBuilder(handshake);
        if (direction == Direction.From)
        {
            pipeline.UseServerTls(handshake.Options);
        }
        else
        {
            pipeline.UseClientTls(handshake.Options);
        }

        pipeline.Run(next.Invoke);
        await pipeline.Build()(context);
        if (handshake.Failure is var (reason, detail))
        {
            refusals.Say(direction, context.RemoteEndPoint, reason, detail);
        }
    }

    /// <summary>
    /// Leaves a connection of another cluster open until the peer closes it. The peer learns from this side's greeting
    /// why it is refused, and does not look at a greeting that arrives together with the end of the connection.
    /// </summary>
    private async Task LetTheGreetingBeRead(ConnectionContext context, ConnectionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (InvalidOperationException e) when (e.Message.StartsWith(OtherCluster, StringComparison.Ordinal))
        {
            await Task.Delay(LongestGreeting, time, context.ConnectionClosed)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>
    /// Explains the silence that a refused caller sees: in TLS 1.3 the client is done before the server has checked its
    /// certificate, and a peer with TLS does not answer a caller without.
    /// </summary>
    private async Task Greet(ConnectionContext context, ConnectionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // Orleans throws these only while the first words are exchanged.
            var reason = certificates is null ? DemandsTls : RefusesUs;
            refusals.Say(
                Direction.To, context.RemoteEndPoint,
                e.Message.StartsWith(OtherCluster, StringComparison.Ordinal) ? IsAnothers : reason, e.Message);
            throw;
        }
    }
}
