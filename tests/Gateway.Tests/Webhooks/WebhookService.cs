using System.Net;

namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>A service that delivers to the loopback, with a schedule in seconds.</summary>
public sealed class WebhookService : Service
{
    protected override string[] Settings =>
    [
        "--TokenActors:Webhooks:AllowHttp", "true", "--TokenActors:Webhooks:AllowedNetworks:0", "127.0.0.0/8",
        "--TokenActors:Webhooks:SweepEvery", "100ms", "--TokenActors:Webhooks:Timeout", "2s",
        "--TokenActors:Webhooks:Delays:0", "0s", "--TokenActors:Webhooks:Delays:1", "10s",
        "--TokenActors:Webhooks:Delays:2", "100s", "--TokenActors:Webhooks:DisableAfter", "1h",
    ];

    /// <summary>A webhook of <c>/v1</c>; its id.</summary>
    public async Task<string> Webhook(string url, string secret = "a-signing-secret", params string[] filters) =>
        (string)(await Post("/v1/organization/webhooks", Admin, new
        {
            filters = filters.Length > 0 ? filters : ["all"], url, secret = new { value = secret },
        })).Is(HttpStatusCode.Created).Result["id"]!;

    public async Task<string> Account(object? body = null) =>
        (string)(await Post("/v1/accounts", Admin, body ?? new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
}

[CollectionDefinition("webhooks")]
public sealed class WebhookCollection : ICollectionFixture<WebhookService>;
