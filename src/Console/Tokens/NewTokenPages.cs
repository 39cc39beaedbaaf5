using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.Client.Tokens;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Tokens;

/// <summary>
/// Makes a token in four steps. What was typed goes along in the form; the last step shows what the service would do
/// and what the token may do, and only its button makes one.
/// </summary>
internal static class NewTokenPages
{
    public const int LastStep = 4;

    /// <summary>What is meant where nothing is said: a session ends, and nobody means that its tokens do.</summary>
    private const string BelongsToMember = "member";

    /// <summary>What each step asks, by the step's number.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> Steps =
    [
        ["kind", "name", "full_name", "description", "labels", "contact"],
        ["permission_set", "accounts", "account_labels", "categories", "integration_id", "resource", "tools", "read_only"],
        ["life", "belongs_to", "addresses", "uses", "per_second", "burst"],
        [],
    ];

    private static readonly string[] Fields = [.. Steps.SelectMany(step => step)];

    public static void MapNewToken(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/tokens/new", Show).WithName("console_token_new");
        pages.MapPost("/tokens/new", Send).WithName("console_token_news");
    }

    private static Task<IResult> Show(ConsoleRequest request)
    {
        var state = new FormState();
        foreach (var field in Fields)
        {
            state.Set(field, request.Query(field));
        }

        return Step(request, state, StepOf(request.Kept?.All("step") is [var kept, ..] ? kept : null));
    }

    private static async Task<IResult> Send(ConsoleRequest request, ConsoleForm form)
    {
        var state = FormState.Of(form, Fields);
        var step = StepOf(form.Text("step"));
        if (form.Has("back"))
        {
            return await Step(request, state, Math.Max(1, step - 1));
        }

        if (form.Has("show"))
        {
            return await Step(request, state, step);
        }

        var token = Read(form, state);
        if (Keeps(KindOf(form.Text("kind")), "accounts"))
        {
            token = token with { Resources = await Grants.Read(request, form, state) };
        }

        if (state.IsRefused)
        {
            return await Step(request, state, StepOf(state, step));
        }

        try
        {
            if (step == LastStep)
            {
                var made = await request.Api.Tokens.Create(token).Send(form.CallKey, request.Aborted);
                return request.Show<NewSecretsView>("New token", new()
                {
                    [nameof(NewSecretsView.Token)] = made,
                    [nameof(NewSecretsView.Heading)] = $"{made.Name} is made",
                });
            }

            return await Step(request, state, step + 1, token);
        }
        catch (TokenActorsException e) when (e.Status != System.Net.HttpStatusCode.Unauthorized)
        {
            state.Reject(e);
            return await Step(request, state, StepOf(state, step));
        }
    }

    /// <summary>The step that a form says it is; the first one where it says none.</summary>
    private static int StepOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            ? Math.Clamp(step, 1, LastStep)
            : 1;

    /// <summary>The step of the first field that is wrong.</summary>
    private static int StepOf(FormState state, int current)
    {
        for (var step = 0; step < LastStep; step++)
        {
            if (Steps[step].Any(field => state.ErrorOf(field) is not null))
            {
                return step + 1;
            }
        }

        return current;
    }

    private static async Task<IResult> Step(ConsoleRequest request, FormState state, int step, NewToken? token = null)
    {
        Dictionary<string, object> view = new()
        {
            [nameof(NewTokenView.State)] = state, [nameof(NewTokenView.Step)] = step,
        };
        if (step >= 2)
        {
            view[nameof(NewTokenView.Sets)] = await Sets(request);
        }

        if (step == LastStep && token is not null)
        {
            view[nameof(NewTokenView.Preview)] = await request.Api.Tokens.Create(token).Preview(request.Aborted);
        }

        return request.Show<NewTokenView>(
            "New token", view, state.Status());
    }

    /// <summary>None where the person may not list them: the name can be typed all the same.</summary>
    private static async Task<IReadOnlyList<PermissionSet>> Sets(ConsoleRequest request)
    {
        try
        {
            return await request.Api.Organization.PermissionSets(request.Aborted);
        }
        catch (TokenActorsException)
        {
            return [];
        }
    }

    /// <summary>
    /// Whether a token of a kind has what a field says. Fields of another kind may stand in the form from before.
    /// </summary>
    public static bool Keeps(string kind, string field) => field switch
    {
        "permission_set" or "accounts" or "account_labels" or "categories" => kind != "integration",
        "integration_id" => kind == "integration",
        "resource" or "tools" or "read_only" => kind == "mcp",
        _ => true,
    };

    public static string KindOf(string? typed) => typed ?? "adhoc";

    private static NewToken Read(ConsoleForm form, FormState state)
    {
        var kind = KindOf(form.Text("kind"));
        return new()
        {
            Kind = form.Text("kind"),
            Name = form.Text("name"),
            FullName = form.Text("full_name"),
            Description = form.Text("description"),
            Labels = Grants.OrNull(form.Words("labels")),
            Contact = form.Text("contact"),
            PermissionSet = Keeps(kind, "permission_set") ? form.Text("permission_set") ?? "viewer" : null,
            IntegrationId = Kept("integration_id"),
            Resource = Kept("resource"),
            Tools = Keeps(kind, "tools") ? Grants.OrNull(form.Words("tools")) : null,
            ReadOnly = Keeps(kind, "read_only") && form.Has("read_only") ? true : null,
            Life = form.Text("life"),
            BelongsTo = form.Text("belongs_to") ?? BelongsToMember,
            Addresses = Grants.OrNull(form.Words("addresses")),
            Uses = Numbers.Read(form, state, "uses"),
            PerSecond = (int?)Numbers.Read(form, state, "per_second", int.MaxValue),
            Burst = (int?)Numbers.Read(form, state, "burst", int.MaxValue),
        };

        string? Kept(string field) => Keeps(kind, field) ? form.Text(field) : null;
    }
}
