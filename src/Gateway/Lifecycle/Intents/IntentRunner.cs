using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Intents;

/// <summary>
/// Carries out what an intent wants, by the code of the routes that do it without one; or only decides it.
/// </summary>
internal sealed class IntentRunner(
    LifecycleApi api, TokenCommandRunner commands, TokenGrains tokens, IGrainFactory grains, McpResource resource,
    TimeProvider time)
{
    /// <summary>What would be answered instead of doing it; null where it would be done.</summary>
    public async Task<Refusal?> Check(ApiRequest request, IntentRequest intent)
    {
        if (!request.Bearer.May(intent.Permission))
        {
            return api.Error(ApiError.Forbidden($"the bearer does not have the permission {intent.Permission}"));
        }

        if (!await grains.GetGrain<IPreviewGrain>("0").CanPreview())
        {
            return api.Error(new(
                StatusCodes.Status409Conflict, ApiErrorKind.Conflict,
                "a silo of an older release is running, which would carry out what is only to be decided"));
        }

        request.IsPreview = true;
        try
        {
            return RequestParts.Unwrap(await Run(request, intent)) as Refusal;
        }
        catch (PreviewedException)
        {
            return null;
        }
        finally
        {
            request.IsPreview = false;
        }
    }

    /// <summary>Does it on behalf of the request's bearer.</summary>
    public async Task<IResult> Run(ApiRequest request, IntentRequest intent)
    {
        if (intent.Wanted is { } wanted)
        {
            return await NewTokenRoute.Make(request, wanted, api, tokens, grains, resource, time);
        }

        return await commands.Renew(request, intent.Subject?.ToString() ?? "", (grain, context, secrets) =>
            grain.Rotate(new RenewToken { Context = context, Secrets = secrets, Deadline = intent.Deadline }));
    }
}
