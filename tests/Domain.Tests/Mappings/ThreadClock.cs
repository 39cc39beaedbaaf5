using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TokenActors.Domain.Tests.Mappings;

/// <summary>
/// Processor time of the running thread; the time of day where that is not known, which a busy machine lengthens.
/// </summary>
internal static class ThreadClock
{
    private const int ProcessorTimeOfThread = 3;

    public static TimeSpan Now => OperatingSystem.IsLinux() && Read(ProcessorTimeOfThread, out var time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000)
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int Read(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timespec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
