using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Audit;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Previews;

namespace TokenActors.Gateway.Previews;

/// <summary>
/// Around a handler whose request is a preview: the first command that would be carried out ends it. What would be
/// refused is refused, in the words of the route.
/// </summary>
internal sealed class PreviewFilter(IEnumerable<Api> apis, IGrainFactory grains) : IEndpointFilter
{
    private static readonly ApiError UpgradePending = new(
        StatusCodes.Status409Conflict, ApiErrorKind.Conflict,
        "a silo of an older release is running, which would carry out what is only to be previewed");

    private readonly Api[] _apis = [.. apis];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        if (!request.IsPreview)
        {
            return await next(context);
        }

        if (!await grains.GetGrain<IPreviewGrain>("0").CanPreview())
        {
            return _apis.First(api => api.Owns(request.Http.Request.Path)).Error(UpgradePending);
        }

        PreviewWire preview;
        try
        {
            var result = await next(context);
            if (RequestParts.Unwrap(result) is IStatusCodeHttpResult { StatusCode: >= 400 })
            {
                return result;
            }

            preview = PreviewWire.OfNothing(request.SuccessStatus);
        }
        catch (PreviewedException e)
        {
            preview = PreviewWire.Of(e, request.SuccessStatus, await CountAffected(request, e));
        }

        await grains.GetGrain<IAuditGrain>("0").Previewed(request.NewCommand());
        return new JsonOk<PreviewWire>(preview, PreviewJson.Wire.PreviewWire);
    }

    private Task<AffectedTokens> CountAffected(ApiRequest request, PreviewedException what) =>
        grains.GetGrain<IPreviewGrain>("0").CountAffected(
            new PreviewedSubject { OrganizationId = request.Bearer.OrganizationId, Kind = what.Kind, Id = what.Id },
            request.Aborted);
}
