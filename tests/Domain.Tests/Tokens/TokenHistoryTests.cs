using CsCheck;

namespace TokenActors.Domain.Tests.Tokens;

/// <summary>Generated histories of one token; <see cref="TokenHistory"/> has the rules.</summary>
public sealed class TokenHistoryTests
{
    private const int Histories = 5000;

    private static readonly Gen<HistoryStep[]> Any = HistoryStep.Any.Array[1, 40];

    [Theory]
    [InlineData("default", false)]
    [InlineData("logon", false)]
    [InlineData("organization", false)]
    [InlineData("organization", true)]
    [InlineData("mcp", false)]
    [InlineData("cloudflare", false)]
    [InlineData("launchdarkly", false)]
    public void What_always_holds_holds_in_every_history(string profile, bool disableOnReuse) => Any.HoldsForAll(
        Histories,
        steps => TokenHistory.Live(steps, profile, disableOnReuse),
        steps => string.Join('\n', steps.AsEnumerable()));
}
