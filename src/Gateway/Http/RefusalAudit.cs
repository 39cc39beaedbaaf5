using System.Globalization;
using TokenActors.Grains.Abstractions.Audit;

namespace TokenActors.Gateway.Http;

/// <summary>Every change that is refused to an authenticated caller is noted before it is answered.</summary>
internal sealed partial class RefusalAudit(IGrainFactory grains, ILogger<RefusalAudit> logger)
{
    /// <param name="request">the request</param>
    /// <param name="result">what is about to be answered</param>
    public async ValueTask Note(ApiRequest request, object? result)
    {
        if (HttpMethods.IsGet(request.Http.Request.Method) || !request.HasBearer
            || RequestParts.Unwrap(result) is not IStatusCodeHttpResult { StatusCode: >= 400 and < 500 and { } status })
        {
            return;
        }

        var context = request.NewCommand();
        var call = new RefusedCall
        {
            Context = context with { Origin = context.Origin is { } origin ? origin with { Code = status.ToString(CultureInfo.InvariantCulture) } : null },
            Reason = status switch
            {
                StatusCodes.Status403Forbidden => "forbidden",
                StatusCodes.Status404NotFound => "not_found",
                StatusCodes.Status409Conflict => "conflict",
                StatusCodes.Status429TooManyRequests => "too_many_requests",
                _ => "invalid",
            },
        };
        try
        {
            await grains.GetGrain<IAuditGrain>("0").Refused(call);
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
            LogNotNoted(request.Masked(request.Http.Request.Path.Value ?? ""), e);
        }
    }

    [LoggerMessage(4101, LogLevel.Warning, "The refusal of {Path} could not be noted in the audit trail")]
    private partial void LogNotNoted(string path, Exception exception);
}
