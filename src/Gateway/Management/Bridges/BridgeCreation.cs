using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Bridges;

/// <summary>
/// A new bridge and its credential, as one command. Ids follow from the call's idempotency key, so that a repetition
/// finds what was made, and its credential sealed for this very caller.
/// </summary>
internal static class BridgeCreation
{
    private const string Kind = "bridge";

    public static async Task<Results<JsonCreated<Envelope<CreatedBridge>>, Refusal>> Create(
        ApiRequest request, Resource account, NewResource bridge, IGrainFactory grains, TimeProvider time)
    {
        var id = ResourceCommands.NewId(request, time);
        var token = new TokenId(request.Idempotent?.DerivedIdFor("token") ?? Guid.CreateVersion7(time.GetUtcNow()));
        var minted = SecretMint.Mint(TokenProfile.Bridge, token);
        var create = ResourceCommands.ToCreate(request, bridge);
        var command = new ProvisionBridge
        {
            Bridge = create,
            TokenId = token,
            Token = new IssueToken
            {
                Context = new CallContext { CommandId = create.Context.CommandId, Idempotency = request.Idempotent?.Seal(minted, token) },
                Profile = TokenProfile.Bridge.Name,
                OrganizationId = create.OrganizationId,
                MemberId = request.Bearer.Caller.MemberId,
                AccountId = account.Id,
                FullName = $"Credential of {bridge.Name ?? id.ToString()}",

                // It stands whatever becomes of whoever made the bridge, and may do nothing but report.
                Actions = [],
                Resources = new Resources { AccountIds = Selection.Of(account.Id.ToString()) },
                Independent = true,
                Secrets = minted.ToMinted(),
            },
        };
        var made = await request.Command(() => grains.GetGrain<IBridgeGrain>(id.ToString()).Provision(command));
        if (made.TokenRefusal is { } refusal)
        {
            return TokenRefusals.ToProblem(refusal, bridge.Name ?? "");
        }

        if (made.Answer is not { Refusal: null, Resource: { } resource })
        {
            return ResourceRefusals.ToProblem(
                made.Answer.Refusal ?? ResourceRefusal.NotFound, Kind, bridge.Name ?? "", made.Answer.Details);
        }

        return made.Token is not null ? Created(resource, minted) : await Repeated(request, grains, token, resource);
    }

    private static async Task<Results<JsonCreated<Envelope<CreatedBridge>>, Refusal>> Repeated(
        ApiRequest request, IGrainFactory grains, TokenId token, Resource bridge)
    {
        if (request.Idempotent is not { } call)
        {
            return Problems.Unauthorized();
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(token.ToString())
            .GetIdempotentAnswer(call.Name, call.Request);
        return answer.Sealed is { } sealedSecrets
            && SecretMint.OpenForCaller(sealedSecrets, call.Bearer, call.Key, token) is { } secrets
                ? Created(bridge, secrets)
                : ResourceRefusals.ToProblem(ResourceRefusal.IdTaken, Kind, bridge.Name);
    }

    private static JsonCreated<Envelope<CreatedBridge>> Created(Resource bridge, SecretPair secrets) => new(
        new(new(BridgeWire.From(bridge), secrets.Access.Reveal())), BridgeJson.Wire.EnvelopeCreatedBridge,
        holdsSecret: true);
}
