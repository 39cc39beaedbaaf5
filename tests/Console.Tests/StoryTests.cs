using TokenActors.Demo;

namespace TokenActors.WebConsole.Tests;

/// <summary>What <c>./run.sh --demo</c> fills a folder with.</summary>
public sealed class StoryTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"tokenactors-story-{Guid.NewGuid():N}");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task There_is_something_in_every_state_and_of_every_kind_with_five_weeks_of_use()
    {
        await using var service = await DemoService.Start(_folder);
        await new Story(service).Tell();
        var overview = await service.Admin.Tokens.Overview();
        Assert.InRange(overview.Tokens, 80, 120);
        Assert.All(
            (string[])["active", "disabled", "expired"], state => Assert.True(overview.States[state] > 0, state));
        Assert.All((string[])["adhoc", "default", "mcp"], kind => Assert.True(overview.Kinds[kind] > 0, kind));
        Assert.True(overview is { EndsWithinDay: > 0, EndsWithinWeek: > 0, EndsWithinMonth: > 0, WithSecondary: > 0 });

        // Its clock has come to now, so that whoever serves the folder finds nothing in the future.
        Assert.InRange(
            service.Clock.GetUtcNow(), TimeProvider.System.GetUtcNow().AddMinutes(-1),
            TimeProvider.System.GetUtcNow().AddMinutes(1));
        var used = await service.Admin.Tokens.List().Page();
        var billing = await service.Admin.Tokens.Usage(
            Assert.Single(used.Items, token => token.Name == "billing-prod").Id, days: 35);
        Assert.True(billing.Hours.Count > 200, $"{billing.Hours.Count} hours");
        Assert.InRange(billing.Hours.Select(hour => hour.Start.Date).Distinct().Count(), 34, 36);
        await IsACompany(service);
        await HasSomethingToWorryAbout(service);
    }

    private static async Task IsACompany(DemoService service)
    {
        Assert.Equal(
            ["acme", "globex", "initech"],
            (await service.Admin.Accounts.List().Page()).Items.Select(account => account.Name).Order());
        var members = (await service.Admin.Members.List().Page()).Items.Select(member => member.Name).ToList();
        Assert.All(
            (string[])["ada@example.com", "alan@example.com", "grace@example.com"],
            name => Assert.Contains(name, members));
        var roles = (await service.Admin.Roles.List().Page()).Items.Select(role => role.Name).ToList();
        Assert.All((string[])["on-call", "support"], name => Assert.Contains(name, roles));
        Assert.Equal(6, (await service.Admin.Integrations.List().Page()).Items.Count);
        Assert.Equal("pager", Assert.Single((await service.Admin.Webhooks.List().Page()).Items).Name);
        Assert.Equal("legacy", Assert.Single(await service.Admin.ImportSchemes.List()).Name);
        Assert.Equal(8, (await service.Admin.Tokens.List(new() { Filters = ["labels[eq]legacy"] }).Page()).Items.Count);
    }

    /// <summary>So that the first page has what it is for.</summary>
    private static async Task HasSomethingToWorryAbout(DemoService service)
    {
        Assert.NotEmpty((await service.Admin.Audit.List(new() { Filters = ["event[eq]token.reuse_detected"] }).Page()).Items);
        Assert.NotEmpty((await service.Admin.Audit.List(new() { Filters = ["outcome[eq]forbidden"] }).Page()).Items);
        Assert.NotEmpty((await service.Admin.Webhooks.Deliveries(
            (await service.Admin.Webhooks.List().Page()).Items[0].Id).Page()).Items);
    }
}
