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

    /// <summary>The same secret under another pepper; nothing else changes. What is no live credential is left alone.</summary>
    private static Decision RenewDigest(TokenState state, TokenCommand.RenewDigest command)
    {
        if (DigestOf(state, command.Kind) is not { } digest || digest.PepperId == command.Digest.PepperId)
        {
            return new Decision.Unchanged(state);
        }

        var renewed = command.Kind switch
        {
            PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh => state with { Primary = Renewed(state.Primary!, command) },
            _ => state with { Secondary = state.Secondary! with { Pair = Renewed(state.Secondary.Pair, command) } },
        };
        return new Decision.Changed(renewed, TokenEvent.DigestRenewed);
    }

    private static CredentialPair Renewed(CredentialPair pair, TokenCommand.RenewDigest command) =>
        command.Kind is PresentedKind.PrimaryAccess or PresentedKind.SecondaryAccess
            ? pair with { Access = pair.Access with { Digest = command.Digest } }
            : pair with { Refresh = pair.Refresh! with { Digest = command.Digest } };
}
