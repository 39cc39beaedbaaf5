using System.CommandLine;
using Spectre.Console;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client.Tokens;

namespace TokenActors.Cli.Tokens;

/// <summary>What can be asked of tokens.</summary>
internal static class TokenReads
{
    private static readonly Option<int> Days = new("--days")
    {
        Description = "1 to 35", HelpName = "number", DefaultValueFactory = _ => 7,
    };

    private static readonly Argument<string> Action = new("action") { Description = "such as accounts:get" };

    private static readonly Option<string?> On = new("--on")
    {
        Description = "organization, account/{id or name} or integration/{id}", HelpName = "resource",
    };

    private static readonly Option<string?> From = new("--from")
    {
        Description = "an IP address", HelpName = "address",
    };

    public static IEnumerable<Command> Of(CommandHost host) =>
    [
        host.Verb(
            "list", "tokens that you may see", i => i.List(Views.Token, i.Client.Tokens.List), CommonOptions.ForLists),
        host.Verb("show", "one token", Show, TokenNames.Token),
        host.Verb("tree", "what was made with it, and with that", Tree, TokenNames.Token),
        host.Verb("history", "what happened to it", History, [TokenNames.Token, .. CommonOptions.ForPages]),
        host.Verb("usage", "how often it was accepted and refused", Usage, TokenNames.Token, Days),
        host.Verb("can", "may it, and which clause of its grant says so", Can, TokenNames.Token, Action, On, From),
    ];

    private static async Task<ExitCode> Show(Invocation invocation) =>
        invocation.Show(await TokenNames.Get(invocation).ConfigureAwait(false), Views.Token);

    private static async Task<ExitCode> History(Invocation invocation)
    {
        var id = await TokenNames.IdOf(invocation).ConfigureAwait(false);
        return await invocation.List(
            Views.Audit, query => invocation.Client.Tokens.History(id, query)).ConfigureAwait(false);
    }

    private static async Task<ExitCode> Usage(Invocation invocation)
    {
        var id = await TokenNames.IdOf(invocation).ConfigureAwait(false);
        var usage = await invocation.Client.Tokens.Usage(
            id, invocation.Get(Days), invocation.Cancellation).ConfigureAwait(false);
        if (invocation.Get(CommonOptions.Output) is not OutputFormat.Table)
        {
            return invocation.Show(usage, Views.Usage);
        }

        invocation.Printer.List(usage.Hours, Views.Usage);
        invocation.Note(
            $"{usage.Accepted} accepted, {usage.Refused.Values.Sum()} refused in {invocation.Get(Days)} days.");
        return ExitCode.Done;
    }

    private static async Task<ExitCode> Can(Invocation invocation)
    {
        var id = await TokenNames.IdOf(invocation).ConfigureAwait(false);
        var answer = await invocation.Client.Tokens.Can(
            id, invocation.Get(Action), invocation.Get(On), invocation.Get(From), invocation.Cancellation).ConfigureAwait(false);
        invocation.Show(answer, Views.Can);
        return answer.Allowed ? ExitCode.Done : ExitCode.Refused;
    }

    private static async Task<ExitCode> Tree(Invocation invocation)
    {
        var root = await TokenNames.Get(invocation).ConfigureAwait(false);
        List<Token> below = [];
        await foreach (var token in invocation.Client.Tokens.Descendants(root.Id)
            .WithCancellation(invocation.Cancellation).ConfigureAwait(false))
        {
            below.Add(token);
        }

        if (invocation.Get(CommonOptions.Output) is not OutputFormat.Table)
        {
            invocation.Printer.List<Token>([root, .. below], Views.Token);
            return ExitCode.Done;
        }

        var children = below.ToLookup(token => token.ParentId);
        var tree = new Tree(TextOf(root));
        Grow(tree, root.Id, children);
        invocation.Terminal.Screen.Write(tree);
        return ExitCode.Done;
    }

    private static void Grow(IHasTreeNodes node, string id, ILookup<string?, Token> children)
    {
        foreach (var child in children[id].Where(child => child.Id != id))
        {
            Grow(node.AddNode(TextOf(child)), child.Id, children);
        }
    }

    private static string TextOf(Token token) =>
        Markup.Escape($"{Fields.Visible(token.Name)}  {token.Kind}  {token.State}  {token.Id}");
}
