using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Imports;

namespace TokenActors.Grains.Imports;

/// <summary>What is answered of an import.</summary>
internal static class ImportAnswers
{
    /// <summary>The same command again gives the import that it made.</summary>
    public static ImportJobAnswer Known(ImportJob job, MakeImportJob command, Caller caller) =>
        job.Total == command.Total ? Known(job, command.Request, caller) : Refused(ImportJobRefusal.IdTaken);

    public static ImportJobAnswer Known(ImportJob job, byte[] request, Caller caller) =>
        job.Starter.TokenId == caller.TokenId && job.Request.AsSpan().SequenceEqual(request)
            ? Shown(job)
            : Refused(ImportJobRefusal.IdTaken);

    public static ImportJobAnswer Shown(ImportJob job) => new() { Job = ImportJobRow.ViewOf(job) };

    public static ImportJobAnswer Refused(ImportJobRefusal refusal) => new() { Refusal = refusal };
}
