using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;

namespace TokenActors.WebConsole.Sessions;

/// <summary>
/// Looks at every cookie before its page begins: ends the session that is too old, and renews the pair that is about to
/// end. Pages that renew at the same time get the same pair, since they do it under one idempotency key.
/// </summary>
internal sealed class SessionRenewal(ConsoleClients clients, ConsoleOptions options, TimeProvider time)
{
    /// <summary>How long before its end an access secret is renewed.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(2);

    public async Task Validate(CookieValidatePrincipalContext context)
    {
        var now = time.GetUtcNow();
        if (ConsoleSession.From(context.Properties) is not { } session || session.BeganAt + options.LongestLife <= now)
        {
            context.RejectPrincipal();
            return;
        }

        if (session.Refresh is null && session.AccessExpiresAt <= now)
        {
            context.RejectPrincipal();
            return;
        }

        if (LivePart.Is(context.Request) || session.Refresh is not { } refresh
            || !(session.AccessExpiresAt - now < Ahead))
        {
            return;
        }

        try
        {
            Keep(context, await Renewed(context.HttpContext, session, refresh));
        }
        catch (TokenActorsException e) when (e.Status is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound)
        {
            context.RejectPrincipal();
        }
        catch (TokenActorsException)
        {
            // The access secret may hold a little longer than the service is away.
        }
    }

    private async Task<ConsoleSession> Renewed(HttpContext http, ConsoleSession session, string refresh)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("console " + refresh)))[..32];
        var pair = (await clients.For(http, access: null).Session.Refresh(new Secret(refresh)).Send(key, http.RequestAborted)).Primary;
        return session with
        {
            Access = pair.Access.Secret.Reveal(),
            Refresh = pair.Refresh?.Secret.Reveal(),
            AccessExpiresAt = pair.Access.Expires,
        };
    }

    private void Keep(CookieValidatePrincipalContext context, ConsoleSession session)
    {
        var renewed = session.ToProperties(time.GetUtcNow(), options.IdleLife);
        foreach (var (name, value) in renewed.Items)
        {
            context.Properties.Items[name] = value;
        }

        context.ReplacePrincipal(session.ToPrincipal());
        context.ShouldRenew = true;
    }
}
