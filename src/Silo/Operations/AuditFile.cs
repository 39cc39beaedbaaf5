using System.Globalization;
using TokenActors.Hosting;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Audit;

namespace TokenActors.Silo.Operations;

/// <summary>Checks a file with an exported trail under the ring, which only the operator has.</summary>
internal static class AuditFile
{
    /// <param name="options">the settings</param>
    /// <param name="path">of the file, a row in each line</param>
    /// <exception cref="InvalidOperationException">a row is not as it was exported; the message names the
    /// line</exception>
    public static async Task Run(ServiceOptions options, string path)
    {
        await using var store = await OperatorStore.Open(options);
        var ring = EmbeddedSilo.Peppers(options, mayCreate: false);
        await ring.Recall(store.Peppers);
        var trail = new ExportedTrail(new AuditProof(ring));
        await foreach (var line in File.ReadLinesAsync(path))
        {
            Refuse(trail.Read(line));
        }

        Refuse(trail.End());
        var unproved = trail.FirstUnproved is { } first
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" {trail.Unproved} from line {first} on have no code, as those of the last minutes have none, and nothing proves them: export them again.")
            : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{trail.Proved} rows are as the service wrote them.{unproved}"));

        void Refuse(string? problem)
        {
            if (problem is not null)
            {
                throw new InvalidOperationException($"{path}: {problem}");
            }
        }
    }
}
