using TokenActors.Domain.Grants;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Imports;

namespace TokenActors.Grains.Imports;

/// <summary>Who sees an import, and what is answered of it.</summary>
internal static class ImportAnswers
{
    private const string Making = "tokens:create";

    /// <summary>The same command again gives the import that it made.</summary>
    public static ImportJobAnswer Known(ImportJob job, MakeImportJob command, Caller caller) =>
        job.Starter.TokenId == caller.TokenId && job.Total == command.Total && job.Request.AsSpan().SequenceEqual(command.Request)
            ? Shown(job)
            : Refused(ImportJobRefusal.IdTaken);

    public static bool IsSeenBy(ImportJob job, Caller caller) =>
        job.OrganizationId == caller.OrganizationId
        && (job.Starter.MemberId == caller.MemberId || caller.Grant.IsWholeIn(caller.OrganizationId.ToString(), Making));

    public static Caller CallerOf(CallContext context) =>
        context.Caller ?? throw new ArgumentException("an import has a caller", nameof(context));

    public static ImportJobAnswer Shown(ImportJob job) => new() { Job = ImportJobRow.ViewOf(job) };

    public static ImportJobAnswer Refused(ImportJobRefusal refusal) => new() { Refusal = refusal };
}
