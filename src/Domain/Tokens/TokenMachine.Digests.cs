using TokenActors.Domain.Secrets;

namespace TokenActors.Domain.Tokens;

/// <summary>Digests that move to another pepper.</summary>
public static partial class TokenMachine
{
    /// <summary>The digest that a live credential is stored under; null for what is no credential any more.</summary>
    public static SecretDigest? DigestOf(TokenState state, PresentedKind kind) => kind switch
    {
        PresentedKind.PrimaryAccess => state.Primary?.Access.Digest,
        PresentedKind.PrimaryRefresh => state.Primary?.Refresh?.Digest,
        PresentedKind.SecondaryAccess => state.Secondary?.Pair.Access.Digest,
        PresentedKind.SecondaryRefresh => state.Secondary?.Pair.Refresh?.Digest,
        _ => null,
    };

    /// <summary>
    /// The same secret under another pepper; nothing else changes. What is no live credential is left alone.
    /// </summary>
    private static Decision RenewDigest(TokenState state, TokenCommand.RenewDigest command)
    {
        if (DigestOf(state, command.Kind) is not { } digest || digest.PepperId == command.Digest.PepperId)
        {
            return new Decision.Unchanged(state);
        }

        var renewed = state with
        {
            Primary = state.Primary is { } primary ? Renewed(primary, digest, command.Digest) : null,
            Secondary = state.Secondary is { } secondary
                ? secondary with { Pair = Renewed(secondary.Pair, digest, command.Digest) }
                : null,
        };
        return new Decision.Changed(renewed, TokenEvent.DigestRenewed);
    }

    private static CredentialPair Renewed(CredentialPair pair, SecretDigest old, SecretDigest next) => pair with
    {
        Access = Renewed(pair.Access, old, next),
        Refresh = pair.Refresh is { } refresh ? Renewed(refresh, old, next) : null,
    };

    private static Credential Renewed(Credential credential, SecretDigest old, SecretDigest next) =>
        credential.Digest == old ? credential with { Digest = next } : credential;
}
