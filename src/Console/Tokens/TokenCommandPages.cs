using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;
using TokenActors.WebConsole.SignIn;

namespace TokenActors.WebConsole.Tokens;

/// <summary>
/// A command for a token: its page says what it would do, its form does it. New secrets are in the answer of the form
/// and nowhere else; the same form sent again is answered alike.
/// </summary>
internal static class TokenCommandPages
{
    private const string Deadline = "deadline";
    private const string Minted = "minted_at";

    /// <summary>
    /// Nothing is guessed: a day without a time, or a 5/6 that is June to one and May to another, is refused.
    /// </summary>
    private static readonly string[] UntilForms =
        ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    public static void MapTokenCommands(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tokens/{id:guid}/{command}", Show).WithName("console_token_command");
        pages.MapPost("/tokens/{id:guid}/{command}", Send).WithName("console_token_commands");
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id, string command, Visits visits)
    {
        if (TokenCommand.Find(command) is not { } found)
        {
            return Results.NotFound();
        }

        if (Elsewhere(request, id, found, visits) is { } elsewhere)
        {
            return elsewhere;
        }

        return await Form(request, id, found, new FormState().Set(Deadline, request.Query(Deadline) ?? "1d"));
    }

    private static async Task<IResult> Send(
        ConsoleRequest request, string id, string command, ConsoleForm form, Visits visits, Notices notices)
    {
        if (TokenCommand.Find(command) is not { } found)
        {
            return Results.NotFound();
        }

        if (Elsewhere(request, id, found, visits) is { } elsewhere)
        {
            return elsewhere;
        }

        var state = FormState.Of(form, Deadline, "until", ConsoleForm.MadeAtField, Minted);
        var deadline = found.TakesDeadline
            ? DeadlineOf(form, state, form.MadeAt(request.Now), found.DemandsDeadline)
            : null;
        if (state.IsRefused)
        {
            return await Form(request, id, found, state);
        }

        try
        {
            // A token that is gone has no name any more. Who sends the form twice finds none, and is answered alike.
            var name = found.Name == "revoke"
                ? (await PageParts.Try(request.Api.Tokens.Get(id, request.Aborted))).Value?.Name ?? "The token"
                : "";
            CommandCall call = new(request.Api, id, deadline, MintedAt(form), request.Aborted);
            var token = await found.Send(call, form.CallKey);
            return token switch
            {
                null => notices.GoTo(request, Places.Tokens, $"{name} is revoked."),
                { Secrets: null } => Pages.GoTo($"{TokenPaths.Of(id)}?done={found.Name}"),
                _ => request.Show<NewSecretsView>("New secrets", new()
                {
                    [nameof(NewSecretsView.Token)] = token,
                    [nameof(NewSecretsView.Heading)] = $"{found.Title}: done",
                }),
            };
        }
        catch (TokenActorsException e) when (e.Status != System.Net.HttpStatusCode.Unauthorized)
        {
            return await Form(request, id, found, state.Reject(e));
        }
    }

    private static async Task<IResult> Form(ConsoleRequest request, string id, TokenCommand command, FormState state)
    {
        var token = await request.Api.Tokens.Get(id, request.Aborted);

        // What nobody knows the outcome of is sent again as it was, or it would be another call under the same key.
        if (state.Value(ConsoleForm.MadeAtField) is null || (state.IsRefused && !state.IsUndecided))
        {
            state.Set(ConsoleForm.MadeAtField, request.Now.ToString("O", CultureInfo.InvariantCulture));
            state.Set(Minted, token.Primary?.MintedAt.ToString("O", CultureInfo.InvariantCulture));
        }

        Dictionary<string, object> view = new()
        {
            [nameof(TokenCommandView.Token)] = token,
            [nameof(TokenCommandView.Command)] = command,
            [nameof(TokenCommandView.State)] = state,
        };
        try
        {
            view[nameof(TokenCommandView.Preview)] =
                await command.Preview(new CommandCall(request.Api, id, request.Now.AddDays(1), null, request.Aborted));
        }
        catch (TokenActorsException e)
        {
            view[nameof(TokenCommandView.Refusal)] = e.Detail;
            view[nameof(TokenCommandView.IsForbidden)] = e.Status == System.Net.HttpStatusCode.Forbidden;
        }

        return request.Show<TokenCommandView>(
            $"{command.Title} {token.Name}", view,
            state.Status());
    }

    private static IResult? Elsewhere(ConsoleRequest request, string id, TokenCommand command, Visits visits) =>
        command.NeedsProof ? visits.AskAgain(request, TokenPaths.Of(id, command.Name)) : null;

    private static DateTimeOffset? MintedAt(ConsoleForm form) =>
        DateTimeOffset.TryParseExact(
            form.Text(Minted), "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var minted)
            ? minted
            : null;

    /// <summary>A span of the form, or the time that was typed, in UTC.</summary>
    private static DateTimeOffset? DeadlineOf(ConsoleForm form, FormState state, DateTimeOffset now, bool isDemanded)
    {
        if (form.Text("until") is { } text)
        {
            const DateTimeStyles InUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            if (!DateTimeOffset.TryParseExact(text, UntilForms, CultureInfo.InvariantCulture, InUtc, out var until))
            {
                state.Reject("until", "Write it as 2030-01-31 12:00, in UTC.");
                return null;
            }

            // A slip in the year would end the former pair at once.
            if (until <= now)
            {
                state.Reject(
                    "until",
                    isDemanded ? "That is over. To end the former pair now, choose 'no longer'." : "That is over.");
            }

            return until;
        }

        switch (form.Text(Deadline))
        {
            case "now":
                return now;
            case "1h":
                return now.AddHours(1);
            case "1d":
                return now.AddDays(1);
            case "7d":
                return now.AddDays(7);
            case { Length: > 0 }:
                state.Reject(Deadline, "Choose one of these.");
                return null;
            default:
                if (isDemanded)
                {
                    state.Reject(Deadline, "Say until when.");
                }

                return null;
        }
    }
}
