using TokenActors.Domain.Jobs;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Imports;

/// <summary>
/// What became of the lines of an import. Only refusals are stored: every other line that had its turn is a token,
/// whose id follows from import and line.
/// </summary>
internal sealed class ImportReport(IRecordStore store, ImportJob job)
{
    private const int SharesAtOnce = 100;

    public async Task<ImportResults> Read(ReadImportResults query)
    {
        List<ImportLineResult> found = [];
        var next = Math.Max(0, query.After);
        while (next < job.Asked && found.Count < query.Limit)
        {
            var first = next - (next % ImportBatches.Share);
            var shares = Enumerable.Range(0, SharesAtOnce).Select(i => first + (i * ImportBatches.Share)).Where(from => from < job.Asked);
            var failures = await ImportBatches.ReadFailures(store, job, shares);
            var end = Math.Min(job.Asked, first + (SharesAtOnce * ImportBatches.Share));
            for (; next < end && found.Count < query.Limit; next++)
            {
                Note(found, next + 1, failures.TryGetValue(next + 1, out var refusal) ? refusal : null, query.RefusedOnly);
            }
        }

        return new ImportResults { Lines = [.. found], Next = next < job.Asked ? next : null };
    }

    private void Note(List<ImportLineResult> found, int number, TokenRefusal? refusal, bool refusedOnly)
    {
        if (refusal is not null || !refusedOnly)
        {
            found.Add(new ImportLineResult
            {
                Number = number, Refusal = refusal, TokenId = refusal is null
                    ? TokenImports.IdOf(job.Id, number)
                    : null,
            });
        }
    }
}
