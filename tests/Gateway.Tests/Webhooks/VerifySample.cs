using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>The C# sample of <c>docs/webhooks.md</c>, as it stands there.</summary>
internal static class VerifySample
{
    public static bool Verify(string secret, IHeaderDictionary headers, string body)
    {
        try
        {
            new StandardWebhook(secret).Verify(body, headers);
            return true;
        }
        catch (WebhookVerificationException)
        {
            return false;
        }
    }
}
