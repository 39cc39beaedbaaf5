using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>What a command came to.</summary>
/// <param name="Token">the token; null where it was deleted</param>
/// <param name="Secrets">that were made by it</param>
internal sealed record DoneCommand(TokenView? Token, SecretPair? Secrets);

/// <summary>
/// The steps that all commands share: an answer that was given before is looked for first, then whether the bearer sees
/// the token, then the precondition is asked, then the grain.
/// </summary>
internal sealed class TokenCommandRunner(LifecycleApi api, TokenGrains tokens, IGrainFactory grains, TimeProvider time)
{
    private const int MostAttempts = 4;
    private const string Renewing = "tokens:rotate";

    /// <summary>A command that makes no secrets.</summary>
    public Task<Outcome<DoneCommand>> Run(
        ApiRequest request, string tokenId, Func<IRefreshTokenGrain, CallContext, Task<TokenAnswer>> command) =>
        Run(request, tokenId, async (grain, token, condition) =>
        {
            var context = request.NewCommand(request.Idempotent?.Plain) with { ExpectedVersion = condition };
            return DoneBy(request, await request.Command(() => command(grain, context)), minted: null);
        });

    /// <summary>A command whose answer shows the token.</summary>
    public async Task<Results<JsonOk<LifecycleToken>, Refusal>> Change(
        ApiRequest request, string tokenId, Func<IRefreshTokenGrain, CallContext, Task<TokenAnswer>> command)
    {
        var outcome = await Run(request, tokenId, command);
        return outcome.IsSuccess ? Show(request, outcome.Value) : outcome.Refusal;
    }

    /// <summary>A change of what the tag covers, which needs a precondition.</summary>
    /// <param name="request">the request</param>
    /// <param name="tokenId">the token that its path names</param>
    /// <param name="command">makes the change of the token as it is; null where something is wrong with the
    /// body</param>
    /// <param name="fields">of the body, which say what is wrong</param>
    public async Task<Results<JsonOk<LifecycleToken>, Refusal>> Edit(
        ApiRequest request, string tokenId, Func<TokenView, CallContext, EditToken?> command, JsonFields fields)
    {
        var outcome = await Run(
            request,
            tokenId,
            async (grain, token, condition) =>
            {
                var context = request.NewCommand(request.Idempotent?.Plain) with { ExpectedVersion = condition };
                return command(token, context) is { } edit
                    ? DoneBy(request, await tokens.Edit(request, grain, edit), minted: null)
                    : api.Error(ApiError.Invalid(fields.Errors));
            },
            isConditionRequired: true);
        return outcome.IsSuccess ? Show(request, outcome.Value) : outcome.Refusal;
    }

    /// <summary>A command that makes a new pair, which its answer shows.</summary>
    public async Task<Results<JsonOk<LifecycleToken>, Refusal>> Renew(
        ApiRequest request, string tokenId, Func<IRefreshTokenGrain, CallContext, MintedSecrets, Task<TokenAnswer>> command)
    {
        var outcome = await Run(request, tokenId, async (grain, token, condition) =>
        {
            var minted = SecretMint.Mint(TokenProfile.Named(token.Profile).Renewed, token.Id);
            var context = request.NewCommand(request.Idempotent?.Seal(minted, token.Id)) with
            {
                ExpectedVersion = condition,
            };
            var answer = await request.Command(() => command(grain, context, minted.ToMinted()));
            return DoneBy(request, answer, minted);
        });
        return outcome.IsSuccess ? Show(request, outcome.Value) : outcome.Refusal;
    }

    /// <summary>What was answered under the same idempotency key; null for a call that is none.</summary>
    public async Task<Outcome<DoneCommand>?> Earlier(ApiRequest request, TokenId id)
    {
        if (request.Idempotent is not { } call)
        {
            return null;
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(id.ToString())
            .GetIdempotentAnswer(call.Name, call.Request, request.Aborted);
        if (answer.Refusal == TokenRefusal.NotFound)
        {
            return null;
        }

        return DoneBy(request, answer, minted: null);
    }

    public Results<JsonOk<LifecycleToken>, Refusal> Show(ApiRequest request, DoneCommand done)
    {
        if (done.Token is not { } token)
        {
            return api.Error(ApiError.NotFound);
        }

        request.Http.Response.Headers.ETag = LifecycleToken.TagOf(token);
        return new JsonOk<LifecycleToken>(
            LifecycleToken.From(token, time.GetUtcNow(), done.Secrets), LifecycleTokenJson.Wire.LifecycleToken,
            holdsSecret: true);
    }

    private async Task<Outcome<DoneCommand>> Run(
        ApiRequest request,
        string tokenId,
        Func<IRefreshTokenGrain, TokenView, long?, Task<Outcome<DoneCommand>>> command,
        bool isConditionRequired = false)
    {
        if (!TokenId.TryParse(tokenId, out var id))
        {
            return api.Error(ApiError.NotFound);
        }

        if (await Earlier(request, id) is { } earlier)
        {
            return earlier;
        }

        // An intent, whose route needs no permission of its own, is collected by a rotation.
        var action = request.Policy.Permission ?? Renewing;
        var grain = grains.GetGrain<IRefreshTokenGrain>(id.ToString());
        for (var attempt = 1; ; attempt++)
        {
            if (await TokenRoutes.FindFor(request, grains, id, action) is not { } token)
            {
                return api.Error(ApiError.NotFound);
            }

            var tag = LifecycleToken.TagOf(token);
            var problem = isConditionRequired
                ? Preconditions.Require(request, tag, "token")
                : Preconditions.Check(request, tag, "token");
            if (problem is { } unmet)
            {
                return api.Error(unmet);
            }

            // A refresh meanwhile raises the version; what the tag covers may be as it was.
            var isConditional = request.Http.Request.Headers.IfMatch.Count > 0;
            var done = await command(grain, token, isConditional ? token.Version : null);
            if (done.Refusal is { StatusCode: StatusCodes.Status403Forbidden }
                && await TokenRoutes.FindFor(request, grains, id, action) is null)
            {
                return api.Error(ApiError.NotFound);
            }

            if (done.Refusal is not { StatusCode: StatusCodes.Status412PreconditionFailed } || attempt == MostAttempts)
            {
                return Named(done, token);
            }
        }
    }

    /// <summary>
    /// With the roles as they were shown before the command, where it changed none: nobody is asked after the commit.
    /// </summary>
    private static Outcome<DoneCommand> Named(Outcome<DoneCommand> done, TokenView before) =>
        done.Value is { Token: { } token } command && token.RoleReferences.SequenceEqual(before.RoleReferences)
            ? command with { Token = token with { Roles = before.Roles } }
            : done;

    /// <summary>Secrets are shown where the command made them: by it, or sealed for this very caller before.</summary>
    private Outcome<DoneCommand> DoneBy(ApiRequest request, TokenAnswer answer, SecretPair? minted)
    {
        if (answer.Refusal is { } refusal)
        {
            return api.Error(TokenErrors.Of(refusal, answer.TooMuch));
        }

        var isSealed = answer is { Secrets: AnswerSecrets.SealedForCaller, Sealed.Length: > 0 };
        if (answer.Token is not { } token || (minted is null && !isSealed))
        {
            return new DoneCommand(answer.Token, null);
        }

        return TokenAnswers.SecretsOf(request, answer, token, minted) is { } secrets
            ? new DoneCommand(token, secrets)

            // Sealed for somebody else: the caller names another's call, which tells it nothing.
            : api.Error(ApiError.Unauthorized);
    }
}
