using CsCheck;
using TokenActors.Grains.Webhooks;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>The attempts of a delivery as they are stored with it.</summary>
public sealed class AttemptLogTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static AttemptResult Answered(int? status, string? answer, int ms = 5) =>
        new(status, status is null ? "no answer in time" : null, answer, TimeSpan.FromMilliseconds(ms), null);

    [Fact]
    public void A_delivery_that_was_never_attempted_has_no_attempts() => Assert.Empty(AttemptLog.Read(null));

    [Fact]
    public void Each_attempt_says_when_how_long_and_what_came_of_it()
    {
        var log = AttemptLog.With(
            AttemptLog.With(null, Start, Answered(null, null, ms: 15_000)), Start.AddMinutes(5),
            Answered(503, "<html>down</html>"));
        Assert.Equal(
            [
                new LoggedAttempt(Start, null, 15_000, "no answer in time", null),
                new LoggedAttempt(Start.AddMinutes(5), 503, 5, null, "<html>down</html>"),
            ],
            AttemptLog.Read(log));
        Assert.Contains("<html>", log, StringComparison.Ordinal);
    }

    /// <summary>A page of an endpoint is kept once: of the last attempt; and no log grows beyond 20 attempts.</summary>
    [Fact]
    public void The_last_twenty_are_kept_and_the_answer_of_the_newest_alone() => Gen.Select(
        Gen.OneOf(Gen.Const((int?)null), Gen.Int[100, 599].Select(status => (int?)status)),
        Gen.String[Gen.Char["<>&\"'\\é日\n\t\u0001 ab"], 0, 20]).Array[1, 45].HoldsForAll(500, attempts =>
        {
            string? log = null;
            for (var i = 0; i < attempts.Length; i++)
            {
                log = AttemptLog.With(log, Start.AddMinutes(i), Answered(attempts[i].Item1, attempts[i].Item2));
            }

            var read = AttemptLog.Read(log);
            Assert.Equal(Math.Min(20, attempts.Length), read.Count);
            Assert.Equal(
                attempts.TakeLast(20).Select(attempt => attempt.Item1), read.Select(attempt => attempt.Status));
            Assert.Equal(Start.AddMinutes(attempts.Length - 1), read[^1].At);
            Assert.Equal(attempts[^1].Item2, read[^1].Answer);
            Assert.All(read.SkipLast(1), attempt => Assert.Null(attempt.Answer));
        });
}
