using System.Globalization;
using System.Text.Json;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Audit;

/// <summary>
/// A trail that was exported by <c>GET /lifecycle/v1/audit</c>, a row in each line. Each row is proved by its code,
/// which only the service could make; each comes after the row before it, and has no other field than is exported. Rows
/// have their codes in the order of their numbers, so that only the last may have none. That no row is missing is what
/// the chain in the database proves.
/// </summary>
/// <param name="proof">of single rows</param>
public sealed class ExportedTrail(AuditProof proof)
{
    private static readonly HashSet<string> Fields =
    [
        "number", "at", "organization_id", "event", "subject_kind", "subject_id", "subject_version", "outcome",
        "command_id", "token_id",
        "member_id", "address", "user_agent", "method", "path", "status", "account_id", "integration_id", "chain",
        "cursor",
    ];

    private long _line;
    private (DateTimeOffset At, long Number) _last = (DateTimeOffset.MinValue, 0);
    private long _lastWithCode;
    private (long Line, long Number)? _firstWithout;

    /// <summary>How many rows fit their codes.</summary>
    public long Proved { get; private set; }

    /// <summary>How many rows have no code yet, so that nothing proves them.</summary>
    public long Unproved { get; private set; }

    /// <summary>The line of the first of those; null where there is none.</summary>
    public long? FirstUnproved { get; private set; }

    /// <returns>what is wrong with the line; null where nothing is</returns>
    public string? Read(string line)
    {
        _line++;
        try
        {
            using var json = JsonDocument.Parse(line);
            var row = json.RootElement;
            HashSet<string> seen = [];
            foreach (var field in row.EnumerateObject())
            {
                if (!Fields.Contains(field.Name) || !seen.Add(field.Name))
                {
                    return Wrong("has a field that was not exported, or one twice");
                }
            }

            var entry = EntryOf(row);
            var place = (entry.At, Number: row.GetProperty("number").GetInt64());
            if (place.CompareTo(_last) <= 0)
            {
                return Wrong("does not come after the line before it");
            }

            _last = place;
            if (!row.TryGetProperty("chain", out var chain))
            {
                Unproved++;
                FirstUnproved ??= _line;
                _firstWithout = _firstWithout is { } first && first.Number < place.Number
                    ? first
                    : (_line, place.Number);
                return null;
            }

            seen.Clear();
            if (chain.EnumerateObject().Any(field => field.Name is not ("link" or "code") || !seen.Add(field.Name)))
            {
                return Wrong("has a field that was not exported, or one twice");
            }

            if (!proof.Fits(place.Number, entry, chain.GetProperty("code").GetString() ?? ""))
            {
                return Wrong("is not a row as it was exported");
            }

            Proved++;
            _lastWithCode = Math.Max(_lastWithCode, place.Number);
            return null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Wrong("is not a row as it was exported");
        }
    }

    /// <returns>what is wrong with the whole; null where nothing is</returns>
    public string? End() => _firstWithout is var (line, number) && number < _lastWithCode
        ? string.Create(CultureInfo.InvariantCulture, $"Line {line} has no code, and rows with later numbers have: it was exported before it had one, or its code was taken out.")
        : null;

    private string Wrong(string what) => string.Create(CultureInfo.InvariantCulture, $"Line {_line} {what}.");

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
