using TokenActors.Client;
using TokenActors.Client.Tokens;
using TokenActors.WebConsole.Permissions;

namespace TokenActors.WebConsole.Tokens;

/// <summary>One thing that can be done to a token.</summary>
/// <param name="Name">in the address, and of the command line</param>
/// <param name="Title">of its page, and of its button</param>
/// <param name="Effect">what it does, in a sentence</param>
/// <param name="Preview">what it would do now</param>
/// <param name="Send">does it, under a key; null where the token is gone then</param>
public sealed record TokenCommand(
    string Name, string Title, string Effect, Func<CommandCall, Task<Preview>> Preview, Func<CommandCall, string, Task<Token?>> Send)
{
    /// <summary>It takes something away that does not come back.</summary>
    public bool IsDanger { get; init; }

    /// <summary>The person has to give the password again before.</summary>
    public bool NeedsProof { get; init; }

    /// <summary>Whether it is shown to somebody with such rights.</summary>
    internal Func<Rights, bool> IsAllowed { get; init; } = static rights => rights.ChangesTokens;

    /// <summary>It takes until when the former pair is accepted.</summary>
    public bool TakesDeadline { get; init; }

    public bool DemandsDeadline { get; init; }

    /// <summary>Whether it makes sense for a token as it is.</summary>
    public Func<Token, bool> Fits { get; init; } = static _ => true;

    /// <summary>Every command, in the order of their buttons.</summary>
    public static IReadOnlyList<TokenCommand> All { get; } =
    [
        Of("rotate", "Rotate", "Makes a new pair. The former one is accepted until its own end, the deadline or the next rotation.",
            call => call.Api.Tokens.Rotate(call.Id, call.Deadline, call.MintedAt)) with { TakesDeadline = true, Fits = IsRenewable },
        Of("move-deadline", "Move deadline", "Says until when the former pair is accepted. A time that is over ends it at once.",
            call => call.Api.Tokens.MoveDeadline(
                call.Id, call.Deadline ?? throw new InvalidOperationException("no deadline")))
            with { TakesDeadline = true, DemandsDeadline = true, Fits = HasTwoPairs },
        Of("remove-secondary", "End former pair", "Ends the former pair at once. Whoever still uses it is refused from then on.",
            call => call.Api.Tokens.RemoveSecondary(call.Id))
            with { IsDanger = true, NeedsProof = true, Fits = HasTwoPairs, IsAllowed = Ending },
        Of("reset", "Reset", "Makes a new pair, and nothing earlier works. It revives an expired token.",
            call => call.Api.Tokens.Reset(call.Id))
            with { IsDanger = true, NeedsProof = true, Fits = IsRenewable, IsAllowed = static rights => rights.ResetsTokens },
        Of("disable", "Disable", "Lets no secret of it work until it is enabled. Its life runs on.",
            call => call.Api.Tokens.Disable(call.Id))
            with { IsDanger = true, Fits = static token => token.State != "disabled", IsAllowed = Ending },
        Of("enable", "Enable", "Lets its secrets work again.",
            call => call.Api.Tokens.Enable(call.Id)) with { Fits = static token => token.State == "disabled" },
        new("revoke", "Revoke",
            "Ends the token everywhere and for good, and what was made with it, "
            + "but for what belongs to a member or to the organization.",
            call => call.Api.Tokens.Delete(call.Id).Preview(call.Aborted),
            async (call, key) =>
            {
                await call.Api.Tokens.Delete(call.Id).Send(key, call.Aborted);
                return null;
            })
        {
            IsDanger = true, NeedsProof = true, Fits = static token => token.Kind != "default", IsAllowed = Ending,
        },
    ];

    public static TokenCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);

    private static TokenCommand Of(
        string name, string title, string effect, Func<CommandCall, Change<Token, Preview>> change) => new(
        name, title, effect,
        call => change(call).Preview(call.Aborted),
        async (call, key) => await change(call).Send(key, call.Aborted));

    /// <summary>The pair of a bridge, of a session and of an integration is renewed by its holder.</summary>
    private static bool IsRenewable(Token token) => token.Kind is not ("session" or "bridge");

    private static bool Ending(Rights rights) => rights.EndsTokens;

    private static bool HasTwoPairs(Token token) => token.Secondary is not null;
}

/// <summary>A command for one token.</summary>
/// <param name="Api">asks for the person</param>
/// <param name="Id">the token</param>
/// <param name="Deadline">until when the former pair is accepted</param>
/// <param name="MintedAt">when the pair was minted that the person saw as the current one</param>
/// <param name="Aborted">the browser has left</param>
public sealed record CommandCall(
    TokenActorsClient Api, string Id, DateTimeOffset? Deadline, DateTimeOffset? MintedAt, CancellationToken Aborted);
