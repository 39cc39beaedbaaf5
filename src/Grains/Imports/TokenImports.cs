using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Imports;

/// <summary>
/// Makes tokens of lines, by the rules of every new token, and writes their first rows without activating their grains.
/// A line that is asked again after a crash is the same token by the same command.
/// </summary>
/// <param name="store">where tokens are written</param>
/// <param name="settings">the operator's limits</param>
/// <param name="gate">says whether an imported token is safe with every silo</param>
/// <param name="owner">asks the organization</param>
/// <param name="caller">with whose rights</param>
/// <param name="origin">of the call that wanted the import</param>
/// <param name="time">the clock</param>
internal sealed class TokenImports(
    IRecordStore store, IGrainFactory grains, TokenSettings settings, RestrictionGate gate, OwnerAsking owner,
    Caller caller,
    CallOrigin? origin, TimeProvider time)
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(100 * 365);

    /// <summary>The id that a line's token has, whether it is made already or not.</summary>
    public static TokenId IdOf(Guid job, int number) => new(Derived(job, number, "token"));

    /// <summary>Imports a line; null, or why it is refused.</summary>
    public async Task<TokenRefusal?> Import(Guid job, StoredImportLine line)
    {
        TokenPlace place = new(grains, store);
        var (step, refusal) = await Decide(job, line, place, isPreview: false);
        if (step?.Commit is { } commit)
        {
            var outcome = await store.Commit(commit);
            refusal = outcome == CommitOutcome.Conflict ? TokenRefusal.KeyTaken : step.Answer(outcome).Refusal;
        }

        await place.Release();

        // Made at an earlier try, after which something changed: the token itself, or what would refuse it now.
        return refusal is null
            || await store.Read(new RecordKey(Kinds.Token, IdOf(job, line.Number).ToString())) is not null
            ? null
            : refusal;
    }

    /// <summary>What an import of a line would come to now.</summary>
    public async Task<TokenRefusal?> Foresee(Guid job, StoredImportLine line)
    {
        var (step, refusal) = await Decide(job, line, new TokenPlace(grains, store), isPreview: true);
        return step?.Commit is { } commit ? step.Answer(await store.Foresee([commit])).Refusal : refusal;
    }

    private async Task<(Step<TokenState, Abstractions.Tokens.TokenAnswer>? Step, TokenRefusal? Refusal)> Decide(
        Guid job, StoredImportLine line, TokenPlace place, bool isPreview)
    {
        var now = time.GetUtcNow().CutToMicroseconds();
        CallContext context = new()
        {
            CommandId = Derived(job, line.Number, "command"), Caller = caller, Origin = origin, IsPreview = isPreview,
        };
        if (SpecOf(job, line, now) is not { } wanted)
        {
            return (null, TokenRefusal.LifeOutOfBounds);
        }

        var (spec, refusal) = await TokenAdmission.Admit(
            wanted, context, store, place, settings, gate, owner.AskBefore, CancellationToken.None);
        if (spec is null)
        {
            return (null, refusal);
        }

        var rules = owner.Under(settings.Rules);
        var decision = TokenMachine.Decide(
            null,
            new TokenCommand.Issue(
                spec, new MintedPair(new(line.Digests[0], line.LastFour, line.Scheme.ToString()), Refresh: null)),
            rules,
            now);
        var step = owner.Told(
            TokenSteps.Of(decision, new TokenMemory(rules.Policy, settings.DividesRows), context, now));
        return step.Commit is { } commit
            ? (step with { Commit = commit with { ImportedKeys = KeysOf(line) } }, null)
            : (null, step.Answer(CommitOutcome.Done).Refusal);
    }

    /// <summary>
    /// Under every pepper: silos that have another one in use, while it is replaced, see that the key is there.
    /// </summary>
    private static IReadOnlyList<ImportedKey> KeysOf(StoredImportLine line) =>
        [.. line.Digests.Select(digest => new ImportedKey(line.Scheme.ToString(), digest.PepperId, Convert.ToBase64String(digest.Mac)))];

    /// <summary>Null: its end is over before its turn.</summary>
    private TokenSpec? SpecOf(Guid job, StoredImportLine line, DateTimeOffset now)
    {
        if (line.ExpiresAt <= now)
        {
            return null;
        }

        var belongsTo = TokenBelongings.Of(line.BelongsTo) ?? TokenBelonging.Organization;
        return new TokenSpec
        {
            Id = IdOf(job, line.Number),
            OrganizationId = caller.OrganizationId,
            MemberId = caller.MemberId,
            OwnerType = TokenOwnerType.Organization,
            OwnerId = caller.OrganizationId.ToString(),
            Profile = TokenProfile.Imported,
            Name = line.Name,
            FullName = line.FullName,
            ParentId = caller.TokenId,
            BelongsTo = belongsTo,
            Ancestors = belongsTo.Above(caller.TokenId, caller.Ancestors),
            Binding = line.Binding,
            Notes = line.Notes,
            Limits = line.Limits,
            Addresses = line.Addresses is { } addresses
                ? Domain.Grants.AddressRanges.Of(addresses)
                : caller.Grant.Addresses,
            Ttl = TtlOf(line, now),
            ExpiresAt = line.ExpiresAt,
        };
    }

    /// <summary>An end that is given is a life, too: a later pair lives as long from then on.</summary>
    private static GoDuration? TtlOf(StoredImportLine line, DateTimeOffset now) => line switch
    {
        // Who writes the year 9999 means for ever, which is longer than a duration can say.
        { ExpiresAt: { } end } when end - now > LongestLife => GoDuration.Forever,
        { ExpiresAt: { } end } => GoDuration.Of($"{Math.Max(1, (long)(end - now).TotalSeconds)}s"),
        { Life: { } life } => GoDuration.Of(life),
        _ => null,
    };

    /// <summary>The same whenever it is asked for (UUID version 8, RFC 9562).</summary>
    private static Guid Derived(Guid job, int number, string what)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(
            [.. job.ToByteArray(), .. BitConverter.GetBytes(number), .. Encoding.ASCII.GetBytes(what)], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
