
namespace TokenActors.Grains.Webhooks;

/// <summary>Posts to endpoints. Runs outside of grains' turns.</summary>
public interface IWebhookSender
{
    /// <summary>One attempt, which ends within a bounded time whatever the endpoint does. Never throws.</summary>
    /// <param name="request">what to post</param>
    /// <param name="calledOff">ends it at once, without an answer</param>
    Task<AttemptResult> Send(WebhookRequest request, CancellationToken calledOff);
}

/// <summary>One attempt that is to be made.</summary>
/// <param name="Address">the URL</param>
/// <param name="Headers">beside those of the body</param>
/// <param name="Body">JSON in UTF-8</param>
public sealed record WebhookRequest(string Address, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body);

/// <summary>What came of an attempt.</summary>
/// <param name="Status">the HTTP status; null where there was no answer</param>
/// <param name="Error">why there was none, in words; null where there was one</param>
/// <param name="Answer">the beginning of the answer's body</param>
/// <param name="Took">how long it took</param>
/// <param name="RetryAfter">how long the endpoint wants to be left alone</param>
public sealed record AttemptResult(int? Status, string? Error, string? Answer, TimeSpan Took, TimeSpan? RetryAfter)
{
    /// <summary>Only 2xx is success.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The endpoint says that it is gone for good.</summary>
    public bool IsGone => Status == 410;
}
