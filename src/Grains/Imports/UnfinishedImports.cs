using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Imports;

/// <summary>
/// How many imports of an organization may be under way. They are counted where they are stored, so that it holds whoever
/// asks; two that are asked for at the same moment may both be the last.
/// </summary>
internal static class UnfinishedImports
{
    private const int Most = 8;

    private static readonly ListFilter[] Unfinished =
    [
        new(
            new ListField("status", ListFieldKind.Word, JsonName: "status"), ListOperator.In,
            [nameof(ImportJobStatus.Receiving), nameof(ImportJobStatus.Running)]),
    ];

    public static async Task<bool> AreTooMany(IRecordStore store, OrganizationId organization) =>
        await store.Count(new RecordScope(Kinds.ImportJob, organization.ToString()), Unfinished) >= Most;
}
