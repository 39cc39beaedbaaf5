using System.CommandLine;
using System.Net;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client;
using TokenActors.Client.Tokens;

namespace TokenActors.Cli.Tokens;

/// <summary>Finds tokens by id or name.</summary>
internal static class TokenNames
{
    private const string TheName = "the name";

    public static readonly Argument<string> Token = new("token") { Description = "id or name of a token" };

    /// <summary>The id of the token that the command line names.</summary>
    public static Task<string> IdOf(Invocation invocation) => IdOf(invocation, invocation.Get(Token));

    /// <summary>
    /// The id of a token; an id is taken as it is. Under an idempotency key the id is told, by which the change can be
    /// repeated: a token that is gone has no name any more, and the secret that asked may be over.
    /// </summary>
    /// <param name="invocation">the command</param>
    /// <param name="token">id or name</param>
    /// <exception cref="CliException">there is none, there are several, or it is a secret</exception>
    public static async Task<string> IdOf(Invocation invocation, string token)
    {
        if (token.Length == 0)
        {
            throw CliException.Usage("Which token? Its name is empty.");
        }

        if (Guid.TryParse(token, out _))
        {
            invocation.Meant.Remove(TheName);
            return token;
        }

        if (TokenIds.Of(token) is { } secrets)
        {
            throw CliException.Usage(
                $"That is a secret, and no name; the history of the shell has it now. Its token is {secrets}.");
        }

        // Amid other words: the service is not asked for a name that its log would show.
        if (Failures.HoldsSecret(token))
        {
            throw CliException.Usage("There is a secret in that name; the history of the shell has it now.");
        }

        var id = await Find(invocation, token).ConfigureAwait(false);
        invocation.Meant[TheName] = id;
        if (invocation.Get(CommonOptions.Key) is not null)
        {
            invocation.Note($"ta: {token} is {id}. Under this key, repeat it with the id in place of the name.");
        }

        return id;
    }

    private static async Task<string> Find(Invocation invocation, string name)
    {
        var isKeyed = invocation.Get(CommonOptions.Key) is not null;
        var query = new ListQuery { Filters = [$"name[eq]{name}"], Limit = 2 };
        try
        {
            var found = await invocation.Client.Tokens.List(query).Page(invocation.Cancellation).ConfigureAwait(false);
            return found.Items switch
            {
                [var one] => one.Id,
                [] => throw new CliException(ExitCode.NotFound, $"There is no token {name}. {AdviceOf("See: ta token list")}"),
                _ => throw CliException.Usage($"Several tokens are called {name}: say which by its id."),
            };
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.Unauthorized && isKeyed)
        {
            throw new CliException(ExitCode.NotSignedIn, $"{e.Detail} {AdviceOf("")}");
        }

        string AdviceOf(string otherwise) => isKeyed
            ? "What was done under this key before is answered again by the token's id alone."
            : otherwise;
    }

    public static async Task<Token> Get(Invocation invocation) => await invocation.Client.Tokens.Get(
        await IdOf(invocation).ConfigureAwait(false), invocation.Cancellation).ConfigureAwait(false);
}
