using Microsoft.Playwright;

namespace TokenActors.WebConsole.Tests.Browsing;

internal static class Signing
{
    /// <summary>Signs in on the page for that.</summary>
    public static async Task SignIn(this IPage page, Demo demo)
    {
        await page.GotoAsync("/console/sign-in");
        await page.FillAsync("#f-organization", demo.OrganizationName);
        await page.FillAsync("#f-name", demo.Name);
        await page.FillAsync("#f-password", demo.Password);
        await page.PressAsync("#f-password", "Enter");
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
    }
}
