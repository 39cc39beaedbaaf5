using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.Client.Session;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.Sessions;

namespace TokenActors.WebConsole.SignIn;

/// <summary>Begins and ends the session of a browser.</summary>
internal sealed class Visits(ConsoleClients clients, ConsoleOptions options, TimeProvider time)
{
    /// <summary>
    /// Where somebody goes who has to prove again who they are, and from there back; null where they did within the
    /// last minutes.
    /// </summary>
    /// <param name="request">of the browser</param>
    /// <param name="back">the page that needs it</param>
    public IResult? AskAgain(ConsoleRequest request, string back) =>
        request.Session is { } session && time.GetUtcNow() - session.ProvedAt >= options.ConfirmedFor
            ? Pages.GoTo(Pages.Leading(Places.Confirm, back))
            : null;

    /// <summary>Signs in with a password. Whoever was signed in before is signed out.</summary>
    /// <param name="request">of the browser</param>
    /// <param name="organization">id or name</param>
    /// <param name="name">of the member</param>
    /// <param name="password">of the member</param>
    /// <param name="beganAt">when the session began, where it goes on</param>
    /// <exception cref="TokenActorsException">name or password is wrong, or the member may not log on</exception>
    public async Task SignIn(
        ConsoleRequest request, string organization, string name, string password, DateTimeOffset? beganAt = null)
    {
        var before = request.Session;
        var session = await LogOn(request, organization, name, password);
        await Begin(request, session with { Id = IdOf(request, beganAt), BeganAt = beganAt ?? session.BeganAt });
        await End(request, before);
    }

    /// <summary>
    /// A session proves who it is. It goes on as it is, since what it made may end with it; the log-on that proved it
    /// ends. Another member may have come to bear the name: then the session is that one's.
    /// </summary>
    /// <exception cref="TokenActorsException">the password is wrong, or the member may not log on</exception>
    public async Task Prove(
        ConsoleRequest request, ConsoleSession session, string organization, string name, string password)
    {
        var proof = await LogOn(request, organization, name, password);
        if (proof.MustChangePassword || proof.MemberId != session.MemberId)
        {
            await Begin(request, proof with { Id = session.Id, BeganAt = session.BeganAt });
            await End(request, session);
            return;
        }

        await Begin(request, session with { ProvedAt = proof.ProvedAt });
        await End(request, proof);
    }

    /// <summary>Signs in with a secret that was pasted; it is neither renewed nor ended by the console.</summary>
    /// <exception cref="TokenActorsException">the secret is not accepted</exception>
    public async Task SignIn(ConsoleRequest request, string secret, DateTimeOffset? beganAt = null)
    {
        var now = time.GetUtcNow();
        var identity = await clients.For(request.Http, secret).Session.Identity(request.Aborted);
        var token = identity.Token;
        await Begin(request, new ConsoleSession
        {
            Id = IdOf(request, beganAt),
            Access = secret,
            TokenId = token.Id,
            AccessExpiresAt = token.Primary.Access.ExpiresAt,
            BeganAt = beganAt ?? now,
            ProvedAt = now,
            DisplayName = identity.Member is { } member ? NameOf(member.Fullname, member.Name) : token.FullName,
            OrganizationName = identity.Organization is { } own ? NameOf(own.Fullname, own.Name) : null,
        });
    }

    /// <summary>Ends the session here, and its token at the service; false where the service could not be told.</summary>
    public async Task<bool> SignOut(ConsoleRequest request)
    {
        await request.Http.SignOutAsync(ConsoleSession.Scheme);
        return await End(request, request.Session);
    }

    private async Task<ConsoleSession> LogOn(ConsoleRequest request, string organization, string name, string password)
    {
        var now = time.GetUtcNow();
        var logOn = await clients.For(request.Http, access: null)
            .Session.LogOn(organization, name, new Secret(password), request.Aborted);
        return SessionOf(logOn, organization, name, now);
    }

    private async Task Begin(ConsoleRequest request, ConsoleSession session)
    {
        await request.Http.SignInAsync(
            ConsoleSession.Scheme, session.ToPrincipal(), session.ToProperties(time.GetUtcNow(), options.IdleLife));
    }

    /// <summary>A session that was made by a log-on is logged off; where that fails it ends by itself.</summary>
    private async Task<bool> End(ConsoleRequest request, ConsoleSession? session)
    {
        if (session is not { Refresh: not null, MustChangePassword: false })
        {
            return true;
        }

        try
        {
            await clients.For(request.Http, session.Access).Session.LogOff(CancellationToken.None);
            return true;
        }
        catch (TokenActorsException e)
        {
            // Where it is over already, there is nothing left to end.
            return e.Status == HttpStatusCode.Unauthorized;
        }
    }

    /// <summary>That of the session that goes on; a session that begins has a new one.</summary>
    private static string IdOf(ConsoleRequest request, DateTimeOffset? beganAt) =>
        beganAt is not null && request.Session is { } session
            ? session.Id
            : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private static ConsoleSession SessionOf(LogOn logOn, string organization, string name, DateTimeOffset now) => new()
    {
        Id = "",
        Access = logOn.Token.Access.Secret.Reveal(),
        Refresh = logOn.Token.Refresh?.Secret.Reveal(),
        TokenId = logOn.RefreshTokenId,
        AccessExpiresAt = logOn.Token.Access.Expires,
        BeganAt = now,
        ProvedAt = now,
        Organization = organization,
        MemberId = logOn.Member.Id,
        Member = name,
        Roles = logOn.Member.RoleBinding,
        DisplayName = NameOf(logOn.Member.Fullname, logOn.Member.Name),
        OrganizationName = NameOf(logOn.Organization.Fullname, logOn.Organization.Name),
        MustChangePassword = logOn.MustChangePassword,
    };

    private static string NameOf(string? fullName, string name) => fullName is { Length: > 0 } ? fullName : name;
}
