using System.Runtime.InteropServices;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Limits;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Organizations;

/// <summary>What operators decide about log-ons.</summary>
/// <param name="AttemptsPerName">a minute; 0 for no limit</param>
public sealed record LogonSettings(int AttemptsPerName);

/// <summary>
/// Attempts to log on to one organization, kept by its grain: how many each name has left, whichever gateway asks, and
/// those that failed. These become one audit row a name, address and minute, so that whoever guesses fills no trail. A
/// minute that was not written when a silo is killed is lost.
/// </summary>
internal sealed class LogonAttempts(
    OrganizationId organization, LogonSettings settings, IRecordStore store, TimeProvider time)
{
    /// <summary>Name of the event in the audit trail.</summary>
    public const string Failed = "logon.failed";

    /// <summary>More names and addresses than this in one minute are counted together.</summary>
    private const int MostCounted = 1_000;

    /// <summary>What the narrowest column of a database holds.</summary>
    private const int LongestName = 100;

    private static readonly (string Name, string? Address) Others = ("*", null);

    private readonly TokenBuckets<string> _perName = new(
        time, settings.AttemptsPerName, settings.AttemptsPerName, TimeSpan.FromMinutes(1));

    private Dictionary<(string Name, string? Address), int> _failures = [];
    private long _minute;

    /// <summary>Takes an attempt from a name's. Null where it may go on, else how long to wait.</summary>
    public TimeSpan? Take(string name) => _perName.Take(MemberNames.Compared(name));

    /// <summary>Counts an attempt that failed. Those of an earlier minute are written first.</summary>
    public async Task NoteFailure(LogonAttempt attempt)
    {
        var minute = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
        if (minute != _minute)
        {
            await Write();
            _minute = minute;
        }

        var key = (Shown(attempt.Name), attempt.RemoteAddress);
        CollectionsMarshal.GetValueRefOrAddDefault(
            _failures, _failures.Count < MostCounted || _failures.ContainsKey(key) ? key : Others, out _)++;
    }

    /// <summary>Writes what was counted; false where there was nothing. What cannot be written is counted on.</summary>
    public async Task<bool> Write()
    {
        var counted = _failures;
        _failures = [];
        await Task.WhenAll(counted.Select(one => Write(one.Key, one.Value)));
        return counted.Count > 0;
    }

    private async Task Write((string Name, string? Address) key, int count)
    {
        try
        {
            await store.Append(RowOf(key.Name, key.Address, count));
        }
        catch (StorageUnavailableException)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_failures, key, out _) += count;
        }
    }

    /// <summary>The count stands where other rows have their subject's version.</summary>
    private AuditEntry RowOf(string name, string? address, int count) => new()
    {
        OrganizationId = organization.ToString(),
        At = time.GetUtcNow().CutToMicroseconds(),
        Event = Failed,
        Subject = new RecordKey("logon", name),
        SubjectVersion = count,
        CommandId = Guid.CreateVersion7().ToString("N"),
        RemoteAddress = address,
        Method = "POST",
        Path = $"/v1/auth/logon/{organization}",
        Code = "401",
        Outcome = "failure",
    };

    /// <summary>A name as it may be noted: whoever mistook the field may have put a secret there.</summary>
    private static string Shown(string name)
    {
        var masked = SecretScan.Mask(name);
        return StorableText.Is(name)
            ? StorableText.Cut((MemberNames.Composed(masked) ?? masked).ToLowerInvariant(), LongestName)
            : "";
    }
}
