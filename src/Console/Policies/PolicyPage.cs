using System.Globalization;
using Microsoft.AspNetCore.Http;
using TokenActors.Client;
using TokenActors.Client.Policies;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Layout;

namespace TokenActors.WebConsole.Policies;

/// <summary>What the organization demands of its tokens, and which tokens live on against it.</summary>
internal sealed class PolicyPage() : EditPage<Policy>(
    "policy", "longest_life", "default_life", "must_expire", "allowed_kinds", "notice_days", "on_leak")
{
    protected override Task<Policy> Load(ConsoleRequest request) => request.Api.Policy.Get(request.Aborted);

    protected override string TagOf(Policy policy) => policy.Tag ?? "";

    protected override FormState Fill(FormState state, Policy policy) => state
        .Set("longest_life", policy.LongestLife)
        .Set("default_life", policy.DefaultLife)
        .Set("must_expire", policy.MustExpire ? "yes" : null)
        .Set("allowed_kinds", [.. policy.AllowedKinds ?? []])
        .Set("notice_days", string.Join(", ", policy.NoticeDays))
        .Set("on_leak", policy.OnLeak);

    /// <summary>All of it: a policy is replaced whole.</summary>
    protected override Task<Change<Policy, Preview>> ChangeOf(ConsoleRequest request, Policy policy, Edit edit)
    {
        var form = edit.Form;
        var typed = new Policy
        {
            LongestLife = form.Text("longest_life"),
            DefaultLife = form.Text("default_life"),
            MustExpire = form.Has("must_expire"),
            AllowedKinds = Grants.OrNull(form.All("allowed_kinds")),
            NoticeDays = DaysOf(form, edit.State),
            OnLeak = form.Text("on_leak") ?? "revoke",
        };
        return Task.FromResult(request.Api.Policy.Set(typed, TagOf(policy)));
    }

    protected override string Saved(ConsoleRequest request) => $"{Places.Policy}?done=saved";

    protected override async Task<IResult> View(ConsoleRequest request, Policy policy, FormState state)
    {
        Dictionary<string, object> view = new()
        {
            [nameof(PolicyView.State)] = state,
            [nameof(PolicyView.Breaches)] = await request.Api.Policy
                .Breaches(new ListQuery { Limit = 50 }).Page(request.Aborted),
        };
        if (request.Query("done") is not null)
        {
            view[nameof(PolicyView.Done)] = "The policy is saved.";
        }

        return request.Show<PolicyView>("Policy", view, state.Status());
    }

    private static List<int> DaysOf(ConsoleForm form, FormState state)
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

        return days;
    }
}
