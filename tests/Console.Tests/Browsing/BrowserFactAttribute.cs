namespace TokenActors.WebConsole.Tests.Browsing;

/// <summary>A test that needs Chromium; without it it is skipped, which the run says.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Browser.Program is null)
        {
            Skip = "Chromium is not installed";
        }
    }
}
