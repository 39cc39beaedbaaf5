using Microsoft.Playwright;
using TokenActors.WebConsole.Tests.Browsing;

namespace TokenActors.WebConsole.Tests;

/// <summary>What a person does with a keyboard, and without script.</summary>
[Collection("console")]
public sealed class BrowserTests(Browser browser, Demo demo)
{
    private const int MostTabs = 80;

    /// <summary>In milliseconds: a list of tokens asks for itself again sooner.</summary>
    private const int PastRenewal = 16_000;

    [BrowserFact]
    public async Task A_token_is_found_rotated_and_its_secret_copied_with_the_keyboard_alone()
    {
        var token = await demo.Make("by-keyboard", demo.Admin, "keys");
        await using var context = await browser.NewContext(demo.Address);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/console/sign-in");
        await page.Keyboard.TypeAsync(demo.OrganizationName);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(demo.Name);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(demo.Password);
        await Press(page, "Enter");
        await TabTo(page, "Tokens");
        await Press(page, "Enter");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("by-keyboard");
        await Press(page, "Enter");
        await TabTo(page, "by-keyboard");
        await Press(page, "Enter");
        await TabTo(page, "Rotate");
        await Press(page, "Enter");
        await TabTo(page, null, "SELECT");
        await page.Keyboard.TypeAsync("for a week");
        await TabTo(page, "Rotate", "BUTTON");
        await Press(page, "Enter");
        await TabTo(page, "Copy Access secret", "BUTTON");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("button[data-copy=access-secret] [data-said]")).ToHaveTextAsync("Copied");
        var copied = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        Assert.NotEqual(token.Access, copied);
        Assert.True(await demo.IsActive(copied));
        Assert.True(await demo.IsActive(token.Access));
        await Press(page, "Shift+Tab", until: "Sign out");
        await Press(page, "Enter");
        Assert.EndsWith("/console/sign-in", page.Url);
    }

    [BrowserFact]
    public async Task No_secret_is_in_the_browsers_storage_its_address_or_its_history()
    {
        var token = await demo.Make("nowhere", demo.Admin, "keys");
        await using var context = await browser.NewContext(demo.Address);
        var page = await context.NewPageAsync();
        List<string> addresses = [];
        List<string> kept = [];
        page.Request += (_, request) => addresses.Add(request.Url);
        page.Response += (_, answer) =>
        {
            if (answer.Url.Contains("/console", StringComparison.Ordinal)
                && !answer.Url.Contains("/assets/", StringComparison.Ordinal)
                && !answer.Headers.GetValueOrDefault("cache-control", "").Contains("no-store", StringComparison.Ordinal))
            {
                kept.Add(answer.Url);
            }
        };
        await page.SignIn(demo);
        await page.GotoAsync($"/console/tokens/{token.Id}/rotate");
        await page.ClickAsync("main form button.primary");
        var secret = await page.InputValueAsync("#access-secret");
        await page.ClickAsync("text=I have stored it");
        Assert.DoesNotContain(secret, await page.ContentAsync());
        Assert.All(addresses, address => Assert.DoesNotContain("ta_", address));
        Assert.Empty(kept);
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));
        Assert.Equal("", await page.EvaluateAsync<string>("document.cookie"));
        Assert.Null(await page.EvaluateAsync<string?>("history.state"));
    }

    [BrowserFact]
    public async Task Without_script_one_signs_in_lists_and_revokes()
    {
        var token = await demo.Make("without-script", demo.Admin, "keys");
        await using var context = await browser.NewContext(demo.Address, script: false);
        var page = await context.NewPageAsync();
        await page.SignIn(demo);
        await page.ClickAsync("nav >> text=Tokens");
        await page.FillAsync("#q", "without-script");
        await page.ClickAsync("form[role=search] button");
        await page.ClickAsync("td >> text=without-script");
        await page.ClickAsync("main >> text=Revoke");
        await page.ClickAsync("main form button.danger");
        Assert.False(await demo.IsActive(token.Access));
    }

    [BrowserFact]
    public async Task A_list_renews_itself_and_a_double_click_sends_a_form_once()
    {
        await using var context = await browser.NewContext(demo.Address);
        var page = await context.NewPageAsync();
        await page.SignIn(demo);
        await page.GotoAsync("/console/roles/new");
        var sent = 0;
        page.Request += (_, request) => sent += request is { Method: "POST" } && request.Url.EndsWith("/roles/new", StringComparison.Ordinal) ? 1 : 0;
        await page.FillAsync("#f-name", "clicked-twice");
        await page.DblClickAsync("main form button.primary");
        await Assertions.Expect(page).ToHaveURLAsync("/console/roles", new() { Timeout = 30_000 });
        Assert.Equal(1, sent);
        await page.GotoAsync($"/console/webhooks/{demo.Webhook}");
        await demo.Post($"/lifecycle/v1/webhooks/{demo.Webhook}/test", demo.Admin, null);
        await Assertions.Expect(page.Locator("#deliveries")).ToContainTextAsync(
            "webhook.test", new() { Timeout = 20_000 });
    }

    [BrowserFact]
    public async Task A_list_whose_session_is_over_says_so_and_asks_for_a_reload()
    {
        await using var context = await browser.NewContext(demo.Address);
        var page = await context.NewPageAsync();
        await page.SignIn(demo);
        await page.Clock.InstallAsync();
        await page.GotoAsync("/console/tokens");
        var (over, away) = (page.Locator("[data-stale=over]"), page.Locator("[data-stale=away]"));
        await Assertions.Expect(over).ToBeHiddenAsync();
        await page.RouteAsync("**/console/tokens", route => route.AbortAsync());
        await page.Clock.FastForwardAsync(PastRenewal);
        await Assertions.Expect(away).ToBeVisibleAsync();
        await page.UnrouteAsync("**/console/tokens");
        await page.Clock.FastForwardAsync(PastRenewal);
        await Assertions.Expect(away).ToBeHiddenAsync();
        await context.ClearCookiesAsync();
        await page.Clock.FastForwardAsync(PastRenewal);
        await Assertions.Expect(over).ToBeVisibleAsync();
        await over.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync("/console/sign-in?return=%2Fconsole%2Ftokens");
    }

    [BrowserFact]
    public async Task A_row_of_a_list_has_a_menu_for_the_keyboard()
    {
        var token = await demo.Make("by-menu", demo.Admin, "keys");
        await using var context = await browser.NewContext(demo.Address);
        var page = await context.NewPageAsync();
        await page.SignIn(demo);
        await page.GotoAsync("/console/tokens?q=by-menu");
        await TabTo(page, "⋯", "SUMMARY");
        await page.Keyboard.PressAsync("Enter");
        await TabTo(page, "Rotate…", "A");
        await Press(page, "Enter");
        Assert.EndsWith($"/console/tokens/{token.Id}/rotate", page.Url);
    }

    /// <summary>Presses the tab key until the wanted element has the focus.</summary>
    private static Task TabTo(IPage page, string? text, string? element = null) => Press(page, "Tab", text, element);

    private static async Task Press(IPage page, string key, string? until, string? element = null)
    {
        List<string> seen = [];
        for (var i = 0; i < MostTabs; i++)
        {
            await page.Keyboard.PressAsync(key);
            var (name, label) = (
                await page.EvaluateAsync<string>("document.activeElement.tagName"),
                await page.EvaluateAsync<string>("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"));
            seen.Add($"{name} {label}");
            if ((element is null || name == element) && (until is null || label == until))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{until} was not reached: {string.Join(" | ", seen)}");
    }

    /// <summary>A key that leads to another page, which is whole when this ends.</summary>
    private static async Task Press(IPage page, string key)
    {
        await page.EvaluateAsync("window.before = true");
        await page.Keyboard.PressAsync(key);
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (!await IsAnother(page))
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"no page followed {page.Url}");
        }
    }

    private static async Task<bool> IsAnother(IPage page)
    {
        try
        {
            return await page.EvaluateAsync<bool>("!window.before && document.readyState === 'complete'");
        }
        catch (PlaywrightException)
        {
            // The page went away while it was asked.
            return false;
        }
    }
}
