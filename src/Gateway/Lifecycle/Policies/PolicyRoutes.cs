using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle.Tokens;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Lifecycle.Policies;

/// <summary><c>/lifecycle/v1/policy</c>: what an organization demands of its tokens.</summary>
internal static class PolicyRoutes
{
    private static readonly Resource Unset = new()
    {
        Id = Guid.Empty, OrganizationId = default, Name = "", FullName = "",
        Content = new ResourceContent { Policy = new PolicyContent() },
        CreatedAt = default, UpdatedAt = default, Version = 0,
    };

    public static void MapPolicy(this RouteGroupBuilder lifecycle)
    {
        var policy = lifecycle.MapGroup("/policy").WithTags("policy").WithMetadata(new WholeGrant()).CanBePreviewed();
        policy.MapGet("", Get).Needs("organizations:get").WithName("policy_get")
            .WithSummary("Read the policy of the organization").TellsTag();
        policy.MapGet("/breaches", Breaches).Needs("organizations:get").WithName("policy_breaches")
            .WithSummary("List tokens that the policy would not allow today");
        policy.MapPut("", Put).Needs("organizations:update").WithName("policy_put")
            .WithSummary("Replace the policy of the organization").IsConditional(required: true).TellsTag();
    }

    private static async Task<Results<JsonOk<PolicyWire>, Refusal>> Get(
        ApiRequest request, LifecycleApi api, IGrainFactory grains) =>
        await Find(request, grains, call: null) is { Resource: { } policy }
            ? Show(request, policy)
            : api.Error(Forbidden);

    private static async Task<Results<JsonOk<PolicyWire>, Refusal>> Put(
        ApiRequest request, ObjectBody<PolicyWire> body, LifecycleApi api, IGrainFactory grains)
    {
        if (PolicyBody.Read(body.Fields) is not { } wanted)
        {
            return api.Error(ApiError.Invalid(body.Fields.Errors));
        }

        var found = await Find(request, grains, request.Idempotent?.Plain);
        if (found.Resource is not { Content.Policy: { } content } current)
        {
            return api.Error(ErrorOf(found));
        }

        if (found.Repeated)
        {
            return Show(request, current);
        }

        if (Preconditions.Require(request, PolicyWire.TagOf(content), "policy") is { } unmet)
        {
            // A change whose answer was lost may be asked for again: it is done already (RFC 9110 13.1.1).
            return unmet.Status == StatusCodes.Status412PreconditionFailed
                && PolicyWire.TagOf(wanted) == PolicyWire.TagOf(content)
                ? Show(request, current)
                : api.Error(unmet);
        }

        var command = new SetPolicy
        {
            Context = request.NewCommand(request.Idempotent?.Plain), Content = wanted,
            ExpectedVersion = current.Version,
        };
        var answer = await request.Command(() => Policy(request, grains).Set(command));
        return answer is { Refusal: null, Resource: { } changed } ? Show(request, changed) : api.Error(ErrorOf(answer));
    }

    /// <summary>
    /// What lives on that is not as the policy wants it, that of the organization above included. A page may have fewer
    /// items than the limit, and a cursor: tokens without a breach were looked at.
    /// </summary>
    private static async Task<Results<JsonOk<BreachPage>, Refusal>> Breaches(
        ApiRequest request, TokenListQuery query, LifecycleApi api, IGrainFactory grains)
    {
        var organization = request.Bearer.OrganizationId;
        var content = await grains.GetGrain<IOrganizationGrain>(organization.ToString()).GetPolicy(request.Aborted)
            ?? new PolicyContent();
        var page = await grains.GetGrain<ICatalogGrain>("0").ListEveryToken(
            query.Request with { Caller = null, MemberId = null, Breaching = content }, request.Aborted);
        if (page.Tokens is not { } tokens)
        {
            return api.Error(ApiError.Invalid([new RequestError("cursor", "query", "is none of this list")]));
        }

        var policy = content.ToPolicy();
        return new JsonOk<BreachPage>(
            new([.. tokens.Select(token => BreachWire.From(token, policy))], page.Next), PolicyJson.Wire.BreachPage);
    }

    private static ApiError Forbidden => ApiError.Forbidden("the bearer may not do this to the policy");

    /// <summary>
    /// The policy as it is, or as a change answered that is asked for again; where none was ever set, one that demands
    /// nothing.
    /// </summary>
    private static async Task<ResourceAnswer> Find(ApiRequest request, IGrainFactory grains, Idempotency? call)
    {
        var query = new ReadResource
        {
            OrganizationId = request.Bearer.OrganizationId, Caller = request.Bearer.Caller, Call = call,
            Verb = call is null ? "get" : "update",
        };
        var answer = await Policy(request, grains).Get(query, request.Aborted);
        return answer.Refusal == ResourceRefusal.NotFound ? new ResourceAnswer { Resource = Unset } : answer;
    }

    private static IPolicyGrain Policy(ApiRequest request, IGrainFactory grains) =>
        grains.GetGrain<IPolicyGrain>(request.Bearer.Organization);

    private static JsonOk<PolicyWire> Show(ApiRequest request, Resource policy)
    {
        var content = policy.Content.Policy ?? new PolicyContent();
        request.Http.Response.Headers.ETag = PolicyWire.TagOf(content);
        return new(PolicyWire.From(content), PolicyJson.Wire.PolicyWire);
    }

    private static ApiError ErrorOf(ResourceAnswer answer) => answer.Refusal switch
    {
        ResourceRefusal.ChangedMeanwhile or ResourceRefusal.IdTaken or ResourceRefusal.NameTaken =>
            new(412, ApiErrorKind.Conflict, "the policy was changed meanwhile; read it again"),
        ResourceRefusal.IdempotencyConflict => new(
            409, ApiErrorKind.KeyReused, "the idempotency key was used for another request"),
        ResourceRefusal.InvalidReference =>
            ApiError.Invalid(
                "the policy " + (answer.Details is [var first, ..] ? first : "refers to what is not there")),
        ResourceRefusal.UpgradePending => new(
            409, ApiErrorKind.Conflict, "a silo of the cluster does not know of policies yet; try again after the upgrade"),
        ResourceRefusal.NotFound or ResourceRefusal.OwnerGone =>
            new(409, ApiErrorKind.Conflict, "the organization is being deleted"),
        _ => Forbidden,
    };
}
