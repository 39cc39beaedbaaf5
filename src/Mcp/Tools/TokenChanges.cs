using System.ComponentModel;
using TokenActors.Client;
using TokenActors.Client.Jobs;
using TokenActors.Client.Tokens;
using TokenActors.Mcp.Callers;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Tools;

/// <summary>What can be done to tokens without a secret coming of it, and what it would do.</summary>
internal sealed class TokenChanges(McpSession session)
{
    private const string Id = "the token's id";

    [Tool("token_preview", "What a command would do", "tokens:get")]
    [Description(
        "Decides a command and does not carry it out: whether it would change something, what, and how many tokens "
        + "hang on it. Ask it before you change anything. What would be refused is refused here too.")]
    public Task<Preview> PreviewOf(
        [Description(Id)] string id,
        [Description("what would be done")] PreviewedCommand command,
        [Description("for extend: the new life, such as 12h or 720h")] string? life = null,
        CancellationToken cancellation = default) => command switch
        {
            PreviewedCommand.Disable => session.Client.Tokens.Disable(id).Preview(cancellation),
            PreviewedCommand.Enable => session.Client.Tokens.Enable(id).Preview(cancellation),
            PreviewedCommand.RemoveSecondary => session.Client.Tokens.RemoveSecondary(id).Preview(cancellation),
            PreviewedCommand.Rotate => session.Client.Tokens.Rotate(id).Preview(cancellation),
            PreviewedCommand.Refresh => session.Client.Tokens.Refresh(id).Preview(cancellation),
            PreviewedCommand.Reset => session.Client.Tokens.Reset(id).Preview(cancellation),
            PreviewedCommand.Delete => session.Client.Tokens.Delete(id).Preview(cancellation),
            PreviewedCommand.Extend => PreviewOfLife(
                id, life ?? throw new ArgumentException("life is required for extend"), cancellation),
            _ => throw new ArgumentException("command must be one of those that the schema names"),
        };

    [Tool("token_disable", "Disable a token", "tokens:delete", Changes = true, IsIdempotent = true)]
    [Description("Lets no secret of a token work until it is enabled. Nothing is lost; its life runs on.")]
    public Task<Token> Disable([Description(Id)] string id, CancellationToken cancellation = default) =>
        session.Client.Tokens.Disable(id).Send(cancellation);

    [Tool("token_enable", "Enable a token", "tokens:rotate", Changes = true, IsIdempotent = true)]
    [Description("Lets a disabled token work again.")]
    public Task<Token> Enable([Description(Id)] string id, CancellationToken cancellation = default) =>
        session.Client.Tokens.Enable(id).Send(cancellation);

    [Tool("token_remove_secondary", "End a token's former pair", "tokens:delete",
        Changes = true, IsDestructive = true, IsIdempotent = true)]
    [Description("Ends the former pair of a rotated token at once. Whoever still uses it is refused from then on.")]
    public Task<Token> RemoveSecondary([Description(Id)] string id, CancellationToken cancellation = default) =>
        session.Client.Tokens.RemoveSecondary(id).Send(cancellation);

    [Tool("token_extend", "Give a token a new life", "tokens:rotate", Changes = true)]
    [Description("Begins a new life of another length now, with the secrets that the token has. The same life as it "
        + "has changes nothing.")]
    public async Task<Token> Extend(
        [Description(Id)] string id,
        [Description("a duration, such as 12h or 720h, within what the kind and the policy allow")] string life,
        CancellationToken cancellation = default) =>
        await (await ChangeOfLife(id, life, cancellation).ConfigureAwait(false)).Send(cancellation).ConfigureAwait(false);

    [Tool("revoke_preview", "Plan the revocation of tokens", "tokens:delete", Changes = true, IsIdempotent = true)]
    [Description(
        "Chooses the tokens that the filters match, and revokes none: the answer counts them and gives a plan, "
        + "which token_revoke carries out within 15 minutes. Show the person what the plan would end, and ask, before "
        + "you start it.")]
    public Task<Plan> PlanRevocation(
        [Description("conditions as in token_search, at least one, such as labels[eq]team-x or id[eq]…")]
        string[] filter,
        CancellationToken cancellation = default) => session.Client.Tokens.RevokeMany(filter).Preview(cancellation);

    [Tool("token_revoke", "Revoke what was planned", "tokens:delete",
        Changes = true, IsDestructive = true, IsIdempotent = true)]
    [Description(
        "Starts a plan of revoke_preview: deletes exactly the tokens that it chose, with what was made with them, "
        + "and disables those that are default tokens. It cannot be taken back. It takes no token and no filter. "
        + "Follow it with job_get.")]
    public Task<Job> Revoke(
        [Description("the plan that revoke_preview gave")] string plan, CancellationToken cancellation = default) =>
        session.Client.Tokens.Revoke(plan).Send(cancellation);

    [Tool("job_get", "How far a revocation is", "tokens:delete")]
    [Description("How many tokens of a revocation are done, were gone before, or were refused.")]
    public Task<Job> Progress([Description("the job that token_revoke "
        + "gave")] string id, CancellationToken cancellation = default) =>
        session.Client.Jobs.Get(id, cancellation);

    private async Task<Preview> PreviewOfLife(string id, string life, CancellationToken cancellation) =>
        await (await ChangeOfLife(id, life, cancellation).ConfigureAwait(false)).Preview(cancellation).ConfigureAwait(false);

    private async Task<Change<Token, Preview>> ChangeOfLife(string id, string life, CancellationToken cancellation)
    {
        var token = await session.Client.Tokens.Get(id, cancellation).ConfigureAwait(false);
        return session.Client.Tokens.Patch(id, new TokenPatch { Life = life }, token.Tag ?? "*");
    }
}

/// <summary>What can be previewed of a token.</summary>
internal enum PreviewedCommand
{
    Disable,
    Enable,
    RemoveSecondary,
    Extend,
    Rotate,
    Refresh,
    Reset,
    Delete,
}
