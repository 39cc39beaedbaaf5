using System.Text.RegularExpressions;
using CsCheck;

namespace TokenActors.Testing;

/// <summary>
/// What holds for every generated case. A failure shows the smallest case that was found, with its seed.
/// <c>TOKENACTORS_SEED</c> begins a run with that case, <c>TOKENACTORS_LONG=1</c> draws twenty times as many.
/// </summary>
public static partial class Property
{
    /// <summary>
    /// CsCheck shrinks by drawing again and skipping, unseen, what is not smaller. That is cheap, but a few thousand
    /// draws rarely hit the smallest case, so a run that has failed goes on for this many.
    /// </summary>
    private const int DrawsToShrink = 2_000_000;

    private static readonly string? GivenSeed = Environment.GetEnvironmentVariable("TOKENACTORS_SEED");

    private static readonly int Times = Environment.GetEnvironmentVariable("TOKENACTORS_LONG") == "1" ? 20 : 1;

    public static void HoldsForAll<T>(this Gen<T> cases, int count, Action<T> check, Func<T, string>? print = null)
    {
        try
        {
            cases.Sample(check, seed: GivenSeed, iter: count * Times, print: print);
        }
        catch (CsCheckException failure) when (SeedIn().Match(failure.Message) is { Success: true } found)
        {
            cases.Sample(check, seed: found.Groups[1].Value, iter: DrawsToShrink, print: print);
            throw;
        }
    }

    [GeneratedRegex("seed: \"([0-9A-Za-z_-]+)\"")]
    private static partial Regex SeedIn();
}
