using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Foundation;

namespace TokenActors.Grains.Imports;

/// <summary>How many imports of an organization may be under way.</summary>
internal static class UnfinishedImports
{
    private const int Most = 8;

    public static Quota QuotaOf(OrganizationId organization) => new()
    {
        Kinds = [Kinds.ImportJob],
        OrganizationId = organization,
        Statuses = [nameof(ImportJobStatus.Receiving), nameof(ImportJobStatus.Running)],
        Most = Most,
    };
}
