using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;

namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>The C# sample of <c>docs/webhooks.md</c>, as it stands there.</summary>
internal static class VerifySample
{
    public static bool Verify(string secret, IHeaderDictionary headers, string body)
    {
        if (!long.TryParse(headers["webhook-timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - seconds) > 300)
        {
            return false;
        }

        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        var mine = Encoding.UTF8.GetBytes(new StandardWebhook(secret).Sign(headers["webhook-id"].ToString(), at, body));
        return headers["webhook-signature"].ToString().Split(' ')
            .Any(given => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), mine));
    }
}
