using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client.Intents;

namespace TokenActors.Cli.Tokens;

/// <summary>
/// <c>ta token collect</c>: carries out what was wished for through the MCP server, and shows the secret to the
/// person, who says yes to it first. Where no person sits it is refused: a model with a shell would see the secret.
/// </summary>
internal static class CollectCommand
{
    private static readonly Argument<string> Wish = new("intent") { Description = "its id, as the tool answered it" };

    public static Command Of(CommandHost host) => host.Verb(
        "collect", "carry out a rotation or a new token that a model asked for", Run,
        Wish, CommonOptions.Key, CommonOptions.Yes);

    private static async Task<ExitCode> Run(Invocation invocation)
    {
        if (!invocation.Terminal.IsInteractive)
        {
            throw CliException.Usage(
                "A person collects it, at a terminal or in the console: whatever runs this without one would see the secret.");
        }

        var intent = await invocation.Client.Intents
            .Get(invocation.Get(Wish), invocation.Cancellation).ConfigureAwait(false);
        if (intent.IsOpen)
        {
            invocation.Confirm(await Describe(invocation, intent).ConfigureAwait(false));
        }

        // One that is not open is asked all the same: under the key of before it is answered once more.
        return await invocation.Change(invocation.Client.Intents.Collect(intent.Id), Views.Token).ConfigureAwait(false);
    }

    private static async Task<string> Describe(Invocation invocation, Intent intent)
    {
        var fields = intent.Body is { Count: > 0 } body ? $" {body.ToJsonString()}" : "";
        if (intent.TokenId is not { } id)
        {
            return $"A new token will be made:{fields}.";
        }

        var token = await invocation.Client.Tokens.Get(id, invocation.Cancellation).ConfigureAwait(false);
        return $"{token.Name} ({id}) will be rotated{(fields.Length > 0 ? $":{fields}" : "")}.";
    }
}
