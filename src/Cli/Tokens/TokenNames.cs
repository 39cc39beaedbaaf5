using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client;
using TokenActors.Client.Tokens;

namespace TokenActors.Cli.Tokens;

/// <summary>Finds tokens by id or name.</summary>
internal static class TokenNames
{
    public static readonly Argument<string> Token = new("token") { Description = "id or name of a token" };

    /// <summary>The id of the token that the command line names.</summary>
    public static Task<string> IdOf(Invocation invocation) => IdOf(invocation, invocation.Get(Token));

    /// <summary>The id of a token; an id is taken as it is.</summary>
    public static async Task<string> IdOf(Invocation invocation, string token)
    {
        if (token.Length == 0)
        {
            throw CliException.Usage("Which token? Its name is empty.");
        }

        if (Guid.TryParse(token, out _))
        {
            return token;
        }

        var query = new ListQuery { Filters = [$"name[eq]{token}"], Limit = 2 };
        var found = await invocation.Client.Tokens.List(query).Page(invocation.Cancellation).ConfigureAwait(false);
        return found.Items switch
        {
            [var one] => one.Id,
            [] => throw new CliException(ExitCode.NotFound, $"There is no token {token}. See: ta token list"),
            _ => throw CliException.Usage($"Several tokens are called {token}: say which by its id."),
        };
    }

    public static async Task<Token> Get(Invocation invocation) => await invocation.Client.Tokens.Get(
        await IdOf(invocation).ConfigureAwait(false), invocation.Cancellation).ConfigureAwait(false);
}
