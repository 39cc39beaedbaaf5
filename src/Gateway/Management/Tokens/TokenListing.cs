using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>
/// <c>GET /v1/tokens</c>: an administrator's list holds all tokens of its organization, others' those of their own
/// member.
/// </summary>
internal sealed class TokenListing : IListSchema
{
    public static ListSchema Schema => TokenList.Schema;

    public static async Task<Results<JsonList<Envelope<IReadOnlyList<RefreshTokenWire>>>, Refusal>> List(
        ApiRequest request, ListQuery<TokenListing> query, IGrainFactory grains)
    {
        var bearer = request.Bearer;
        var page = await grains.GetGrain<ICatalogGrain>("0").ListTokens(
            query.ToRequest(bearer) with { MemberId = bearer.AdministersTokens ? null : bearer.Caller.MemberId },
            request.Aborted);
        return page.Tokens is { } tokens
            ? new JsonList<Envelope<IReadOnlyList<RefreshTokenWire>>>(
                new([.. tokens.Select(token => RefreshTokenWire.From(token, null))]), TokenJson.Wire.EnvelopeIReadOnlyListRefreshTokenWire)
            : ListQueries.NoStart();
    }
}
