using TokenActors.Domain.Tokens;

namespace TokenActors.Grains.Tokens;

/// <summary>What operators decide about tokens, validated at start.</summary>
/// <param name="Rules">races and replays</param>
/// <param name="MostLiveTokens">named tokens per organization; 0 for no limit</param>
/// <param name="CutsChildren">a token lives no longer than the one that it was made with</param>
/// <param name="ReminderReadPeriod">what falls due before the runtime reads its reminders again is registered with
/// it; all else is found by the read</param>
/// <param name="DividesRows">what a refresh changes is written apart from the rest of a row; not while a program that
/// reads no such rows may start on the database</param>
public sealed record TokenSettings(
    TokenRules Rules, int MostLiveTokens, bool CutsChildren, TimeSpan ReminderReadPeriod, bool DividesRows = false);
