using System.Buffers.Text;
using System.Globalization;
using System.Text;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Hosting.Webhooks;

namespace TokenActors.Gateway.Lifecycle.Webhooks;

/// <summary>An endpoint that a path names.</summary>
/// <param name="Resource">as it is, or as the call answered that is repeated</param>
/// <param name="Grain">changes it</param>
/// <param name="IsRepeated">the call was carried out before under its idempotency key</param>
internal sealed record FoundEndpoint(Resource Resource, IWebhookGrain Grain, bool IsRepeated);

/// <summary>The steps that the routes share.</summary>
internal static class EndpointCommands
{
    /// <summary>By its id, on whichever API it was made.</summary>
    public static async Task<Outcome<FoundEndpoint>> Find(
        ApiRequest request, LifecycleApi api, IGrainFactory grains, string id, string verb, Idempotency? call = null)
    {
        if (!Guid.TryParseExact(id, "D", out var key))
        {
            return api.Error(NoEndpoint);
        }

        var query = new ReadResource
        {
            OrganizationId = request.Bearer.OrganizationId, Caller = request.Bearer.Caller, Verb = verb, Call = call,
        };
        var refusal = NoEndpoint;
        foreach (var grain in Both(grains, key))
        {
            var answer = await grain.Get(query, request.Aborted);
            if (answer is { Refusal: null, Resource: { } resource })
            {
                return new FoundEndpoint(resource, grain, answer.Repeated);
            }

            refusal = answer.Refusal is ResourceRefusal.Forbidden or ResourceRefusal.IdempotencyConflict
                ? ErrorOf(answer)
                : refusal;
        }

        return api.Error(refusal);
    }

    /// <summary>
    /// What is wrong with an endpoint beyond its shape: an address that nothing may be sent to, or an account that is
    /// not there, of which it would hear nothing for ever. Null where nothing is.
    /// </summary>
    /// <param name="request">of somebody who sees the whole organization</param>
    /// <param name="wanted">what it is to be</param>
    /// <param name="current">what it is, whose accounts may be gone; null for a new one</param>
    /// <param name="addresses">tells of the address</param>
    /// <param name="grains">know the accounts</param>
    public static async Task<ApiError?> ProblemWith(
        ApiRequest request, WebhookContent wanted, WebhookContent? current, WebhookAddresses addresses, IGrainFactory grains)
    {
        if (await addresses.Problem(wanted.Address, request.Aborted) is { } problem)
        {
            return ApiError.Invalid([new RequestError("/url", "body", problem)]);
        }

        var added = wanted.AccountIds.Except(current?.AccountIds ?? []).ToList();
        if (added.Count == 0)
        {
            return null;
        }

        var page = await grains.GetGrain<ICatalogGrain>("0").ListResources(
            new ResourceListRequest
            {
                OrganizationId = request.Bearer.OrganizationId, Kind = "account", Limit = added.Count,
                Filters = [$"id[in]{string.Join(',', added)}"],
            },
            request.Aborted);
        var known = (page.Resources ?? []).Select(account => account.Id).ToHashSet();
        return added.Where(id => !known.Contains(id)).Select(id => (Guid?)id).FirstOrDefault() is { } unknown
            ? ApiError.Invalid(
                [new RequestError("/account_ids", "body", $"has {unknown}, which is no account of the organization")])
            : null;
    }

    /// <summary>Whether a call, by its idempotency key, is the one that deleted what is not found any more.</summary>
    public static async Task<bool> IsDeletedAlready(IGrainFactory grains, string id, DeleteResource command)
    {
        if (command.Context.Idempotency is null || !Guid.TryParseExact(id, "D", out var key))
        {
            return false;
        }

        var answers = await Task.WhenAll(Both(grains, key).Select(grain => grain.Delete(command)));
        return answers.Any(answer => answer.Refusal is null);
    }

    private static IWebhookGrain[] Both(IGrainFactory grains, Guid id) =>
        [grains.GetGrain<IEventEndpointGrain>(id.ToString()), grains.GetGrain<IOrganizationWebhookGrain>(id.ToString())];

    /// <summary>Why an endpoint is not changed here; null where it is.</summary>
    public static ApiError? IsAnothers(Resource endpoint) => endpoint.Content.Webhook is { CredentialId: not null }
        ? new ApiError(
            409, ApiErrorKind.Conflict, "the webhook was made on /v1/organization/webhooks, and is changed there")
        : null;

    public static ApiError ErrorOf(ResourceAnswer answer) => answer.Refusal switch
    {
        ResourceRefusal.NotFound or null => NoEndpoint,
        ResourceRefusal.Forbidden => ApiError.Forbidden("the bearer may not do this to this webhook"),
        ResourceRefusal.BeyondGrant =>
            ApiError.Forbidden("webhooks need a bearer that is not narrowed within the organization"),
        ResourceRefusal.NameTaken => new(409, ApiErrorKind.Conflict, "there is a webhook of this name", "/name"),
        ResourceRefusal.IdTaken or ResourceRefusal.IdempotencyConflict => new(
            409, ApiErrorKind.KeyReused, "the idempotency key was used for another request"),
        ResourceRefusal.ChangedMeanwhile =>
            new(412, ApiErrorKind.Conflict, "the webhook was changed meanwhile; read it again"),
        ResourceRefusal.InvalidReference =>
            ApiError.Invalid(answer.Details is [var first, ..] ? first : "it refers to what is not there"),
        _ => new(409, ApiErrorKind.Conflict, "what the webhook belongs to is being deleted"),
    };

    /// <summary>The place that a cursor stands for; null where it is none.</summary>
    public static long? PlaceIn(string? cursor)
    {
        Span<byte> bytes = stackalloc byte[20];
        return cursor is { Length: > 0 and <= 27 }
            && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, bytes, out var length)
            && long.TryParse(bytes[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var place)
                ? place
                : null;
    }

    public static string? CursorOf(long? place) => place is { } number
        ? Base64Url.EncodeToString(Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)))
        : null;

    private static readonly ApiError NoEndpoint = new(404, ApiErrorKind.NotFound, "there is no such webhook");
}
