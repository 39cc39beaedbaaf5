using System.Globalization;
using System.Reflection;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Metadata;
using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Revocations;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Revocations;

/// <summary>
/// The answer that does not end before its reader leaves or its bearer dies. Events are <c>revoked</c> with a token's
/// id, <c>all</c>, and a <c>heartbeat</c> at least each second: everything that was committed before its time was sent.
/// </summary>
internal sealed class RevocationStream(
    ApiRequest request, string? cursor, RevocationFollowers followers, TokenGrains tokens, StreamLimit streams)
    : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public const string ContentType = "text/event-stream";

    /// <summary>Also where no page comes: a stream ends within a second of its bearer's death.</summary>
    private static readonly TimeSpan BearerAskedEvery = TimeSpan.FromMilliseconds(700);

    /// <summary>How long a reader may leave what was sent to it unread.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(5);

    private readonly Bearer _bearer = request.Bearer;

    public int? StatusCode => StatusCodes.Status200OK;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [ContentType]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, followers.Stopping);

        // Joined before the first page is read, so that nothing falls between that page and those that follow.
        var pages = followers.Join(_bearer.OrganizationId);
        try
        {
            httpContext.Response.ContentType = ContentType;
            httpContext.Response.Headers.CacheControl = "no-store";
            httpContext.Response.Headers["X-Accel-Buffering"] = "no";
            await httpContext.Response.StartAsync(ending.Token);
            await Write(httpContext, await followers.Read(_bearer.OrganizationId, cursor, ending.Token), ending.Token);
            await Send(httpContext, pages.Reader, ending.Token);
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e) || e is ChannelClosedException)
        {
            // The reader left, or asks again elsewhere: the answer has begun, and its end says all there is to say.
        }
        finally
        {
            followers.Leave(_bearer.OrganizationId, pages);
            streams.Leave(_bearer.Caller.TokenId);
        }
    }

    private async Task Send(HttpContext http, ChannelReader<RevocationPage> pages, CancellationToken ending)
    {
        while (await IsAccepted())
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(ending);
            pause.CancelAfter(BearerAskedEvery);
            RevocationPage page;
            try
            {
                page = await pages.ReadAsync(pause.Token);
            }
            catch (OperationCanceledException) when (!ending.IsCancellationRequested)
            {
                continue;
            }

            await Write(http, page, ending);
        }
    }

    private async ValueTask<bool> IsAccepted()
    {
        var query = new VerifyToken
        {
            Presented = _bearer.Secret.Fingerprint(), Uncounted = true, IsAskedAgain = true, Address = request.Address,
            KnowsLimits = true,
        };
        return await tokens.Verify(_bearer.Caller.TokenId, query) is { Refusal: null, Caller: { } caller }
            && caller.Grant.IsWholeIn(_bearer.Organization, "tokens:get");
    }

    private static async Task Write(HttpContext http, RevocationPage page, CancellationToken ending)
    {
        var text = new StringBuilder();
        if (page.All)
        {
            text.Append("event: all\ndata: {}\n\n");
        }

        foreach (var token in page.Tokens)
        {
            text.Append("event: revoked\ndata: {\"token_id\":\"").Append(token).Append("\"}\n\n");
        }

        // The cursor comes with the last event of a page: who was cut off within one reads all of it again.
        text.Append("event: heartbeat\nid: ").Append(page.Cursor)
            .Append("\ndata: {\"up_to\":\"").Append(TimeOf(page.UpTo)).Append("\"}\n\n");
        using var longest = CancellationTokenSource.CreateLinkedTokenSource(ending);
        longest.CancelAfter(LongestWrite);
        await http.Response.WriteAsync(text.ToString(), longest.Token);
        await http.Response.Body.FlushAsync(longest.Token);
    }

    /// <summary>Cut to milliseconds: what is claimed may be too early, never too late.</summary>
    private static string TimeOf(DateTimeOffset upTo) =>
        upTo.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
