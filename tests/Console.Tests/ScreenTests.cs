using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TokenActors.WebConsole.Tests.Browsing;

namespace TokenActors.WebConsole.Tests;

/// <summary>
/// Every screen, in both themes and at two widths: nothing that axe finds, nothing that the content policy refuses, and
/// no part wider than the window. <c>TOKENACTORS_SCREENSHOTS=folder</c> keeps the pictures.
/// </summary>
[Collection("console")]
public sealed class ScreenTests(Browser browser, Demo demo)
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("TOKENACTORS_SCREENSHOTS");

    private static readonly (string Name, Func<Demo, string> Path)[] Screens =
    [
        ("overview", _ => "/console"),
        ("tokens", _ => "/console/tokens"),
        ("token", demo => $"/console/tokens/{demo.Parent.Id}?action=accounts:get&resource=account/acme"),
        ("token-rotate", demo => $"/console/tokens/{demo.Parent.Id}/rotate"),
        ("unpictured-token-revoke", demo => $"/console/tokens/{demo.Parent.Id}/revoke"),
        ("token-edit", demo => $"/console/tokens/{demo.Parent.Id}/edit"),
        ("token-new", _ => "/console/tokens/new"),
        ("accounts", _ => "/console/accounts"),
        ("account", demo => $"/console/accounts/{demo.Account}"),
        ("account-edit", demo => $"/console/accounts/{demo.Account}/edit"),
        ("account-new", _ => "/console/accounts/new"),
        ("integration-new", demo => $"/console/accounts/{demo.Account}/new-integration"),
        ("account-delete", demo => $"/console/accounts/{demo.Account}/delete"),
        ("members", _ => "/console/members"),
        ("member", demo => $"/console/members/{demo.Member}"),
        ("unpictured-member-disable", demo => $"/console/members/{demo.Member}/disable"),
        ("member-new", _ => "/console/members/new"),
        ("roles", _ => "/console/roles"),
        ("role-new", _ => "/console/roles/new"),
        ("role-edit", demo => $"/console/roles/{demo.Role}/edit"),
        ("audit", _ => "/console/audit"),
        ("webhooks", _ => "/console/webhooks"),
        ("webhook", demo => $"/console/webhooks/{demo.Webhook}"),
        ("webhook-edit", demo => $"/console/webhooks/{demo.Webhook}/edit"),
        ("webhook-new", _ => "/console/webhooks/new"),
        ("policy", _ => "/console/policy"),
        ("cluster", _ => "/console/cluster"),
        ("organizations", _ => "/console/organizations"),
        ("me", _ => "/console/me"),
        ("change-password", _ => "/console/change-password"),
        ("confirm", _ => "/console/confirm"),
    ];

    /// <summary>Begins the name of a screen that the guide does not picture.</summary>
    private const string Unpictured = "unpictured";

    /// <summary>Of every screen that the guide pictures.</summary>
    public static IEnumerable<string> Names =>
    [
        .. Screens.Select(screen => screen.Name).Where(name => !name.StartsWith(Unpictured, StringComparison.Ordinal)),
        "sign-in", "token-collect",
    ];

    private static readonly (int Width, ColorScheme Scheme)[] Looks =
    [
        (1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Dark), (390, ColorScheme.Light),
    ];

    /// <summary>Runs axe where it is in the page already.</summary>
    private const string Again =
        """
        async rules => (await axe.run({ runOnly: { type: 'rule', values: rules } })).violations
            .flatMap(violation => violation.nodes.map(node => `${violation.id} (${violation.help}) ${node.html}`))
        """;

    /// <summary>Where the last part of a page ends, and a little more.</summary>
    private const string Bottom =
        """
        () => Math.ceil(24 + Math.max(...[...document.querySelectorAll('main > *, .places ul')]
            .map(part => part.getBoundingClientRect().bottom + window.scrollY)))
        """;

    private const int TallestPicture = 900;

    [BrowserFact]
    public async Task Every_screen_is_right_in_both_themes_at_two_widths()
    {
        await using var context = await browser.NewContext(demo.Address);
        var page = await context.NewPageAsync();
        List<string> wrong = [];
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                wrong.Add($"{page.Url}: {message.Text}");
            }
        };
        await page.GotoAsync("/console/sign-in");
        await Look(page, "sign-in", wrong);
        await LookAtALostForm(page, wrong);
        var wish = await Collect();
        foreach (var (name, path) in Screens.Select(screen => (screen.Name, screen.Path(demo))).Append(("token-collect", wish)))
        {
            var answer = await page.GotoAsync(path);
            if (answer is not { Status: 200 } || !page.Url.EndsWith(path, StringComparison.Ordinal))
            {
                wrong.Add($"{path}: {answer?.Status}, {page.Url}");
            }

            await Look(page, name, wrong);
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct().Take(40)));
    }

    /// <summary>
    /// A form that is sent without a session, the page that leads back to it, which stays without script alone, and the
    /// form as it is shown again. The guide does not picture them.
    /// </summary>
    private async Task LookAtALostForm(IPage page, List<string> wrong)
    {
        const string form = "/console/roles/new";
        await page.EvaluateAsync($$"""
            () => {
                const form = document.querySelector('form');
                form.action = '{{form}}';
                form.append(Object.assign(document.createElement('input'), { name: 'description', value: 'typed with care' }));
                form.submit();
            }
            """);
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("Nothing was saved");
        wrong.RemoveAll(line => line.Contains("401", StringComparison.Ordinal));
        await Look(page, "unpictured-sign-in-again", wrong);
        await page.RouteAsync(
            "**/console.js*", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "" }));
        await page.FillAsync("#f-organization", demo.OrganizationName);
        await page.FillAsync("#f-name", demo.Name);
        await page.FillAsync("#f-password", demo.Password);
        await page.PressAsync("#f-password", "Enter");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("You are signed in", new() { Timeout = 30_000 });
        await page.UnrouteAsync("**/console.js*");
        await Look(page, "unpictured-back-to-the-form", wrong);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#f-description")).ToHaveValueAsync(
            "typed with care", new() { Timeout = 30_000 });
        await Look(page, "unpictured-form-again", wrong);
    }

    /// <summary>The page of a rotation that a model asked for. It lapses within minutes, so that it is made when it is
    /// looked at.</summary>
    private async Task<string> Collect()
    {
        var wish = await demo.Post(
            "/lifecycle/v1/intents", demo.Admin,
            new { command = "rotate", token_id = demo.Parent.Id, deadline = "2040-01-01T00:00:00Z" });
        return $"/console/collect/{wish.Is(System.Net.HttpStatusCode.Created).Json["id"]}";
    }

    private static async Task Look(IPage page, string name, List<string> wrong)
    {
        foreach (var (width, scheme) in Looks)
        {
            await page.SetViewportSizeAsync(width, 860);
            await page.EmulateMediaAsync(
                new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await Inspect(page, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}", width, wrong);
        }
    }

    private static async Task Inspect(IPage page, string name, int width, List<string> wrong)
    {
        wrong.AddRange((await Broken(page, name)).Select(found => $"{name}: {found}"));
        if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var wide && wide > width)
        {
            wrong.Add($"{name}: {wide} pixels wide");
        }

        if (Pictures is not null && !name.StartsWith(Unpictured, StringComparison.Ordinal))
        {
            await page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(Pictures, name + ".png"), FullPage = true, Clip = new Clip { Width = width, Height = await HeightOf(page) },
            });
        }
    }

    /// <summary>Down to where the page ends, or a guide's reader would stop looking.</summary>
    private static async Task<int> HeightOf(IPage page) =>
        Math.Clamp(await page.EvaluateAsync<int>(Bottom), 240, TallestPicture);

    /// <summary>
    /// All of axe's rules in the first look, then those that a theme or a width can break: the others see the same
    /// page, and putting axe into a page is the slow part.
    /// </summary>
    private static async Task<IEnumerable<string>> Broken(IPage page, string name) => name switch
    {
        _ when name.EndsWith("1280-light", StringComparison.Ordinal) => (await page.RunAxe()).Violations
            .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id} ({violation.Help}) {node.Html}")),
        _ when name.EndsWith("1280-dark", StringComparison.Ordinal) =>
            await page.EvaluateAsync<string[]>(Again, (string[])["color-contrast"]),
        _ => await page.EvaluateAsync<string[]>(
            Again, (string[])["target-size", "scrollable-region-focusable", "color-contrast"]),
    };
}
