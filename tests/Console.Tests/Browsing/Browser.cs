using Microsoft.Playwright;

namespace TokenActors.WebConsole.Tests.Browsing;

/// <summary>One process of Debian's Chromium for all tests of this assembly.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static string? Program { get; } = Places.FirstOrDefault(File.Exists);

    public async Task InitializeAsync()
    {
        if (Program is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,

            // Tests run as root in containers, where Chromium's own sandbox cannot be made.
            Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        });
    }

    public async Task<IBrowserContext> NewContext(
        Uri service, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool script = true) =>
        await (_browser ?? throw new InvalidOperationException("there is no browser")).NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = service.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 860 },
            ColorScheme = scheme,
            JavaScriptEnabled = script,
            Permissions = script ? ["clipboard-read", "clipboard-write"] : [],
        });

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

[CollectionDefinition("console")]
public sealed class ConsoleCollection : ICollectionFixture<Browser>, ICollectionFixture<Demo>;
