using TokenActors.Domain.Grants;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.DurableJobs;

/// <summary>Who starts a job, who sees it, and as whom it asks.</summary>
internal static class JobCallers
{
    public static Caller Of(CallContext context) =>
        context.Caller ?? throw new ArgumentException("a job has a caller", nameof(context));

    /// <summary>As whom a job asks each thing.</summary>
    public static Caller Of(DurableJob job) => new()
    {
        TokenId = job.Starter.TokenId,
        OrganizationId = job.OrganizationId,
        MemberId = job.Starter.MemberId,
        Grant = job.Starter.Grant,
        Ancestors = job.Starter.Ancestors,
    };

    public static JobStarter StarterOf(Caller caller) =>
        new(caller.TokenId, caller.MemberId, caller.Ancestors, caller.Grant);

    /// <summary>A job is seen by the member who started it, and by whom its action is granted in the whole
    /// organization.</summary>
    public static bool See(this Caller caller, DurableJob job, string action) =>
        job.OrganizationId == caller.OrganizationId
        && (job.Starter.MemberId == caller.MemberId
            || caller.Grant.IsWholeIn(caller.OrganizationId.ToString(), action));
}
