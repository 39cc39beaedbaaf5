using System.Collections.Concurrent;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Imports;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Http;

/// <summary>A presented key that was imported, and what its token's grain says of it.</summary>
/// <param name="Id">the token</param>
/// <param name="Query">by which it was asked</param>
/// <param name="Verification">the answer</param>
internal sealed record ImportedKey(TokenId Id, VerifyToken Query, Verification Verification);

/// <summary>What is said of a presented text.</summary>
/// <param name="Key">the imported key that it is; null: none</param>
/// <param name="Wait">too many were presented that nobody has: how long to wait</param>
internal readonly record struct ImportedAnswer(ImportedKey? Key, TimeSpan? Wait);

/// <summary>
/// Finds keys that something else issued. An organization's schemes are kept for a minute, and asked for again by a
/// text that fits none of them, every two seconds at most: another gateway may have made its scheme since. Which token
/// a key belongs to is kept as long as there is room, since its grain says in any case whether it is accepted.
/// </summary>
/// <param name="grains">of the silo or the client in this process</param>
/// <param name="tokens">the way to tokens</param>
/// <param name="limits">count what is presented and nobody has, where keys could be guessed</param>
/// <param name="time">the clock</param>
internal sealed class ImportedKeys(IGrainFactory grains, TokenGrains tokens, RateLimits limits, TimeProvider time)
{
    private const int MostKept = 50_000;
    private const int MostCandidates = 1_000;
    private const int MostOrganizations = 10_000;

    private static readonly TimeSpan SchemesKept = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MissesKept = TimeSpan.FromSeconds(2);

    /// <summary>A change waits no longer to know what is to be masked: during an outage it would take twice as
    /// long.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<OrganizationId, KnownSchemes> _schemes = [];

    private readonly ConcurrentDictionary<(OrganizationId Organization, SecretFingerprint Key), TokenId> _found = [];

    /// <param name="Schemes">of the organization</param>
    /// <param name="ReadAt">when it had them</param>
    /// <param name="ScannedUntil">until then texts are looked through for their keys without asking, whatever was made
    /// since</param>
    private sealed record KnownSchemes(
        IReadOnlyList<ImportScheme> Schemes, DateTimeOffset ReadAt, DateTimeOffset ScannedUntil)
    {
        public ImportedKeyScan? Scan { get; } = Schemes.Count > 0 ? new ImportedKeyScan(Schemes) : null;
    }

    /// <summary>Whether it is a secret of this service, whose prefix no scheme has.</summary>
    private static bool IsOurs(string text) =>
        SecretFormat.TryParse(text, out _) && TokenProfile.OfText(text) is not null;

    /// <summary>
    /// What the token that has a key says of it; nothing where the text fits no scheme of the organization, and where
    /// no token has it.
    /// </summary>
    /// <param name="organization">in no other is anything found</param>
    /// <param name="text">what was presented</param>
    /// <param name="query">how it is asked about</param>
    /// <param name="cancellationToken">ends the questions</param>
    public async ValueTask<ImportedAnswer> Verify(
        OrganizationId organization, string text, VerifyToken query, CancellationToken cancellationToken)
    {
        if (await SchemeOf(organization, text, cancellationToken) is not { } scheme)
        {
            return default;
        }

        query = query with { ImportedToo = true };
        var place = (organization, query.Presented);
        if (_found.TryGetValue(place, out var known))
        {
            var verification = await tokens.Verify(known, query);
            if (verification.Refusal is not (TokenRefusal.NotFound or TokenRefusal.UnknownSecret))
            {
                return new(new(known, query, verification), null);
            }

            // It may have been imported anew, as another token.
            _found.TryRemove(place, out _);
        }

        if (scheme.CanBeGuessed && limits.TooManyGuesses(scheme.Id, query.Address) is { } wait)
        {
            return new(null, wait);
        }

        if (await Find(organization, scheme, query.Presented, cancellationToken) is { } id)
        {
            return new(new(id, query, await tokens.Verify(id, query)), null);
        }

        if (scheme.CanBeGuessed)
        {
            limits.NoteGuess(scheme.Id, query.Address);
        }

        return default;
    }

