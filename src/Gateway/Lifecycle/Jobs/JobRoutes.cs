using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Revoking;

namespace TokenActors.Gateway.Lifecycle.Jobs;

/// <summary>
/// <c>POST /lifecycle/v1/tokens/revoke</c> and <c>/lifecycle/v1/jobs</c>: many tokens at once, by a job that outlives
/// its request, its bearer and every process.
/// </summary>
internal static class JobRoutes
{
    private const string Deleting = "tokens:delete";

    /// <summary>How long to wait where a silo does not say how long it is until the earliest of too many plans is
    /// over.</summary>
    private static readonly TimeSpan SomeWait = TimeSpan.FromMinutes(1);

    public static void MapRevocationJobs(this RouteGroupBuilder lifecycle)
    {
        lifecycle.MapPost("/tokens/revoke", Revoke).Needs(Deleting).WithMetadata(new PreviewedRoute(IsKept: true))
            .WithName("lifecycle_tokens_revoke").WithTags("tokens")
            .WithSummary("Delete the tokens that filters match, or those of a plan, in a job").Also(
                StatusCodes.Status412PreconditionFailed);
        lifecycle.MapGet("/jobs/{jobId}", Get).Needs(Deleting).WithName("lifecycle_jobs_get").WithTags("jobs")
            .WithSummary("Read the progress of a job");
        lifecycle.MapDelete("/jobs/{jobId}", Stop).Needs(Deleting).WithName("lifecycle_jobs_stop").WithTags("jobs")
            .WithSummary("Stop a job");
    }

    /// <summary>
    /// By filters the tokens are chosen now; a dry run chooses them too, and gives a plan that starts exactly that.
    /// </summary>
    private static async Task<Results<JobStarted, JsonOk<PlanWire>, Refusal>> Revoke(
        ApiRequest request, Body<RevokeTokensRequest> body, LifecycleApi api, IGrainFactory grains, TimeProvider time)
    {
        var wanted = body.Value;
        if (wanted.Plan is { } plan)
        {
            return await Start(request, plan, api, grains);
        }

        var id = request.Idempotent?.DerivedIdFor(request.IsPreview ? "plan" : "revoke")
            ?? Guid.CreateVersion7(time.GetUtcNow());
        MakeRevocationJob command = new()
        {
            Context = request.NewCommand(request.Idempotent?.Plain),
            Filters = [.. wanted.Filter ?? []],
            MemberId = request.Bearer.AdministersTokens ? null : request.Bearer.Caller.MemberId,
            IsPlan = request.IsPreview,
        };
        var answer = await request.Command(() => Job(grains, id).Make(command));
        if (answer.Job is not { } job)
        {
            return api.Error(ErrorOf(answer));
        }

        var affected = answer.Affected is { } counted ? AffectedWire.From(counted) : null;
        return request.IsPreview
            ? new JsonOk<PlanWire>(new(true, job.Id.ToString(), job.PlanEndsAt, affected), JobsJson.Wire.PlanWire)
            : new JobStarted(job);
    }

    private static async Task<Results<JobStarted, JsonOk<PlanWire>, Refusal>> Start(
        ApiRequest request, string plan, LifecycleApi api, IGrainFactory grains)
    {
        if (request.IsPreview)
        {
            return api.Error(ApiError.Invalid(
                [new RequestError(PreviewedRoute.Parameter, "query", "is not taken with a plan, which says what it does")]));
        }

        var command = request.NewCommand(request.Idempotent?.Plain);
        var answer = Guid.TryParseExact(plan, "D", out var id)
            ? await request.Command(() => Job(grains, id).Start(command))
            : new RevocationJobAnswer { Refusal = RevocationJobRefusal.NotFound };
        return answer.Job is { } job ? new JobStarted(job) : api.Error(ErrorOf(answer));
    }

    private static async Task<Results<JsonOk<JobWire>, Refusal>> Get(
        ApiRequest request, string jobId, LifecycleApi api, IGrainFactory grains) => Show(
            api, Guid.TryParseExact(jobId, "D", out var id) ? await Job(grains, id).Get(request.NewCommand()) : new());

    private static async Task<Results<JsonOk<JobWire>, Refusal>> Stop(
        ApiRequest request, string jobId, LifecycleApi api, IGrainFactory grains)
    {
        var command = request.NewCommand();
        return Show(
            api, Guid.TryParseExact(jobId, "D", out var id) ? await request.Command(() => Job(grains, id).Stop(command)) : new());
    }

    private static IRevocationJobGrain Job(IGrainFactory grains, Guid id) =>
        grains.GetGrain<IRevocationJobGrain>(id.ToString());

    private static Results<JsonOk<JobWire>, Refusal> Show(LifecycleApi api, RevocationJobAnswer answer) => answer.Job is { } job
        ? new JsonOk<JobWire>(JobWire.From(job), JobsJson.Wire.JobWire)
        : api.Error(ErrorOf(answer));

    private static ApiError ErrorOf(RevocationJobAnswer answer) => answer.Refusal switch
    {
        RevocationJobRefusal.PlanIsOver => new(
            StatusCodes.Status412PreconditionFailed, ApiErrorKind.Conflict, "the plan was made too long ago; ask for another", "/plan"),
        RevocationJobRefusal.TooManyPlans => ApiError.TooManyRequests(answer.Wait ?? SomeWait),
        RevocationJobRefusal.TooManyTokens => ApiError.Invalid(
            [new RequestError("/filter", "body", "matches more than 200,000 tokens; narrow it")]),
        RevocationJobRefusal.UpgradePending => new(
            StatusCodes.Status409Conflict, ApiErrorKind.Conflict, "a silo of an older release is running, which could not go on with the job"),
        RevocationJobRefusal.IdTaken => new(
            StatusCodes.Status409Conflict, ApiErrorKind.KeyReused, "the idempotency key was used for another request"),
        _ => new(StatusCodes.Status404NotFound, ApiErrorKind.NotFound, "there is no such plan or job"),
    };
}

/// <summary>202 with the job, and where its progress is.</summary>
internal sealed class JobStarted(RevocationJobView job)
    : JsonAnswer<JobWire>(JobWire.From(job), JobsJson.Wire.JobWire, StatusCodes.Status202Accepted), IEndpointMetadataProvider
{
    public override Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = $"{LifecycleApi.Path}/jobs/{job.Id}";
        return base.ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(
        new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(JobWire), ["application/json"]));
}
