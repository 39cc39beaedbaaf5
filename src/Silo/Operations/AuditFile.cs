using System.Globalization;
using System.Text.Json;
using TokenActors.Hosting;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Silo.Operations;

/// <summary>
/// Checks rows that were exported by <c>GET /lifecycle/v1/audit</c>: each by its code, which only the service could
/// make. That none is missing is what the chain in the database proves.
/// </summary>
internal static class AuditFile
{
    /// <param name="options">the settings</param>
    /// <param name="path">of the file, a row in each line</param>
    /// <exception cref="InvalidOperationException">a row is not as it was exported; the message names the line</exception>
    public static async Task Run(ServiceOptions options, string path)
    {
        await using var store = await OperatorStore.Open(options);
        var ring = EmbeddedSilo.Peppers(options, mayCreate: false);
        await ring.Recall(store.Peppers);
        var proof = new AuditProof(ring);
        var (line, rows, unlinked) = (0L, 0L, 0L);
        await foreach (var text in File.ReadLinesAsync(path))
        {
            line++;
            switch (Check(text, proof))
            {
                case true:
                    rows++;
                    break;
                case null:
                    unlinked++;
                    break;
                default:
                    throw new InvalidOperationException(string.Create(
                        CultureInfo.InvariantCulture, $"Line {line} of {path} is not a row as it was exported."));
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows} rows are as the service wrote them; {unlinked} have no code, as those of the last minutes have none."));
    }

    /// <returns>whether the row fits its code; null where it has none</returns>
    private static bool? Check(string line, AuditProof proof)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            if (!row.TryGetProperty("chain", out var chain))
            {
                return null;
            }

            var (number, code) = (row.GetProperty("number").GetInt64(), chain.GetProperty("code").GetString());
            return proof.Fits(number, EntryOf(row), code ?? "");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static AuditEntry EntryOf(JsonElement row)
    {
        return new AuditEntry
        {
            OrganizationId = Needed("organization_id"),
            At = row.GetProperty("at").GetDateTimeOffset(),
            Event = Needed("event"),
            Subject = new RecordKey(Needed("subject_kind"), Needed("subject_id")),
            SubjectVersion = row.GetProperty("subject_version").GetInt64(),
            CommandId = Needed("command_id"),
            ActorTokenId = Text("token_id"),
            ActorMemberId = Text("member_id"),
            RemoteAddress = Text("address"),
            UserAgent = Text("user_agent"),
            Method = Text("method"),
            Path = Text("path"),
            Outcome = Needed("outcome"),
            Code = Text("status"),
            AccountId = Text("account_id"),
            IntegrationId = Text("integration_id"),
        };

        string Needed(string name) => Text(name) ?? throw new FormatException(name);

        string? Text(string name) => row.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
