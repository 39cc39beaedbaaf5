using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Tokens;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Tokens;

/// <summary>
/// Changes what describes and bounds a token. What somebody else changed meanwhile is shown and not overwritten: the form
/// carries the tag of what it was made from.
/// </summary>
internal static class TokenEditPages
{
    private const string Tag = "tag";
    private static readonly string[] Fields =
        ["description", "labels", "contact", "life", "addresses", "uses", "per_second", "burst"];

    public static void MapTokenEditing(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tokens/{id:guid}/edit", Show).WithName("console_token_edit");
        pages.MapPost("/tokens/{id:guid}/edit", Save).WithName("console_token_edits");
    }

    private static async Task<IResult> Show(ConsoleRequest request, string id)
    {
        var token = await request.Api.Tokens.Get(id, request.Aborted);
        return Form(request, token, StateOf(token), changedMeanwhile: false);
    }

    private static async Task<IResult> Save(ConsoleRequest request, string id, ConsoleForm form)
    {
        var state = FormState.Of(form, [.. Fields, Tag, .. Fields.Select(Before)]);
        var patch = PatchOf(form, state);
        if (patch.IsEmpty && !state.IsRefused)
        {
            return Pages.GoTo(TokenPaths.Of(id));
        }

        try
        {
            if (!state.IsRefused)
            {
                await request.Api.Tokens.Patch(id, patch, form.Text(Tag) ?? "").Send(form.CallKey, request.Aborted);
                return Pages.GoTo($"{TokenPaths.Of(id)}?done=edit");
            }
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.PreconditionFailed)
        {
            var now = await request.Api.Tokens.Get(id, request.Aborted);
            return Form(request, now, Merged(state, now), changedMeanwhile: true);
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            state.Reject(e);
        }

        return Form(request, await request.Api.Tokens.Get(id, request.Aborted), state, changedMeanwhile: false);
    }

    private static IResult Form(ConsoleRequest request, Token token, FormState state, bool changedMeanwhile) =>
        request.Show<TokenEditView>(
            $"Edit {token.Name}",
            new()
            {
                [nameof(TokenEditView.Token)] = token,
                [nameof(TokenEditView.State)] = state,
                [nameof(TokenEditView.ChangedMeanwhile)] = changedMeanwhile,
            },
            state.IsRefused || changedMeanwhile ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);

    private static string Before(string field) => field + "_before";

    private static FormState StateOf(Token token)
    {
        var state = new FormState().Set(Tag, token.Tag);
        foreach (var field in Fields)
        {
            state.Set(field, Text(token, field)).Set(Before(field), Text(token, field));
        }

        return state;
    }

    /// <summary>What was typed stays; what was not touched becomes what it is now; the tag is that of now.</summary>
    private static FormState Merged(FormState typed, Token now)
    {
        var merged = StateOf(now);
        foreach (var field in Fields.Where(field => typed.Value(field) != typed.Value(Before(field))))
        {
            merged.Set(field, typed.Value(field));
        }

        return merged;
    }

    private static string? Text(Token token, string field) => field switch
    {
        "description" => token.Description,
        "labels" => string.Join(", ", token.Labels),
        "contact" => token.Contact,
        "life" => token.Life,
        "addresses" => string.Join(", ", token.Addresses ?? []),
        "uses" => token.Uses?.ToString(CultureInfo.InvariantCulture),
        "per_second" => token.PerSecond?.ToString(CultureInfo.InvariantCulture),
        _ => token.Burst?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Only what the person changed.</summary>
    private static TokenPatch PatchOf(ConsoleForm form, FormState state)
    {
        var patch = new TokenPatch();
        foreach (var field in Fields.Where(field => (form.Text(field) ?? "") != (form.Text(Before(field)) ?? "")))
        {
            Set(patch, field, form, state);
        }

        return patch;
    }

    private static void Set(TokenPatch patch, string field, ConsoleForm form, FormState state)
    {
        switch (field)
        {
            case "description":
                patch.Description = form.Text(field);
                break;
            case "labels":
                patch.Labels = form.Words(field) is { Count: > 0 } labels ? labels : null;
                break;
            case "contact":
                patch.Contact = form.Text(field);
                break;
            case "life":
                patch.Life = form.Text(field);
                break;
            case "addresses":
                patch.Addresses = form.Words(field) is { Count: > 0 } addresses ? addresses : null;
                break;
            case "uses":
                patch.Uses = Numbers.Read(form, state, field);
                break;
            case "per_second":
                patch.PerSecond = (int?)Numbers.Read(form, state, field, int.MaxValue);
                break;
            default:
                patch.Burst = (int?)Numbers.Read(form, state, field, int.MaxValue);
                break;
        }
    }
}
