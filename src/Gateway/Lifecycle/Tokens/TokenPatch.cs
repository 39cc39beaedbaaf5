using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary><c>PATCH /lifecycle/v1/tokens/{id}</c>: a merge patch of what people note, of the life, and of
/// restrictions.</summary>
internal static class TokenPatch
{
    public static void MapTokenPatch(this RouteGroupBuilder tokens) =>
        tokens.MapPatch("/{tokenId}", Patch).Needs("tokens:rotate").WithName("lifecycle_tokens_patch")
            .WithSummary("Change description, labels, contact, grant, addresses, limits or life of a token").IsConditional(required: true).TellsTag();

    private static Task<Results<JsonOk<LifecycleToken>, Refusal>> Patch(
        ApiRequest request, string tokenId, ObjectBody<TokenChangesWire> body, TokenCommandRunner runner) =>
        runner.Edit(request, tokenId, (token, context) => Read(body.Fields, token, request.Bearer.Token) is { } wanted
            ? new EditToken
            {
                Context = context,
                Secrets = SecretMint.Mint(TokenProfile.Named(token.Profile).Renewed, token.Id).ToMinted(),
                Notes = wanted.Notes,

                // The life that it has is no change, and begins no new one.
                Life = wanted.Life == token.Ttl ? null : wanted.Life,
                Addresses = wanted.Addresses,
                Limits = wanted.Limits,
            }
            : null, body.Fields);

    private sealed record Wanted(
        NotesOfToken Notes, string? Life, ImmutableArray<string>? Addresses, LimitsOfToken? Limits);

    private static Wanted? Read(JsonFields fields, TokenView token, TokenView bearer)
    {
        fields.Errors.Clear();
        var notes = TokenNotesFields.Read(fields, token.Notes);
        var life = TokenLife.Read(fields, TokenProfile.Named(token.Profile));
        if (fields.Mentions("life") && !fields.Has("life"))
        {
            fields.Reject("life", "cannot be removed");
        }

        if (life is not null && life != token.Ttl && bearer.Id == token.Id && bearer.Profile == TokenProfile.Mcp.Name)
        {
            fields.Reject("life", "of an MCP token is not changed by itself");
        }

        var addresses = fields.Mentions("addresses") ? AddressFields.Read(fields) ?? [] : (ImmutableArray<string>?)null;
        var limits = LimitFields.Read(fields, token.Limits);
        fields.RefuseUnknown();
        return fields.Errors.Count == 0
            ? new Wanted(notes, life, addresses, IsSame(limits, token.Limits) ? null : limits)
            : null;
    }

    /// <summary>What is left does not count: it changes with each use.</summary>
    private static bool IsSame(LimitsOfToken limits, LimitsOfToken? present) =>
        limits.ToLimits() == (present?.ToLimits() ?? TokenLimits.None);
}
