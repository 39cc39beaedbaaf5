using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Tokens;

/// <summary>What can be asked of a secret, which comes from stdin.</summary>
internal static class SecretCommands
{
    private static readonly Option<bool> IsRefresh = new("--refresh") { Description = "it may be a refresh secret" };
    private static readonly Option<string?> From = new("--from")
    {
        Description = "address it was presented from", HelpName = "address",
    };

    private static readonly Option<string?> Scope = new("--scope")
    {
        Description = "word that its scope must have", HelpName = "word",
    };

    public static IEnumerable<Command> Of(CommandHost host) =>
    [
        host.Verb("inspect", "what a secret on stdin is now, by introspection", Inspect, IsRefresh, From),
        host.Verb(
            "verify", "exit with 0 where a secret on stdin is accepted, with 5 where it is not", Verify, From, Scope),
    ];

    private static async Task<ExitCode> Inspect(Invocation invocation) => invocation.Show(
        (await Ask(invocation, invocation.Get(IsRefresh)).ConfigureAwait(false))[0], Views.Introspection);

    private static async Task<ExitCode> Verify(Invocation invocation)
    {
        var found = (await Ask(invocation, areRefreshSecrets: false).ConfigureAwait(false))[0];
        var isAccepted = found.Active
            && (invocation.Get(Scope) is not { } word || found.Scope?.Split(' ').Contains(word, StringComparer.Ordinal) == true);
        invocation.Note(isAccepted ? "Accepted." : "Not accepted.");
        return isAccepted ? ExitCode.Done : ExitCode.Refused;
    }

    private static Task<IReadOnlyList<Client.Tokens.Introspection>> Ask(Invocation invocation, bool areRefreshSecrets)
    {
        var secret = invocation.ReadSecret("Secret:");
        return invocation.Client.Tokens.Introspect(
            [secret], areRefreshSecrets, invocation.Get(From), invocation.Cancellation);
    }
}
