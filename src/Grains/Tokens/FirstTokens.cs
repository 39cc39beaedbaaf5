using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tokens;

/// <summary>The default tokens that are made with what they open, in the same transaction.</summary>
internal static class FirstTokens
{
    /// <summary>
    /// The token as a step that creates its row. Whoever makes its owner may make it: nothing is asked. A default token
    /// is under its organization's policy from its first renewal on.
    /// </summary>
    /// <param name="spec">the token to make, under the id that its owner names</param>
    /// <param name="command">what is wanted</param>
    /// <param name="peppers">digests its secrets</param>
    /// <param name="settings">the operator's rules</param>
    /// <param name="now">when it is made</param>
    /// <param name="policy">what its organization demands, where that was asked</param>
    /// <exception cref="InvalidOperationException">the machine refuses it</exception>
    public static Step<TokenState, TokenAnswer> Of(
        TokenSpec spec, IssueToken command, PepperRing peppers, TokenSettings settings, DateTimeOffset now,
        PolicyContent? policy = null)
    {
        var step = Decide(spec, command, peppers, settings, now, policy);
        return step.Commit is not null
            ? step
            : throw new InvalidOperationException(
                $"the default token is refused: {step.Answer(CommitOutcome.Done).Refusal}");
    }

    /// <summary>
    /// The same for a token that a caller describes: where the machine refuses it, the step commits nothing and
    /// answers so.
    /// </summary>
    public static Step<TokenState, TokenAnswer> Decide(
        TokenSpec spec, IssueToken command, PepperRing peppers, TokenSettings settings, DateTimeOffset now,
        PolicyContent? policy = null)
    {
        var rules = policy is null ? settings.Rules : settings.Rules with { Policy = policy.ToPolicy() };
        var issue = new TokenCommand.Issue(spec, peppers.Digests(command.Secrets))
        {
            Idempotency = TokenSteps.TagOf(command.Context),
        };
        return TokenSteps.Of(
            TokenMachine.Decide(null, issue, rules, now), new TokenMemory(rules.Policy, settings.DividesRows), command.Context, now);
    }
}
