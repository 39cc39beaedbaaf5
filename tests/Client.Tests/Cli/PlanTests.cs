using TokenActors.Cli.Running;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Cli;

/// <summary><c>ta token revoke --plan</c>: what a dry run chose, and nothing else.</summary>
[Collection("service")]
public sealed class PlanTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url, service.Admin);
    private readonly string _label = Guid.NewGuid().ToString("N");

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task A_dry_run_of_a_plan_shows_it_and_starts_nothing()
    {
        var token = await Make();
        var plan = await Plan();
        Assert.Contains(
            "planned", (await _ta.Run($"token revoke --plan {plan} --dry-run")).Is(0).Output, StringComparison.Ordinal);
        Assert.Equal("planned", (await service.Client.Jobs.Get(plan)).State);
        Assert.Equal("active", (await service.Client.Tokens.Get(token.Id)).State);
    }

    [Fact]
    public async Task A_plan_is_not_started_unasked_and_ends_what_it_chose()
    {
        var token = await Make();
        var plan = await Plan();
        var later = await Make();
        Assert.Contains(
            "chose: 1.", (await _ta.Run($"token revoke --plan {plan}")).Is(2).Errors, StringComparison.Ordinal);
        Assert.Equal("planned", (await service.Client.Jobs.Get(plan)).State);
        (await _ta.Run($"token revoke --plan {plan} --yes --wait")).Is(0);
        (await _ta.Run($"token show {token.Id}")).Is(3);
        Assert.Equal("active", (await service.Client.Tokens.Get(later.Id)).State);

        // One that was started takes nothing more away, so nobody is asked.
        Assert.Contains("done", (await _ta.Run($"token revoke --plan {plan}")).Is(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_whose_answer_is_lost_says_how_exactly_that_is_started_again()
    {
        var token = await Make();
        var plan = await Plan();
        using var cut = new CuttingProxy(service.Url);
        var lost = (await _ta.Run($"token revoke --plan {plan} --yes --url {cut.Url}")).Is(6);
        Assert.EndsWith($"ta token revoke --plan {plan}", lost.Errors.TrimEnd(), StringComparison.Ordinal);
        Assert.Single(lost.Errors.TrimEnd().Split('\n'));
        var later = await Make();
        (await _ta.Run($"token revoke --plan {plan} --yes --wait")).Is(0);
        (await _ta.Run($"token show {token.Id}")).Is(3);
        Assert.Equal("active", (await service.Client.Tokens.Get(later.Id)).State);
    }

    [Fact]
    public async Task Where_a_command_takes_no_key_nobody_is_told_one()
    {
        var account = await service.Client.Accounts.Create(new()).Send();
        using var cut = new CuttingProxy(service.Url);
        Assert.Contains("Look before you repeat it.", (await _ta.Run($"account edit {account.Id} --set fullname=A --url {cut.Url}")).Is(6).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_of_a_rotation_says_which_pair_it_would_end()
    {
        var token = await Make();
        Assert.Empty((await _ta.Run($"token rotate {token.Id} --dry-run")).Is(0).Errors);
        (await _ta.Run($"token rotate {token.Id} --deadline 7d")).Is(0);
        Assert.Contains(
            "would end at once", (await _ta.Run($"token rotate {token.Id} --dry-run")).Is(0).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_ends_a_former_pair_that_lives_asks_first_and_is_repeated_without_asking()
    {
        var token = await Make();
        (await _ta.Run($"token rotate {token.Id}")).Is(0);
        foreach (var command in new[] { "rotate", "refresh" })
        {
            var refused = (await _ta.Run($"token {command} {token.Id}")).Is(2);
            Assert.Contains("The former pair, which is accepted until", refused.Errors, StringComparison.Ordinal);
            Assert.Contains("say --yes, or --dry-run to look first", refused.Errors, StringComparison.Ordinal);
        }

        Assert.True((await service.Client.Tokens.Introspect([token.Secrets!.Access]))[0].Active);
        var key = Guid.NewGuid();
        var made = (await _ta.Run($"token rotate {token.Id} --yes -o secret --idempotency-key {key}")).Is(0);
        Assert.False((await service.Client.Tokens.Introspect([token.Secrets.Access]))[0].Active);
        Assert.Equal(
            made.Output, (await _ta.Run($"token rotate {token.Id} -o secret --idempotency-key {key}")).Is(0).Output);
        (await _ta.Run($"token remove-secondary {token.Id} --yes")).Is(0);
        (await _ta.Run($"token refresh {token.Id}")).Is(0);
    }

    [Fact]
    public void The_question_tells_how_many_tokens_stay()
    {
        var affected = new Affected(2, new Dictionary<string, int>(), 1, 1, 0, 3, true);
        Assert.Contains(
            "concerns: 2; used within the last day: 1. Tokens that were made with them and stay: 3.",
            Invocation.Describe(affected), StringComparison.Ordinal);
        Assert.DoesNotContain("stay", Invocation.Describe(affected with { Staying = 0 }), StringComparison.Ordinal);
    }

    private Task<Token> Make() =>
        service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Labels = [_label] }).Send();

    private async Task<string> Plan() => (await service.Client.Tokens.RevokeMany([$"labels[eq]{_label}"]).Preview()).Id;
}
