using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Forms;

/// <summary>
/// A page that changes a thing. Its form carries what the thing was like when the form was made. Only what the person
/// changed is sent; what somebody else changed meanwhile is shown beside it and not overwritten.
/// </summary>
/// <typeparam name="T">the thing</typeparam>
/// <param name="what">how people call it</param>
/// <param name="fields">the names of the form's fields</param>
internal abstract class EditPage<T>(string what, params IReadOnlyList<string> fields)
{
    /// <param name="pages">the console</param>
    /// <param name="path">of the page and of its form</param>
    /// <param name="name">of the endpoint</param>
    public void Map(IEndpointRouteBuilder pages, string path, string name)
    {
        pages.MapGet(path, Show).WithName(name);
        pages.MapPost(path, Save).WithName($"{name}_saves");
    }

    /// <summary>The thing as it is now.</summary>
    protected abstract Task<T> Load(ConsoleRequest request);

    /// <summary>The version of a thing, by which the service refuses a change of another one.</summary>
    protected abstract string TagOf(T thing);

    /// <summary>Puts what a thing is like into the fields.</summary>
    protected abstract FormState Fill(FormState state, T thing);

    /// <summary>
    /// The change that a person typed, refused by the service where the thing is another than <paramref name="thing"/>
    /// by then. What is wrong with a field is put beside it in the state of <paramref name="edit"/>.
    /// </summary>
    protected abstract Task<Change<T, Preview>> ChangeOf(ConsoleRequest request, T thing, Edit edit);

    protected abstract Task<IResult> View(ConsoleRequest request, T thing, FormState state);

    /// <summary>Where one is led once the change is saved.</summary>
    protected abstract string Saved(ConsoleRequest request);

    private async Task<IResult> Show(ConsoleRequest request)
    {
        var thing = await Load(request);
        return await View(request, thing, StateOf(thing));
    }

    private async Task<IResult> Save(ConsoleRequest request, ConsoleForm form)
    {
        var edit = new Edit(form, fields);
        if (edit.IsEmpty)
        {
            return Pages.GoTo(Saved(request));
        }

        var thing = await Load(request);
        var change = await ChangeOf(request, thing, edit);
        if (edit.State.IsRefused)
        {
            return await View(request, thing, edit.State);
        }

        if (IsMadeFrom(edit, thing))
        {
            try
            {
                await change.Send(form.CallKey, request.Aborted);
                return Pages.GoTo(Saved(request));
            }
            catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
            {
                thing = await Load(request);
                if (IsMadeFrom(edit, thing))
                {
                    return await View(request, thing, edit.State.Reject(e));
                }
            }

            change = await ChangeOf(request, thing, edit);
        }

        return await IsDone(change, request.Aborted)
            ? Pages.GoTo(Saved(request))
            : await View(request, thing, Merged(edit, thing));
    }

    private FormState StateOf(T thing) => Edit.Begin(Fill(new FormState(), thing), TagOf(thing), fields);

    private bool IsMadeFrom(Edit edit, T thing)
    {
        var now = Fill(new FormState(), thing);
        return edit.Tag == TagOf(thing) && fields.All(field => Edit.IsSame(edit.Before(field), TextOf(now, field)));
    }

    /// <summary>
    /// Whether the thing has what was typed already: a form that was sent twice is no change by somebody else. The
    /// service says so, which knows what it makes of a text.
    /// </summary>
    private static async Task<bool> IsDone(Change<T, Preview> change, CancellationToken aborted)
    {
        try
        {
            return !(await change.Preview(aborted)).WouldChange;
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return false;
        }
    }

    /// <summary>What was typed stays; what was not touched becomes what it is now.</summary>
    private FormState Merged(Edit edit, T thing)
    {
        var merged = StateOf(thing);
        foreach (var field in fields)
        {
            if (TextOf(merged, field) is var now && !Edit.IsSame(edit.Before(field), now))
            {
                merged.ShowMeanwhile(field, new(edit.Before(field), now));
            }

            if (edit.IsChanged(field))
            {
                merged.Set(field, [.. edit.State.Values(field)]);
            }
        }

        var next = merged.IsAnythingMeanwhile ? "look at what has changed" : "no field of this form has changed";
        return merged.Reject(
            $"Somebody else changed the {what} meanwhile. What you typed is kept, and the rest is as it is now: "
            + $"{next}, and save again.");
    }

    private static string TextOf(FormState state, string field) => Edit.Joined(state.Values(field));
}
