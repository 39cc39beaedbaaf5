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
/// Finds keys that something else issued. An organization's schemes are kept for a minute, so that nobody is asked about a
/// text that fits none of them; which token a key belongs to is kept as long as there is room, since its grain says in any
/// case whether it is accepted.
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

    /// <summary>A change waits no longer to know what is to be masked: during an outage it would take twice as long.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<OrganizationId, KnownSchemes> _schemes = [];

    /// <summary>
    /// Asked for by every change, also by that which makes the first scheme: were they those above, its keys would be
    /// refused for a minute.
    /// </summary>
    private readonly ConcurrentDictionary<OrganizationId, KnownSchemes> _noted = [];

    private readonly ConcurrentDictionary<(OrganizationId Organization, SecretFingerprint Key), TokenId> _found = [];

    private sealed record KnownSchemes(IReadOnlyList<ImportScheme> Schemes, DateTimeOffset Until)
    {
        public ImportedKeyScan? Scan { get; } = Schemes.Count > 0 ? new ImportedKeyScan(Schemes) : null;
    }

    /// <summary>Whether it is a secret of this service, whose prefix no scheme has.</summary>
    private static bool IsOurs(string text) =>
        SecretFormat.TryParse(text, out _) && TokenProfile.OfText(text) is not null;

    /// <summary>
    /// What the token that has a key says of it; nothing where the text fits no scheme of the organization, and where no
    /// token has it.
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
    /// Tells an organization's keys in what is noted and shown; null where it has no schemes. Where nobody says which it
    /// has, those that are known hold.
    /// </summary>
    /// <param name="organization">whose schemes</param>
    public async ValueTask<ImportedKeyScan?> ScanOf(OrganizationId organization)
    {
        try
        {
            var known = Known(_noted, organization, CancellationToken.None);
            return (known.IsCompletedSuccessfully
                ? known.Result
                : await known.AsTask().WaitAsync(LongestWait, TimeProvider.System)).Scan;
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
            var former = _noted.GetValueOrDefault(organization) ?? new KnownSchemes([], default);
            _noted[organization] = former with { Until = time.GetUtcNow() + AskedAgainAfter };
            return former.Scan;
        }
    }

    /// <summary>The token that has a key; null where none has it.</summary>
    /// <param name="organization">in no other is anything found</param>
    /// <param name="text">what was presented</param>
    /// <param name="cancellationToken">ends the questions</param>
    public async ValueTask<TokenId?> Find(OrganizationId organization, string text, CancellationToken cancellationToken) =>
        await SchemeOf(organization, text, cancellationToken) is { } scheme
            ? await Find(organization, scheme, new Secret(text).Fingerprint(), cancellationToken)
            : null;

    /// <summary>The imported keys in a text, with the tokens that have them; of the first thousand that it may hold.</summary>
    public async IAsyncEnumerable<(TokenId Id, Secret Key)> FindIn(
        OrganizationId organization, string text,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> seen = [];
        foreach (var scheme in await SchemesOf(organization, cancellationToken))
        {
            for (var at = text.IndexOf(scheme.Prefix, StringComparison.Ordinal); at >= 0 && at + scheme.Length <= text.Length;
                at = text.IndexOf(scheme.Prefix, at + 1, StringComparison.Ordinal))
            {
                var candidate = text.Substring(at, scheme.Length);
                if (scheme.Fits(candidate) && seen.Count < MostCandidates && seen.Add(candidate) && new Secret(candidate) is var key
                    && await Find(organization, scheme, key.Fingerprint(), cancellationToken) is { } id)
                {
                    yield return (id, key);
                }
            }
        }
    }

    private async ValueTask<ImportScheme?> SchemeOf(OrganizationId organization, string text, CancellationToken cancellationToken)
    {
        if (text.Length > ImportScheme.LongestKey || IsOurs(text))
        {
            return null;
        }

        foreach (var scheme in await SchemesOf(organization, cancellationToken))
        {
            if (scheme.Fits(text))
            {
                return scheme;
            }
        }

        return null;
    }

    private async ValueTask<IReadOnlyList<ImportScheme>> SchemesOf(OrganizationId organization, CancellationToken cancellationToken) =>
        (await Known(_schemes, organization, cancellationToken)).Schemes;

    private async ValueTask<KnownSchemes> Known(
        ConcurrentDictionary<OrganizationId, KnownSchemes> kept, OrganizationId organization, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (kept.TryGetValue(organization, out var known) && now < known.Until)
        {
            return known;
        }

        var asked = await grains.GetGrain<IImportSchemesGrain>(organization.ToString()).List(cancellationToken);
        if (kept.Count >= MostOrganizations)
        {
            kept.Clear();
        }

        var schemes = new KnownSchemes([.. asked.Select(scheme => scheme.ToScheme())], now + SchemesKept);
        kept[organization] = schemes;
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
