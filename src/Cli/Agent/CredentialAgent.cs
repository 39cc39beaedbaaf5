using System.Net;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client;

namespace TokenActors.Cli.Agent;

/// <summary>
/// Keeps one credential fresh. Whatever it learns is stored before anybody else sees it, so that a kill at any moment
/// loses nothing: the next start repeats the refresh under the stored key, and delivers what is stored.
/// </summary>
/// <param name="invocation">the command</param>
/// <param name="store">where the state is kept</param>
/// <param name="renewal">refreshes under a stored key</param>
/// <param name="consumer">whoever uses the credential</param>
/// <param name="onChange">a command to run after each change; null: none</param>
internal sealed class CredentialAgent(
    Invocation invocation, ICredentialStore store, Renewal renewal, IConsumer consumer, string? onChange)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary>How often it looks whether the consumer still has what it was given.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = invocation.Time;
    private readonly ChangeCommand? _onChange = onChange is null ? null : new(invocation, onChange);
    private StoredCredential? _known;
    private bool _hasDelivered;
    private string? _seedBefore;
    private Watch? _watch;

    /// <summary>
    /// Looks at what is kept, before it waits for its turn: a seed that another agent takes meanwhile is newer than
    /// its own.
    /// </summary>
    public async Task Look(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                _seedBefore = (await store.Load(cancellation).ConfigureAwait(false))?.Seed;
                return;
            }
            catch (CliException e) when (e.IsPassing)
            {
                invocation.Note($"ta: {e.Message} Trying again.");
            }

            await Task.Delay(Pause, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Once, or until it is ended. It may be run again after it was ended, and goes on from what is
    /// kept.</summary>
    /// <param name="seed">what to begin with; null: the state is there</param>
    /// <param name="isOnce">ends after the credential is fresh and delivered</param>
    /// <param name="cancellation">ends it</param>
    public async Task Run(StoredCredential? seed, bool isOnce, CancellationToken cancellation)
    {
        while (true)
        {
            var pause = Pause;
            try
            {
                _known = await Begin(seed, cancellation).ConfigureAwait(false);
                _known = await Step(_known, cancellation).ConfigureAwait(false);
                _hasDelivered = true;
                if (isOnce)
                {
                    EnsureDelivered(_known);
                    return;
                }

                pause = UntilNext(_known);
            }
            catch (TokenActorsException e) when (!isOnce && IsPassing(e))
            {
                invocation.Note($"ta: {e.Detail} Trying again.");
                pause = e.RetryAfter ?? Pause;
            }
            catch (CliException e) when (!isOnce && e.IsPassing)
            {
                invocation.Note($"ta: {e.Message} Trying again.");
            }
            catch (Exception e) when (!isOnce && IsOfPlace(e))
            {
                invocation.Note($"ta: {e.Message} Trying again.");
            }
            catch (TokenActorsException e) when (e.Status == HttpStatusCode.Unauthorized)
            {
                throw new CliException(
                    ExitCode.NotSignedIn,
                    "The refresh secret is not accepted: the token was revoked, has ended, or was refreshed by somebody else. "
                    + "Give a new seed.");
            }

            await Task.Delay(pause, _time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// What is kept, or the seed where it is another one than what is kept began with, and a newer one: the file that
    /// an agent was started with may be older than what others have begun with since.
    /// </summary>
    private async Task<StoredCredential> Begin(StoredCredential? seed, CancellationToken cancellation)
    {
        var kept = await store.Load(cancellation).ConfigureAwait(false);
        if (_known is { } known)
        {
            // The seed was taken before, and may be older than what another agent has kept since.
            return kept ?? known;
        }

        if (seed is null || (kept is not null && kept.Seed == seed.Seed))
        {
            return kept ?? throw CliException.Usage(
                "There is no state yet: give the pair to begin with by --seed or --seed-stdin.");
        }

        if (kept is null)
        {
            await store.Save(seed, cancellation).ConfigureAwait(false);
            return seed;
        }

        var isOlder = kept.Seed != _seedBefore || kept.FormerSeeds.Contains(seed.Seed);
        var begun = isOlder ? kept.NotFrom(seed.Seed) : seed with { FormerSeeds = kept.NotFrom(kept.Seed).FormerSeeds };
        if (isOlder)
        {
            invocation.Note(
                "ta: another seed was taken since this one; going on with what is kept. "
                + "To begin with this one, remove the state.");
        }

        if (!ReferenceEquals(begun, kept))
        {
            await store.Save(begun, cancellation).ConfigureAwait(false);
        }

        return begun;
    }

    private async Task<StoredCredential> Step(StoredCredential credential, CancellationToken cancellation)
    {
        if (IsDue(credential))
        {
            credential = await renewal.Renew(credential, cancellation).ConfigureAwait(false);
            invocation.Note($"ta: refreshed; it ends {credential.ExpiresAt:u}.");
            Warn(credential);
        }

        credential = await Missed(credential, cancellation).ConfigureAwait(false);
        return credential.IsDelivered ? credential : await Deliver(credential, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// What was delivered may be gone, as from a disk in memory after a start of the machine, or be wanted at another
    /// place now. It is delivered again, and stored as not delivered first: a kill on the way does the rest, too.
    /// </summary>
    private async Task<StoredCredential> Missed(StoredCredential credential, CancellationToken cancellation)
    {
        if (!credential.IsDelivered || await consumer.Has(credential, cancellation).ConfigureAwait(false))
        {
            return credential;
        }

        invocation.Note("ta: the consumer does not have the credential; delivering it again.");
        var missed = credential with { IsDelivered = false };
        await store.Save(missed, cancellation).ConfigureAwait(false);
        return missed;
    }

    /// <summary>The consumer first, then the command, then the note that both were done: a kill in between does them
    /// again.</summary>
    private async Task<StoredCredential> Deliver(StoredCredential credential, CancellationToken cancellation)
    {
        await consumer.Publish(credential, cancellation).ConfigureAwait(false);
        if (_onChange is not null && !await _onChange.Run(DueIn(credential), cancellation).ConfigureAwait(false))
        {
            return credential;
        }

        var delivered = credential with { IsDelivered = true };
        await store.Save(delivered, cancellation).ConfigureAwait(false);
        return delivered;
    }

    private static void EnsureDelivered(StoredCredential credential)
    {
        if (!credential.IsDelivered)
        {
            throw new CliException(
                ExitCode.Failed, "The credential is fresh, but the command that is told of it failed.");
        }
    }

    private bool IsDue(StoredCredential credential) =>
        credential.Attempt is not null || DueIn(credential) <= TimeSpan.Zero;

    /// <summary>
    /// How long until it is due, by whichever says sooner: the clock, or how long this process has had it, which nobody
    /// can set back.
    /// </summary>
    private TimeSpan DueIn(StoredCredential credential)
    {
        if (credential.Access?.Reveal() is not { } access || credential.DueIn(_time.GetUtcNow()) is not { } due)
        {
            return TimeSpan.Zero;
        }

        if (_watch?.Access != access)
        {
            _watch = new Watch(access, _time.GetTimestamp(), due);
        }

        var watched = _watch.DueIn - _time.GetElapsedTime(_watch.Since);
        return watched < due ? watched : due;
    }

    private TimeSpan UntilNext(StoredCredential credential)
    {
        var due = DueIn(credential);
        var wait = credential.IsDelivered || due < Pause ? due : Pause;
        return TimeSpan.FromTicks(Math.Clamp(wait.Ticks, ShortestWait.Ticks, LongestWait.Ticks));
    }

    /// <summary>The service may come back, or the answer.</summary>
    private static bool IsPassing(TokenActorsException e) =>
        e is OutcomeUnknownException
            || e.Status is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    /// <summary>
    /// A disk that is full, or gone for a moment, comes back. What was never there at the start, or nobody may write,
    /// is a mistake that whoever starts the agent has to hear of.
    /// </summary>
    private bool IsOfPlace(Exception e) =>
        e is IOException and not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
            || (_hasDelivered && e is (IOException or UnauthorizedAccessException));

    private void Warn(StoredCredential credential)
    {
        var now = _time.GetUtcNow();
        if (LongestLives.EndOf(credential) is var (end, warnAt) && warnAt <= (credential.ServiceTimeAt(now) ?? now))
        {
            invocation.Terminal.Error.WriteLine(
                $"ta: warning: no refresh moves this credential past {end:u}, the longest life of its kind. "
                + "Make another one and give it as the seed.");
        }
    }

    /// <summary>A secret, since when this process has it, and how long that was before it was due.</summary>
    private sealed record Watch(string Access, long Since, TimeSpan DueIn);
}

/// <summary>How long records of a kind live at most, whatever refreshes them.</summary>
internal static class LongestLives
{
    private const double WarnAfter = 0.8;

    private static readonly (string Prefix, int Days)[] Kinds = [("ta_log_", 30), ("ta_org_", 365), ("ta_syn_", 365)];

    /// <summary>The end for good, and when to warn of it; null for kinds without one.</summary>
    public static (DateTimeOffset End, DateTimeOffset WarnAt)? EndOf(StoredCredential credential)
    {
        var secret = credential.Refresh?.Reveal() ?? "";
        var days = Kinds.FirstOrDefault(kind => secret.StartsWith(kind.Prefix, StringComparison.Ordinal)).Days;
        return days > 0 && credential.CreatedAt is { } from
            ? (from.AddDays(days), from.AddDays(days * WarnAfter))
            : null;
    }
}
