using System.CommandLine;
using System.Net;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Profiles;
using TokenActors.Cli.Running;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.Client.Session;

namespace TokenActors.Cli.Sessions;

/// <summary><c>ta auth</c>.</summary>
internal static class AuthCommands
{
    private static readonly Option<string?> Organization = new("--organization")
    {
        Description = "id or name", HelpName = "organization",
    };

    private static readonly Option<string?> Name = new("--name") { Description = "of the member", HelpName = "member" };

    private static readonly Option<bool> Pasted = new("--token-stdin")
    {
        Description = "sign in by an access secret on stdin, with its refresh secret on a second line",
    };

    private static readonly Option<string?> Helper = new("--credential-helper")
    {
        Description = "command that prints an access secret", HelpName = "command",
    };

    public static Command Of(CommandHost host) => CommandHost.Group(
        "auth", "signing in and out",
        host.Verb(
            "login", "sign in; the password is asked for, or comes from stdin", LogIn, Organization, Name, Pasted,
            Helper),
        host.Verb("status", "who you are", async i => i.Show(
            await i.Client.Session.Identity(i.Cancellation).ConfigureAwait(false), Views.Identity)),
        host.Verb(
            "password", "change your password; the old and the new one are asked for, or come from stdin", Password,
            Organization, Name),
        host.Verb("logout", "end the session, and forget its secrets", LogOut));

    private static async Task<ExitCode> LogIn(Invocation i)
    {
        var folder = new ConfigurationFolder(i.Terminal);
        var name = folder.NameOf(i.Get(CommonOptions.Profile));
        var profile = folder.Get(name, isAskedFor: false);
        profile.Url = i.Get(CommonOptions.Url) ?? i.Terminal.Variable("TOKENACTORS_URL") ?? profile.Url
            ?? Ask(i, "Where is the service?");
        profile.Organization = i.Get(Organization) ?? profile.Organization;
        profile.Member = i.Get(Name) ?? profile.Member;
        profile.CredentialHelper = i.Get(Helper) ?? profile.CredentialHelper;
        if (i.Has(Helper))
        {
            await folder.Keep(name, profile, i.Time, i.Cancellation).ConfigureAwait(false);

            // A session that is kept would come before the helper. It is not ended: that deletes what was made with it.
            folder.Forget(name);
            i.Note($"The profile {name} asks its helper.");
            return ExitCode.Done;
        }

        // What was pasted is no session of a member who signed in.
        profile.Member = i.Get(Pasted) ? null : profile.Member;
        var credential = i.Get(Pasted) ? ReadPair(i) : await LogOn(i, profile).ConfigureAwait(false);
        var client = ClientOf(i, profile.Url, credential.Access);
        var who = await client.Session.Identity(i.Cancellation).ConfigureAwait(false);
        await folder.Keep(name, profile, i.Time, i.Cancellation).ConfigureAwait(false);
        await folder.Keep(name, credential, i.Time, i.Cancellation).ConfigureAwait(false);
        i.Note($"Signed in to {profile.Url} as {NameOf(who)}.");
        return ExitCode.Done;
    }

    private static async Task<StoredCredential> LogOn(Invocation i, Profile profile)
    {
        profile.Organization ??= Ask(i, "Organization:");
        profile.Member ??= Ask(i, "Name:");
        var password = i.ReadPassword("Password:");
        var session = await ClientOf(i, profile.Url, null).Session
            .LogOn(profile.Organization, profile.Member, password, i.Cancellation).ConfigureAwait(false);
        return session.MustChangePassword
            ? throw new CliException(ExitCode.Refused, "The password must be changed first: ta auth password")
            : Stored(i, session);
    }

    private static StoredCredential Stored(Invocation i, LogOn session) =>
        new(session.Token.Access.Secret, session.Token.Refresh?.Secret)
        {
            RenewedAt = i.Time.GetUtcNow(),
            ExpiresAt = session.Token.Access.Expires,
            CreatedAt = session.AnsweredAt ?? i.Time.GetUtcNow(),
            Life = StoredCredential.LifeOf(session.Token.Access.Expires, session.AnsweredAt),
        };

    private static StoredCredential ReadPair(Invocation i)
    {
        var access = i.ReadSecret("Access secret:");
        var refresh = i.Terminal.IsInteractive ? null : i.Terminal.Input.ReadLine()?.Trim();
        if (string.IsNullOrEmpty(refresh))
        {
            return new(access, null);
        }

        return TokenIds.Of(refresh) is { } id && id == TokenIds.Of(access.Reveal())
            ? new(access, new Secret(refresh))
            : throw CliException.Usage("The second line is no refresh secret of the same token.");
    }

    private static async Task<ExitCode> Password(Invocation i)
    {
        var folder = new ConfigurationFolder(i.Terminal);
        var profile = folder.Get(folder.NameOf(i.Get(CommonOptions.Profile)), isAskedFor: false);
        var url = i.Get(CommonOptions.Url) ?? i.Terminal.Variable("TOKENACTORS_URL") ?? profile.Url;
        var (old, changed) = (i.ReadPassword("Password:"), i.ReadPassword("New password:"));
        var session = await ClientOf(i, url, null).Session.LogOn(
            i.Get(Organization) ?? profile.Organization ?? Ask(i, "Organization:"), i.Get(Name) ?? profile.Member ?? Ask(i, "Name:"), old, i.Cancellation)
            .ConfigureAwait(false);
        var client = ClientOf(i, url, session.Token.Access.Secret);
        await client.Session.ChangePassword(old, changed, cancellation: i.Cancellation).ConfigureAwait(false);
        if (!session.MustChangePassword)
        {
            await client.Session.LogOff(i.Cancellation).ConfigureAwait(false);
        }

        i.Note("The password was changed. Sign in with: ta auth login");
        return ExitCode.Done;
    }

    private static async Task<ExitCode> LogOut(Invocation i)
    {
        var folder = new ConfigurationFolder(i.Terminal);
        var name = folder.NameOf(i.Get(CommonOptions.Profile));
        try
        {
            if (folder.CredentialOf(name).Load() is { } kept && !await End(i, kept).ConfigureAwait(false))
            {
                i.Note("It was no session that lives.");
            }
        }
        catch (CliException e) when (e.ExitCode == ExitCode.NotSignedIn)
        {
            // A file that is cut, or without a secret: there is nothing to end it by.
            i.Note("What was kept cannot be used: a session of it lives until its own end.");
        }

        folder.Forget(name);
        i.Note($"Nobody is signed in as {name} any more.");
        return ExitCode.Done;
    }

    /// <summary>
    /// Ends the session whose secrets a profile keeps, whoever the environment says. False where it has ended already,
    /// or where it is a token that lives on elsewhere.
    /// </summary>
    private static async Task<bool> End(Invocation i, StoredCredential kept)
    {
        try
        {
            await Connection.OpenKept(i, kept).Session.LogOff(i.Cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TokenActorsException e) when (e.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return false;
        }
    }

    private static string NameOf(Identity who) =>
        $"{who.Member?.Name ?? who.Token.MemberId}, by the token {who.Token.Name} ({who.Token.Kind})";

    private static TokenActorsClient ClientOf(Invocation i, string? url, Secret? bearer) =>
        Connection.OpenAt(i, url, bearer);

    private static string Ask(Invocation i, string question) => i.Terminal.IsInteractive
        ? i.Terminal.Ask(question)
        : throw CliException.Usage($"{question} Say --url, --organization and --name: nobody can be asked here.");
}
