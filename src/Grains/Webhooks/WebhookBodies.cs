using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TokenActors.Domain.Secrets;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>What is posted to endpoints, and its signatures.</summary>
internal static class WebhookBodies
{
    /// <summary>
    /// The id of a delivery: the same at every attempt, and another for each endpoint. The event's id is the first 32
    /// digits.
    /// </summary>
    public static string IdOf(Guid eventId, string endpointId) => $"msg_{eventId:N}{endpointId[^8..]}";

    /// <summary>The event of a delivery's id; null where it is no delivery to the endpoint.</summary>
    public static Guid? EventOf(string id, string endpointId) =>
        id.Length >= 36 && Guid.TryParseExact(id.AsSpan(4, 32), "N", out var eventId) && id == IdOf(eventId, endpointId)
            ? eventId
            : null;

    /// <summary>The body of Standard Webhooks: type, time and what it is about.</summary>
    public static byte[] Thin(OutboxEvent told)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", told.Type);
            json.WriteString("timestamp", told.At.UtcDateTime);
            json.WritePropertyName("data");
            json.WriteRawValue(told.Data);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>The headers of Standard Webhooks 1.0.0, with a signature under each secret.</summary>
    public static IEnumerable<(string Name, string Value)> Headers(
        string id, DateTimeOffset at, byte[] body, IEnumerable<ProtectedText> secrets)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        yield return ("webhook-id", id);
        yield return ("webhook-timestamp", timestamp);
        yield return ("webhook-signature", string.Join(' ', secrets.Select(secret =>
            "v1," + Convert.ToBase64String(HMACSHA256.HashData(WebhookSecret.KeyOf(secret), signed)))));
    }

    /// <summary>The signature of webhooks made on <c>/v1</c>: of the body alone, under the secret as it was
    /// given.</summary>
    public static (string Name, string Value) VendorSignature(byte[] body, string secret) =>
        ("X-Synqly-Signature", Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
}
