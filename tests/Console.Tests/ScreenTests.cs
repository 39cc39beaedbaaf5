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

    private IEnumerable<(string Name, string Path)> Screens =>
    [
        ("overview", "/console"),
        ("tokens", "/console/tokens"),
        ("token", $"/console/tokens/{demo.Parent.Id}?action=accounts:get&resource=account/acme"),
        ("token-rotate", $"/console/tokens/{demo.Parent.Id}/rotate"),
        ("token-edit", $"/console/tokens/{demo.Parent.Id}/edit"),
        ("token-new", "/console/tokens/new"),
        ("accounts", "/console/accounts"),
        ("account", $"/console/accounts/{demo.Account}"),
        ("account-new", "/console/accounts/new"),
        ("integration-new", $"/console/accounts/{demo.Account}/new-integration"),
        ("account-delete", $"/console/accounts/{demo.Account}/delete"),
        ("members", "/console/members"),
        ("member-new", "/console/members/new"),
        ("roles", "/console/roles"),
        ("role-new", "/console/roles/new"),
        ("audit", "/console/audit"),
        ("webhooks", "/console/webhooks"),
        ("webhook", $"/console/webhooks/{demo.Webhook}"),
        ("webhook-new", "/console/webhooks/new"),
        ("policy", "/console/policy"),
        ("cluster", "/console/cluster"),
        ("me", "/console/me"),
        ("change-password", "/console/change-password"),
        ("confirm", "/console/confirm"),
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
        await page.SignIn(demo);
        foreach (var (name, path) in Screens.Append(("token-collect", await Collect())))
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

    /// <summary>The page of a rotation that a model asked for. It lapses within minutes, so that it is made when it is looked at.</summary>
    private async Task<string> Collect()
    {
        var wish = await demo.Post("/lifecycle/v1/intents", demo.Admin, new { command = "rotate", token_id = demo.Parent.Id, deadline = "2040-01-01T00:00:00Z" });
        return $"/console/collect/{wish.Is(System.Net.HttpStatusCode.Created).Json["id"]}";
    }

    private static async Task Look(IPage page, string name, List<string> wrong)
    {
        foreach (var (width, scheme) in Looks)
        {
            await page.SetViewportSizeAsync(width, 860);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
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

        if (Pictures is not null)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, name + ".png"), FullPage = true });
        }
    }

    /// <summary>
    /// All of axe's rules in the first look, then those that a theme or a width can break: the others see the same page,
    /// and putting axe into a page is the slow part.
    /// </summary>
    private static async Task<IEnumerable<string>> Broken(IPage page, string name) => name switch
    {
        _ when name.EndsWith("1280-light", StringComparison.Ordinal) => (await page.RunAxe()).Violations
            .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id} ({violation.Help}) {node.Html}")),
        _ when name.EndsWith("1280-dark", StringComparison.Ordinal) =>
            await page.EvaluateAsync<string[]>(Again, (string[])["color-contrast"]),
        _ => await page.EvaluateAsync<string[]>(Again, (string[])["target-size", "scrollable-region-focusable", "color-contrast"]),
    };
}
