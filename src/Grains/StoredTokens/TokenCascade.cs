using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.StoredTokens;

/// <summary>
/// Deletes the tokens that hang on something deleted, and all that were made with them, in pages: rows are read, the
/// machine decides in memory, and the commits are written in groups. A row that became a tombstone so is unfinished
/// until its grain was called, which may be active with the live state in its memory, and until nothing is left below
/// it; so it says what is still to be done after a crash. docs/decisions/0031 says why.
/// </summary>
internal sealed class TokenCascade(IRecordStore store, IGrainFactory grains, TimeProvider time, TokensBelow below)
{
    private const int AtOnce = 500;

    /// <summary>Calls that all have to be answered in time, also on a busy machine.</summary>
    private const int CalledAtOnce = 100;

    /// <summary>Well within the time in which a call has to be answered.</summary>
    private static readonly TimeSpan LongestBeforeAnswer = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Makes tombstones of what is live, so that names are free with the answer: as much as fits in the time. The rest
    /// is left to <see cref="End()"/>.
    /// </summary>
    public async Task BuryBeforeAnswer()
    {
        using var budget = new CancellationTokenSource(LongestBeforeAnswer, TimeProvider.System);
        try
        {
            await Bury(below, budget.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or StorageUnavailableException)
        {
            // The parent is deleted and marked: nothing below it is accepted, whatever has become of the rows.
        }
    }

    /// <summary>Deletes everything below; ends only with a scan that found nothing. May be repeated.</summary>
    public Task End() => End(below);

    private async Task End(TokensBelow these)
    {
        while (await these.Left(AtOnce) is { Count: > 0 } rows)
        {
            await Mark(these, rows);
            var tokens = rows.Select(row => new CascadedToken(row)).ToList();
            await Bury(tokens);

            // One that was active meets the tombstone when it writes, and reads it. One that was changed at the same
            // time is deleted by its grain.
            await ForEach(tokens, token => Grain(token).EndWithOwner(new ChangeToken { Context = Command() }));
            await End(Below(tokens));
            await ForEach(tokens, Finish);
        }
    }

    private static async Task ForEach(List<CascadedToken> tokens, Func<CascadedToken, Task> call)
    {
        foreach (var some in tokens.Chunk(CalledAtOnce))
        {
            await Task.WhenAll(some.Select(call));
        }
    }

    private async Task Bury(TokensBelow these, CancellationToken cancellationToken)
    {
        while (await these.Live(AtOnce).UntilCanceled(cancellationToken) is { Count: > 0 } rows)
        {
            await Mark(these, rows).WaitAsync(cancellationToken);
            var tokens = rows.Select(row => new CascadedToken(row)).ToList();
            await Bury(tokens).WaitAsync(cancellationToken);
            await Bury(Below(tokens), cancellationToken);
        }
    }

    /// <summary>Makes tombstones of those that are live. One that is changed at the same time stays as it is.</summary>
    private async Task Bury(List<CascadedToken> tokens) => await
        Task.WhenAll(tokens.Where(token => token.IsLive).Select(token => Commit(token, new TokenCommand.Delete())));

    /// <summary>
    /// Ends the cascade of a tombstone below which nothing is left; by its grain where the row is not as it was written
    /// here.
    /// </summary>
    private async Task Finish(CascadedToken token)
    {
        if (token.IsLive || !await Commit(token, new TokenCommand.FinishCascade()))
        {
            await Grain(token).FinishDelete();
        }

        await Organization(token.OrganizationId).ClearDeleting(token.Id);
    }

    /// <summary>
    /// What was made with a token is dead with it: from here on it is not accepted, wherever it is active.
    /// </summary>
    private async Task Mark(TokensBelow these, IReadOnlyList<StoredRecord> rows)
    {
        if (these.AreMadeWithTokens)
        {
            var parents = rows.Select(row => row.ParentId).OfType<string>().Distinct().Select(TokenId.Parse);
            await Task.WhenAll(parents.Select(id => Organization(below.OrganizationId).MarkDeleting(id)));
        }
    }

    /// <returns>false where the row was changed at the same time</returns>
    private async Task<bool> Commit(CascadedToken token, TokenCommand command)
    {
        var step = token.Decide(command, Command(), time.GetUtcNow());
        if (step is not { Commit: { } commit, State: { } next })
        {
            return true;
        }

        var outcome = await store.Commit(commit);
        if (outcome != CommitOutcome.Done)
        {
            return false;
        }

        step.Answer(outcome);
        token.Become(next, commit.Record);
        return true;
    }

    private TokensBelow Below(List<CascadedToken> tokens) =>
        TokensBelow.Tokens(store, below.OrganizationId, [.. tokens.Select(token => token.Id.ToString())]);

    private IRefreshTokenGrain Grain(CascadedToken token) => grains.GetGrain<IRefreshTokenGrain>(token.Id.ToString());

    private IOrganizationGrain Organization(string id) => grains.GetGrain<IOrganizationGrain>(id);

    private CallContext Command() => new() { CommandId = Guid.CreateVersion7(time.GetUtcNow()) };
}