    /// <summary>
    /// Tells an organization's keys in what is noted and shown; null where it has no schemes. Where nobody says which
    /// it has, those that are known hold.
    /// </summary>
    /// <param name="organization">whose schemes</param>
    public async ValueTask<ImportedKeyScan?> ScanOf(OrganizationId organization)
    {
        if (_schemes.TryGetValue(organization, out var kept) && time.GetUtcNow() < kept.ScannedUntil)
        {
            return kept.Scan;
        }

        try
        {
            var known = Known(organization, SchemesKept, CancellationToken.None);
            return (known.IsCompletedSuccessfully
                ? known.Result
                : await known.AsTask().WaitAsync(LongestWait, TimeProvider.System)).Scan;
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
            var former = _schemes.GetValueOrDefault(organization) ?? new KnownSchemes([], default, default);
            _schemes[organization] = former with { ScannedUntil = time.GetUtcNow() + AskedAgainAfter };
            return former.Scan;
        }
    }

    /// <summary>The organization has other schemes now.</summary>
    public void Forget(OrganizationId organization) => _schemes.TryRemove(organization, out _);

    /// <summary>The token that has a key; null where none has it.</summary>
    /// <param name="organization">in no other is anything found</param>
    /// <param name="text">what was presented</param>
    /// <param name="cancellationToken">ends the questions</param>
    public async ValueTask<TokenId?> Find(OrganizationId organization, string text, CancellationToken cancellationToken) =>
        await SchemeOf(organization, text, cancellationToken) is { } scheme
            ? await Find(organization, scheme, new Secret(text).Fingerprint(), cancellationToken)
            : null;

    /// <summary>The imported keys in a text, with the tokens that have them; of the first thousand that it may
    /// hold.</summary>
    public async IAsyncEnumerable<(TokenId Id, Secret Key)> FindIn(
        OrganizationId organization, string text,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> seen = [];
        foreach (var scheme in (await Known(organization, MissesKept, cancellationToken)).Schemes)
        {
            for (var at = text.IndexOf(scheme.Prefix, StringComparison.Ordinal); at >= 0
                && at + scheme.Length <= text.Length;
                at = text.IndexOf(scheme.Prefix, at + 1, StringComparison.Ordinal))
            {
                var candidate = text.Substring(at, scheme.Length);
                if (scheme.Fits(candidate) && seen.Count < MostCandidates && seen.Add(candidate)
                    && new Secret(candidate) is var key
                    && await Find(organization, scheme, key.Fingerprint(), cancellationToken) is { } id)
                {
                    yield return (id, key);
                }
            }
        }
    }

    private async ValueTask<ImportScheme?> SchemeOf(
        OrganizationId organization, string text, CancellationToken cancellationToken)
    {
        if (text.Length > ImportScheme.LongestKey || IsOurs(text))
        {
            return null;
        }

        return Fitting(await Known(organization, SchemesKept, cancellationToken))
            ?? Fitting(await Known(organization, MissesKept, cancellationToken));

        ImportScheme? Fitting(KnownSchemes known) => known.Schemes.FirstOrDefault(scheme => scheme.Fits(text));
    }

    /// <summary>What schemes an organization has, or had no longer ago than <paramref name="age"/>.</summary>
    private async ValueTask<KnownSchemes> Known(
        OrganizationId organization, TimeSpan age, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_schemes.TryGetValue(organization, out var known) && now < known.ReadAt + age)
        {
            return known;
        }

        var asked = await grains.GetGrain<IImportSchemesGrain>(organization.ToString()).List(cancellationToken);
        if (_schemes.Count >= MostOrganizations)
        {
            _schemes.Clear();
        }

        var schemes = new KnownSchemes([.. asked.Select(scheme => scheme.ToScheme())], now, now + SchemesKept);
        _schemes[organization] = schemes;
        return schemes;
    }

    private async Task<TokenId?> Find(
        OrganizationId organization, ImportScheme scheme, SecretFingerprint key, CancellationToken cancellationToken)
    {
        var query = new FindImportedKey { OrganizationId = organization, Scheme = scheme.Id, Fingerprint = key };
        if (await grains.GetGrain<IImportedKeysGrain>("0").Find(query, cancellationToken) is not { } id)
        {
            return null;
        }

        if (_found.Count >= MostKept)
        {
            _found.Clear();
        }

        _found[(organization, key)] = id;
        return id;
    }
}
