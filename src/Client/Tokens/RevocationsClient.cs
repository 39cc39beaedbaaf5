using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using TokenActors.Client.Http;

namespace TokenActors.Client.Tokens;

/// <summary><c>/lifecycle/v1/revocations</c>: what ends, as it ends.</summary>
public sealed class RevocationsClient
{
    private readonly ApiGroup _api;

    internal RevocationsClient(ApiGroup api) => _api = api;

    /// <summary>One connection's events, until it ends; who goes on after that gives the last cursor.</summary>
    /// <param name="cursor">the last that was read; null: from now on</param>
    /// <param name="cancellation">ends the stream</param>
    public async IAsyncEnumerable<RevocationEvent> Follow(
        string? cursor = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var call = ApiCall.Get($"{ApiGroup.Lifecycle}/revocations").With("cursor", cursor) with { Accept = "text/event-stream" };
        using var response = await _api.Connection.Open(call, cancellation).ConfigureAwait(false);
        using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellation).ConfigureAwait(false))
        {
            yield return item.EventType switch
            {
                "revoked" => new(
                    item.EventType, ApiConnection.Part(item.Data, ApiGroup.Json.RevokedData).TokenId, null,
                    null),
                "heartbeat" => new(
                    item.EventType, null, ApiConnection.Part(item.Data, ApiGroup.Json.HeartbeatData).UpTo,
                    item.EventId),
                _ => new(item.EventType, null, null, null),
            };
        }
    }
}
