using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>
/// The commands of the token machine, for tokens of every kind. Each takes an <c>Idempotency-Key</c> and, where the
/// caller wants it, <c>If-Match</c>.
/// </summary>
internal static class TokenCommands
{
    private const string Renewing = "tokens:rotate";
    private const string Resetting = "tokens:reset";
    private const string Stopping = "tokens:delete";

    public static void MapTokenCommands(this RouteGroupBuilder tokens)
    {
        tokens.MapPost("/{tokenId}/rotate", Rotate).Needs(Renewing).WithName("lifecycle_tokens_rotate")
            .WithSummary("Give a token a new pair, and let the former live until a deadline").IsConditional().TellsTag();
        tokens.MapPost("/{tokenId}/refresh", Refresh).Needs(Renewing).WithName("lifecycle_tokens_refresh")
            .WithSummary("Give a token a new pair as a refresh does").IsConditional().TellsTag();
        tokens.MapPost("/{tokenId}/reset", Reset).Needs(Resetting).WithName("lifecycle_tokens_reset")
            .WithSummary("Give a token a new pair after which nothing earlier works").IsConditional().TellsTag();
        tokens.MapPost("/{tokenId}/enable", Enable).Needs(Renewing).WithName("lifecycle_tokens_enable")
            .WithSummary("Let the secrets of a disabled token work again").IsConditional().TellsTag();
        tokens.MapPost("/{tokenId}/disable", Disable).Needs(Stopping).WithName("lifecycle_tokens_disable")
            .WithSummary("Let no secret of a token work until it is enabled").IsConditional().TellsTag();
        tokens.MapPost("/{tokenId}/move-deadline", MoveDeadline).Needs(Renewing).WithName(
            "lifecycle_tokens_move_deadline")
            .WithSummary("Move the deadline of the former pair").IsConditional().TellsTag();
        tokens.MapPost("/{tokenId}/remove-secondary", RemoveSecondary).Needs(Stopping)
            .WithName("lifecycle_tokens_remove_secondary")
            .WithSummary("End the former pair at once").IsConditional().TellsTag();
        tokens.MapDelete("/{tokenId}", Delete).Needs(Stopping).WithName("lifecycle_tokens_delete")
            .WithSummary("Delete a token and what was made with it").IsConditional();
    }

    /// <summary>A new pair; the former is accepted until its own end, or the deadline.</summary>
    private static Task<Results<JsonOk<LifecycleToken>, Refusal>> Rotate(
        ApiRequest request, string tokenId, Body<RotateTokenRequest> body, TokenCommandRunner runner) => runner.Renew(
            request, tokenId, (grain, context, secrets) => grain.Rotate(new RenewToken
            {
                Context = context,
                Secrets = secrets,
                Deadline = body.Value.Deadline,
                MintedAt = body.Value.MintedAt,
            }));

    /// <summary>
    /// As an administrator refreshes on <c>/v1</c>: a rotation without a deadline. An imported key has nothing to
    /// refresh.
    /// </summary>
    private static Task<Results<JsonOk<LifecycleToken>, Refusal>> Refresh(
        ApiRequest request, string tokenId, TokenCommandRunner runner) => runner.Renew(
            request, tokenId, (grain, context, secrets) =>
                grain.Rotate(new RenewToken { Context = context, Secrets = secrets, IsRefresh = true }));

    /// <summary>A new pair, and nothing earlier works; revives an expired token.</summary>
    private static Task<Results<JsonOk<LifecycleToken>, Refusal>> Reset(
        ApiRequest request, string tokenId, TokenCommandRunner runner) => runner.Renew(
            request, tokenId, (grain, context, secrets) =>
                grain.Reset(new RenewToken { Context = context, Secrets = secrets }));

    private static Task<Results<JsonOk<LifecycleToken>, Refusal>> Enable(
        ApiRequest request, string tokenId, TokenCommandRunner runner) =>
        runner.Change(request, tokenId, (grain, context) => grain.Enable(new ChangeToken { Context = context }));

    private static Task<Results<JsonOk<LifecycleToken>, Refusal>> Disable(
        ApiRequest request, string tokenId, TokenCommandRunner runner) =>
        runner.Change(request, tokenId, (grain, context) => grain.Disable(new ChangeToken { Context = context }));

    /// <summary>Until when the former pair is accepted, also in the past; without a former pair nothing
    /// changes.</summary>
    private static Task<Results<JsonOk<LifecycleToken>, Refusal>> MoveDeadline(
        ApiRequest request, string tokenId, Body<MoveDeadlineRequest> body, TokenCommandRunner runner) => runner.Change(
            request, tokenId, (grain, context) =>
                grain.MoveDeadline(new MoveTokenDeadline { Context = context, Deadline = body.Value.Deadline }));

    private static Task<Results<JsonOk<LifecycleToken>, Refusal>> RemoveSecondary(
        ApiRequest request, string tokenId, TokenCommandRunner runner) =>
        runner.Change(
            request, tokenId, (grain, context) => grain.RemoveSecondary(new ChangeToken { Context = context }));

    /// <summary>With it goes what was made with it.</summary>
    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string tokenId, TokenCommandRunner runner)
    {
        var outcome = await runner.Run(
            request, tokenId, (grain, context) => grain.Delete(new ChangeToken { Context = context }));
        return outcome.IsSuccess ? TypedResults.NoContent() : outcome.Refusal;
    }
}

/// <summary>Body of rotate.</summary>
/// <param name="Deadline">until when the former pair is accepted; absent: until its own end</param>
/// <param name="MintedAt">when the pair was minted that is to be superseded: 412 where it is another by now; absent:
/// whichever is the current one</param>
internal sealed record RotateTokenRequest(DateTimeOffset? Deadline, DateTimeOffset? MintedAt)
    : IRequestBody<RotateTokenRequest>
{
    static bool IRequestBody<RotateTokenRequest>.IsRequired => false;

    public static RotateTokenRequest? Read(JsonFields fields)
    {
        var deadline = fields.Deadline("deadline");
        var mintedAt = fields.Time("minted_at");
        fields.RefuseUnknown();
        return new(deadline, mintedAt);
    }
}

/// <summary>Body of move-deadline.</summary>
/// <param name="Deadline">until when the former pair is accepted</param>
internal sealed record MoveDeadlineRequest(DateTimeOffset Deadline) : IRequestBody<MoveDeadlineRequest>
{
    public static MoveDeadlineRequest? Read(JsonFields fields)
    {
        var deadline = fields.Deadline("deadline");
        if (deadline is null && !fields.Errors.Any(error => error.Id == "/deadline"))
        {
            fields.Reject("deadline", "is required");
        }

        fields.RefuseUnknown();
        return deadline is { } time ? new(time) : null;
    }
}
