using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Records;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Members;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Organizations;

/// <summary>
/// The rows that are made with an organization: its first member and its default token. The same command at the same
/// time gives the same rows, so that an answer that was lost can be made again.
/// </summary>
/// <param name="Member">the first member</param>
/// <param name="Token">the default token, as a step that creates it</param>
/// <param name="Commits">both, to be written with the organization</param>
internal sealed record OrganizationParts(
    MemberState Member, Step<TokenState, TokenAnswer> Token, IReadOnlyList<Commit> Commits)
{
    /// <exception cref="InvalidOperationException">the machine refuses what the caller asks for</exception>
    public static OrganizationParts Of(
        ProvisionOrganization command, PepperRing peppers, TokenSettings settings, DateTimeOffset now)
    {
        // Steps of one call: only the organization's own entry names the caller.
        var context = new CallContext { CommandId = command.Organization.Context.CommandId };
        var spec = MemberSpecs.Of(command.MemberId, command.Member, PasswordLives.Default, peppers);
        if (MemberMachine.Create(null, spec, now) is not { State: { } member, Event: { } happened })
        {
            throw new InvalidOperationException("the first member is refused");
        }

        var row = MemberRow.Of(member, context.CommandId.ToString("N"));
        var audit = AuditEntries.Of(
            row.Key, context, row.CommandId, row.OrganizationId, $"{Kinds.Member}.{happened}", row.Version, now);
        var issue = command.Token with { Context = context with { Idempotency = command.Token.Context.Idempotency } };
        var token = FirstTokens.Of(
            TokenAdmission.SpecOf(command.Organization.RefreshTokenId, issue), issue, peppers, settings, now);
        return new OrganizationParts(
            member,
            token,
            [
                RowWriter.Create(row, audit, [new(Kinds.Organization, row.OrganizationId)]),
                .. token.Commit is { } commit ? [commit] : (ReadOnlySpan<Commit>)[],
            ]);
    }

    /// <summary>
    /// The id follows from the call's idempotency key, so whoever finds it taken by the same token asked before.
    /// </summary>
    public static Transition<OrganizationState> Repeated(OrganizationState current, ProvisionOrganization command) =>
        current is { DeletedAt: null } && current.RefreshTokenId == command.Organization.RefreshTokenId
            ? Transition<OrganizationState>.Stay(current)
            : Transition<OrganizationState>.Refuse(TransitionRefusal.IdTaken);
}
