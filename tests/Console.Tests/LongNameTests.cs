using System.Net;
using Microsoft.Playwright;
using TokenActors.WebConsole.Tests.Browsing;

namespace TokenActors.WebConsole.Tests;

/// <summary>Words without a blank that are as long as the service takes them: no page is wider than its
/// window.</summary>
[Collection("console")]
public sealed class LongNameTests(Browser browser) : IAsyncLifetime
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("TOKENACTORS_SCREENSHOTS");

    private readonly Service _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [BrowserFact]
    public async Task Long_words_make_no_page_wider_than_its_window()
    {
        var paths = await Fill();
        await using var context = await browser.NewContext(_service.Http.BaseAddress!);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/console/sign-in");
        await page.FillAsync("#f-organization", "root");
        await page.FillAsync("#f-name", "boss@example.com");
        await page.FillAsync("#f-password", "a long enough secret");
        await page.PressAsync("#f-password", "Enter");
        await Assertions.Expect(page).ToHaveTitleAsync("Overview · TokenActors", new() { Timeout = 30_000 });
        List<string> wrong = [];
        foreach (var (width, scheme) in ((int, ColorScheme)[])[(1280, ColorScheme.Light), (390, ColorScheme.Dark)])
        {
            await page.SetViewportSizeAsync(width, 860);
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            foreach (var path in paths)
            {
                await page.GotoAsync(path);
                if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var wide && wide > width)
                {
                    wrong.Add($"{path}: {wide} pixels of {width}");
                }

                if (Pictures is not null)
                {
                    var name = $"long{path.Replace('/', '-').Split('?')[0]}-{width}.png";
                    await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, name) });
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Something long of every kind, and the pages that show it.</summary>
    private async Task<List<string>> Fill()
    {
        var admin = _service.Admin;
        var word = new string('w', 120);
        (await _service.Send(HttpMethod.Post, "/v1/members", admin, new
        {
            name = "boss@example.com", fullname = Longest(250), secret = "a long enough secret", role_binding = new[] { "root_administrator" },
        })).Is(HttpStatusCode.Created);
        List<string> paths = ["/console", "/console/audit", "/console/members", "/console/me", "/console/policy", "/console/cluster"];
        var dark = await _service.Send(
            HttpMethod.Post, "/api/v2/tokens", [("Authorization", admin)],
            new { name = Longest(500), role = "reader" });
        Assert.True(dark.Status is HttpStatusCode.Created or HttpStatusCode.OK, dark.Body);
        paths.Add($"/console/tokens/{dark.Json["_id"]}");
        var token = (await _service.Send(HttpMethod.Post, "/lifecycle/v1/tokens", admin, new
        {
            name = Longest(100), full_name = Longest(200), permission_set = "viewer", labels = new[] { Longest(48) }, contact = Longest(200), description = Longest(500),
        })).Is(HttpStatusCode.Created).Json["id"];
        paths.AddRange(["/console/tokens", $"/console/tokens?q={word[..40]}&label={Longest(48)}", $"/console/tokens/{token}", $"/console/tokens/{token}/rotate", $"/console/tokens/{token}/edit"]);
        var account = (await _service.Send(
            HttpMethod.Post, "/v1/accounts", admin,
            new { name = Longest(100), fullname = Longest(250), labels = new[] { Longest(48) } }))
            .Is(HttpStatusCode.Created).Result["account"]?["id"];
        (await _service.Send(HttpMethod.Post, $"/v1/integrations/{account}", admin, new
        {
            name = Longest(100), fullname = Longest(250),
            provider_config = new { type = "ticketing_jira", url = "https://jira.example.com", credential = new { type = "token", secret = "hunter2-hunter2" } },
        })).Is(HttpStatusCode.Created);
        paths.AddRange(["/console/accounts", $"/console/accounts/{account}", $"/console/accounts/{account}/edit", $"/console/accounts/{account}/delete"]);
        (await _service.Send(HttpMethod.Post, "/v1/roles", admin, new { name = Longest(100), fullname = Longest(250), description = Longest(500), permission_set = "viewer" }))
            .Is(HttpStatusCode.Created);
        paths.Add("/console/roles");
        (await _service.Send(HttpMethod.Post, "/v1/suborgs", admin, new { name = Longest(100), fullname = Longest(250), contact = $"{new string('c', 60)}@{new string('e', 60)}.example.com" }))
            .Is(HttpStatusCode.Created);
        paths.Add("/console/organizations");
        var webhook = (await _service.Send(HttpMethod.Post, "/lifecycle/v1/webhooks", admin, new
        {
            name = Longest(100), url = $"https://hooks.example.com/{Longest(300)}", description = Longest(500), account_labels = new[] { Longest(48) },
        })).Is(HttpStatusCode.Created).Json["id"];
        paths.AddRange(["/console/webhooks", $"/console/webhooks/{webhook}", $"/console/webhooks/{webhook}/edit"]);
        return paths;

        static string Longest(int length) => new('w', length);
    }
}
