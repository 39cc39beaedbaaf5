using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace TokenActors.WebConsole.Http;

/// <summary>
/// Tells on the next page what a form has done. It goes along in a cookie for a minute and is shown once; it is sealed,
/// so that nobody else puts words into the console's mouth.
/// </summary>
internal sealed class Notices(IDataProtectionProvider protection, ConsoleOptions options)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private readonly ITimeLimitedDataProtector _protector =
        protection.CreateProtector("notice").ToTimeLimitedDataProtector();

    private string Name => $"ta-notice-{options.ServiceId}";

    /// <summary>Leads to a page that says what was done.</summary>
    public IResult GoTo(ConsoleRequest request, string path, string text)
    {
        request.Http.Response.Cookies.Append(Name, _protector.Protect(text, KeptFor), new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.Http.Request.IsHttps,
            Path = ConsoleOptions.Path, MaxAge = KeptFor, IsEssential = true,
        });
        return Pages.GoTo(path);
    }

    /// <summary>What the page of a request has to say; null where nothing was done.</summary>
    public string? Take(HttpContext http)
    {
        if (http.Request.Cookies[Name] is not { } text)
        {
            return null;
        }

        http.Response.Cookies.Delete(Name, new CookieOptions { Path = ConsoleOptions.Path });
        try
        {
            return _protector.Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
