using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Audit;

/// <summary>A secret of a token that stands in an audit row.</summary>
/// <param name="TokenId">the token</param>
/// <param name="OrganizationId">its organization</param>
/// <param name="Profile">its profile</param>
/// <param name="Kind">which of its secrets</param>
public sealed record AuditSecret(
    TokenId TokenId, OrganizationId OrganizationId, TokenProfile Profile, PresentedKind Kind);

/// <summary>
/// Finds secrets that are accepted, or would be once their token is enabled, in audit rows. Rows of before 0.3 hold
/// what stood in a path or a user agent as it was; later ones are masked.
/// </summary>
public sealed class AuditSecrets(IRecordStore store, PepperRing peppers, TimeProvider time)
{
    public async Task<IReadOnlyList<AuditSecret>> FindIn(AuditEntry entry)
    {
        List<AuditSecret> found = [];
        foreach (var secret in Texts(entry).SelectMany(SecretScan.FindEncoded).DistinctBy(secret => secret.Reveal()))
        {
            if (SecretFormat.TryParse(secret.Reveal(), out var id)
                && await store.Read(new RecordKey(Kinds.Token, id.ToString())) is { } record
                && LiveIn(TokenRow.Read(record), secret) is { } live)
            {
                found.Add(live);
            }
        }

        return found;
    }

    private AuditSecret? LiveIn(TokenState state, Secret secret)
    {
        var presented = Presented.Find(state, peppers.Compare(secret.Fingerprint()).Matches);
        return TokenMachine.Verify(state with { Enabled = true }, presented, time.GetUtcNow()) is null
            ? new(state.Id, state.OrganizationId, state.Profile, presented.Kind)
            : null;
    }

    private static IEnumerable<string> Texts(AuditEntry entry) =>
        new[] { entry.Path, entry.UserAgent, entry.Method, entry.Subject.Id, entry.Outcome }.OfType<string>();
}
