using System.Globalization;

namespace TokenActors.Client.Tests.Cli;

/// <summary>
/// A test that sends SIGHUP to a shell. Under <c>nohup</c> the signal is ignored by whatever is started, and no shell can
/// trap it: the test is skipped, which the run says.
/// </summary>
public sealed class HangUpFactAttribute : FactAttribute
{
    private const string Ignored = "SigIgn:";
    private const string Status = "/proc/self/status";

    public HangUpFactAttribute()
    {
        var mask = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal))?[Ignored.Length..].Trim()
            : null;
        if (mask is not null && (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1) != 0)
        {
            Skip = "SIGHUP is ignored here, as under nohup";
        }
    }
}
