using System.Globalization;

namespace TokenActors.Client.Tests.Cli;

/// <summary>
/// A test that sends a signal to a process that it starts. Whoever is started where the signal is ignored ignores it
/// too, and a shell there cannot trap it: the test is skipped, which the run says.
/// </summary>
public abstract class SignalFactAttribute : FactAttribute
{
    private const string Ignored = "SigIgn:";
    private const string Status = "/proc/self/status";

    protected SignalFactAttribute(int signal, string ignored)
    {
        var mask = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal))?[Ignored.Length..].Trim()
            : null;
        if (mask is not null
            && (ulong.Parse(mask, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (signal - 1))) != 0)
        {
            Skip = ignored;
        }
    }
}

/// <inheritdoc cref="SignalFactAttribute" />
public sealed class HangUpFactAttribute() : SignalFactAttribute(1, "SIGHUP is ignored here, as under nohup");

/// <inheritdoc cref="SignalFactAttribute" />
public sealed class InterruptFactAttribute() : SignalFactAttribute(
    2, "SIGINT is ignored here, as in the background of a shell without jobs");
