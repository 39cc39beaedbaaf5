using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace TokenActors.WebConsole.Tests.Browsing;

internal static partial class Signing
{
    [GeneratedRegex("/sign-in")]
    private static partial Regex SignInPage { get; }

    /// <summary>Signs in on the page for that.</summary>
    public static async Task SignIn(this IPage page, Demo demo)
    {
        await page.GotoAsync("/console/sign-in");
        await page.FillAsync("#f-organization", demo.OrganizationName);
        await page.FillAsync("#f-name", demo.Name);
        await page.FillAsync("#f-password", demo.Password);
        await page.PressAsync("#f-password", "Enter");
        // Not WaitForURLAsync: a page that is loaded between its two looks at the state is waited for in vain.
        await Assertions.Expect(page).Not.ToHaveURLAsync(SignInPage, new() { Timeout = 30_000 });
    }
}
