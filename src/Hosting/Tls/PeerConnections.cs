using Microsoft.AspNetCore.Connections;

namespace TokenActors.Hosting.Tls;

/// <summary>
/// The connections between silos and from clients to silos. With TLS, both ends show a certificate, and each demands
/// that the other's was issued by the authority that it was given.
/// </summary>
/// <param name="certificates">null where the cluster runs without TLS</param>
/// <param name="refusals">is told why connections came to nothing</param>
/// <param name="time">when certificates must be valid</param>
internal sealed class PeerConnections(CertificateSource? certificates, RefusalLog refusals, TimeProvider time)
{
    private const string NoGreeting = "did not answer the greeting, as one does that ";
    private const string RefusesUs = NoGreeting + "refuses this side's certificate";
    private const string DemandsTls = NoGreeting + "demands TLS, which is not set here (TokenActors:Cluster:Tls)";

    /// <summary>Connections that peers make.</summary>
    public void Accept(IConnectionBuilder connections)
    {
        if (certificates is not null)
        {
            connections.Use(next => context => Secure(context, next, certificates, Direction.From));
        }
    }

    /// <summary>Connections that this process makes.</summary>
    public void Connect(IConnectionBuilder connections)
    {
        if (certificates is not null)
        {
            connections.Use(next => context => Secure(context, next, certificates, Direction.To));
        }

        connections.Use(next => context => Greet(context, next));
    }

    /// <summary>Each connection has a pipeline of its own, with the newest certificates and its own report.</summary>
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
    /// Silence is all that one sees who is refused: with TLS 1.3 the side that calls is done before the other looks at
    /// its certificate, and a peer with TLS does not answer one without.
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
            refusals.Say(Direction.To, context.RemoteEndPoint, reason, e.Message);
            throw;
        }
    }
}
