using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Policies;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Policies;

/// <summary>What the organization demands of its tokens, and which tokens live on against it.</summary>
internal static class PolicyPages
{
    private static readonly string[] Fields =
        ["longest_life", "default_life", "must_expire", "allowed_kinds", "notice_days", "on_leak", "tag"];

    public static void MapPolicy(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/policy", Show).WithName("console_policy");
        pages.MapPost("/policy", Save).WithName("console_policy_saves");
    }

    private static async Task<IResult> Show(ConsoleRequest request) =>
        await Page(request, StateOf(await request.Api.Policy.Get(request.Aborted)), request.Query("done") is not null ? "The policy is saved." : null);

    private static async Task<IResult> Save(ConsoleRequest request, ConsoleForm form)
    {
        var state = FormState.Of(form, Fields);
        var policy = Read(form, state);
        try
        {
            if (!state.IsRefused)
            {
                await request.Api.Policy.Set(policy, form.Text("tag") ?? "").Send(form.CallKey, request.Aborted);
                return Pages.GoTo($"{Places.Policy}?done=saved");
            }
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.PreconditionFailed)
        {
            var now = await request.Api.Policy.Get(request.Aborted);
            state.Set("tag", now.Tag);
            state.Reject(
                $"Somebody else changed the policy meanwhile. Now it is: {InWords(now)}. What you typed is kept: save again to put it in its place.");
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            state.Reject(e);
        }

        return await Page(request, state, done: null);
    }

    private static async Task<IResult> Page(ConsoleRequest request, FormState state, string? done)
    {
        Dictionary<string, object> view = new()
        {
            [nameof(PolicyView.State)] = state,
            [nameof(PolicyView.Breaches)] = await request.Api.Policy.Breaches(new ListQuery { Limit = 50 }).Page(request.Aborted),
        };
        if (done is not null)
        {
            view[nameof(PolicyView.Done)] = done;
        }

        return request.Show<PolicyView>(
            "Policy", view, state.Status());
    }

    private static FormState StateOf(Policy policy) => new FormState()
        .Set("longest_life", policy.LongestLife)
        .Set("default_life", policy.DefaultLife)
        .Set("must_expire", policy.MustExpire ? "yes" : null)
        .Set("allowed_kinds", [.. policy.AllowedKinds ?? []])
        .Set("notice_days", string.Join(", ", policy.NoticeDays))
        .Set("on_leak", policy.OnLeak)
        .Set("tag", policy.Tag);

    private static Policy Read(ConsoleForm form, FormState state)
    {
        List<int> days = [];
        foreach (var word in form.Words("notice_days"))
        {
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var day))
            {
                days.Add(day);
            }
            else
            {
                state.Reject("notice_days", "Write numbers of days, with commas between.");
            }
        }

        return new Policy
        {
            LongestLife = form.Text("longest_life"),
            DefaultLife = form.Text("default_life"),
            MustExpire = form.Has("must_expire"),
            AllowedKinds = form.All("allowed_kinds") is { Count: > 0 } kinds ? kinds : null,
            NoticeDays = days,
            OnLeak = form.Text("on_leak") ?? "revoke",
        };
    }

    private static string InWords(Policy policy) => string.Join("; ", new[]
    {
        $"longest life {policy.LongestLife ?? "as the kind allows"}",
        $"default life {policy.DefaultLife ?? "the kind's"}",
        policy.MustExpire ? "every token ends" : "tokens need not end",
        policy.AllowedKinds is { } kinds ? $"kinds {string.Join(", ", kinds)}" : "every kind",
        $"notices {string.Join(", ", policy.NoticeDays)} days before",
        $"a leak means {policy.OnLeak}",
    });
}
