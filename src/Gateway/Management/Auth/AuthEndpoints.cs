using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Members;
using TokenActors.Gateway.Management.Organizations;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Auth;

/// <summary>
/// Log on, log off, change password. A wrong password is answered alike, and after the same work, for known and unknown
/// names; attempts are limited per organization and name. A member whose password must be changed gets a token that may
/// do that alone.
/// </summary>
internal static class AuthEndpoints
{
    private const string ChangesPassword = "auth:change_password";

    public static void MapAuth(this RouteGroupBuilder v1)
    {
        var auth = v1.MapGroup("/auth").WithTags("auth").AcceptsJsonOnly()
            .Fails<Problem, RouteGroupBuilder>(400, 401, 402, 403, 415, 429, 503);
        auth.MapPost("/logon/{organizationId}", Logon).AddEndpointFilter<RequestFilter>().WithName("auth_logon");
        auth.MapPost("/logoff", Logoff).AddEndpointFilter<BearerFilter>()
            .AddEndpointFilter<RequestFilter>().Needs(null).WithName("auth_logoff");
        auth.MapPost("/change_password", ChangePassword).AddEndpointFilter<BearerFilter>()
            .AddEndpointFilter<RequestFilter>()
            .Needs(ChangesPassword, changesPassword: true).WithName("auth_change_password");
    }

    private static async Task<Results<JsonOk<Envelope<LogonResult>>, Refusal>> Logon(
        ApiRequest request, string organizationId, Body<LogonRequest> body, PasswordChecks passwords,
        IGrainFactory grains, TimeProvider time)
    {
        var organization = await Resolve(grains, organizationId);
        var given = await passwords.Prove(request, organization, body.Value.Name, body.Value.Secret);
        if (!given.IsSuccess)
        {
            return given.Refusal;
        }

        var (member, proof) = given.Value;
        var auth = await request.Command(() => grains.GetGrain<IMemberGrain>(member.ToString()).Logon(proof));
        GatewayTelemetry.Logons.Add(1, new KeyValuePair<string, object?>("outcome", WordOf(auth.Outcome)));
        switch (auth)
        {
            case { Outcome: AuthOutcome.Success, Member: { } known }:
                return await OpenSession(request, grains, known, auth.Outcome, SessionOf(known), time);
            case { Outcome: AuthOutcome.Expired or AuthOutcome.Invited, Member: { } known }:
                return await OpenSession(request, grains, known, auth.Outcome, PasswordChangeOf(known), time);
            case { Outcome: AuthOutcome.Failure }:
                await passwords.NoteFailure(request, organization, body.Value.Name);
                return Problems.Unauthorized();
            default:
                return MayNotLogOn(auth.Outcome);
        }
    }

    private static Func<SecretPair, IssueToken> SessionOf(MemberView member) => minted => new IssueToken
    {
        Context = new CallContext { CommandId = Guid.CreateVersion7() },
        Profile = TokenProfile.Logon.Name,
        OrganizationId = member.OrganizationId,
        MemberId = member.Id,
        Ttl = member.TokenTtl,
        LongestTtl = member.LongestTokenTtl,
        Roles = member.RoleReferences,
        Secrets = minted.ToMinted(),
    };

    /// <summary>
    /// May change the member's password and nothing else, whatever the member's roles and status are.
    /// </summary>
    private static Func<SecretPair, IssueToken> PasswordChangeOf(MemberView member) => minted => new IssueToken
    {
        Context = new CallContext { CommandId = Guid.CreateVersion7() },
        Profile = TokenProfile.PasswordChange.Name,
        OrganizationId = member.OrganizationId,
        MemberId = member.Id,
        Actions = [ChangesPassword],
        Independent = true,
        Secrets = minted.ToMinted(),
    };

    private static async Task<Results<JsonOk<Envelope<LogonResult>>, Refusal>> OpenSession(
        ApiRequest request, IGrainFactory grains, MemberView member, AuthOutcome outcome,
        Func<SecretPair, IssueToken> session, TimeProvider time)
    {
        var profile = outcome == AuthOutcome.Success ? TokenProfile.Logon : TokenProfile.PasswordChange;
        var id = SecretMint.NewTokenId(time);
        var minted = SecretMint.Mint(profile, id);
        var command = session(minted) with { Context = request.NewCommand() with { Origin = null } };
        var answer = await request.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(command));
        if (answer is not { Refusal: null, Token: { } token })
        {
            return TokenRefusals.ToProblem(answer.Refusal ?? TokenRefusal.NotFound, id.ToString());
        }

        var wire = RefreshTokenWire.From(token, minted);
        var organization = grains.GetGrain<IOrganizationGrain>(member.OrganizationId.ToString());
        var view = await organization.Get() ?? throw new InvalidOperationException("a member without an organization");
        var result = new LogonResult(
            WordOf(outcome), MessageOf(outcome), wire.Id, wire.Primary, OrganizationWire.From(view),
            MemberWire.From(member));
        return new JsonOk<Envelope<LogonResult>>(new(result), AuthJson.Wire.EnvelopeLogonResult, holdsSecret: true);
    }

    /// <summary>Ends the session of the bearer: deletes its token and all that was made with it.</summary>
    private static async Task<Results<NoContent, Refusal>> Logoff(ApiRequest request, IGrainFactory grains)
    {
        if (request.Bearer.Token.Profile != TokenProfile.Logon.Name)
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden, "not-a-session", "Only the token of a session can log off.");
        }

        var command = new ChangeToken { Context = request.NewCommand() };
        var id = request.Bearer.Caller.TokenId.ToString();
        return TokenAnswers.Empty(
            await request.Command(() => grains.GetGrain<IRefreshTokenGrain>(id).Delete(command)), id);
    }

    private static async Task<Results<JsonOk<Envelope<ChangePasswordResult>>, Refusal>> ChangePassword(
        ApiRequest request, ObjectBody<ChangePasswordRequest> body, PasswordChecks passwords, PasswordHashing hashing,
        IGrainFactory grains)
    {
        var bearer = request.Bearer;
        var member = grains.GetGrain<IMemberGrain>(bearer.Caller.MemberId.ToString());
        var name = (await member.Get())?.Name ?? "";
        var shortest = (await grains.GetGrain<IOrganizationGrain>(bearer.Organization).Get())?.MinimumPasswordLength;
        if (ChangePasswordRequest.Read(body.Fields, name, shortest ?? PasswordRules.MinLength) is not { } wanted)
        {
            return Problems.Invalid(body.Fields.Errors);
        }

        var given = await passwords.Prove(request, bearer.OrganizationId, name, wanted.OldSecret);
        if (!given.IsSuccess)
        {
            return given.Refusal;
        }

        if (given.Value.Member != bearer.Caller.MemberId)
        {
            return Problems.Unauthorized();
        }

        var proof = given.Value.Proof with
        {
            Next = await hashing.Derive(wanted.NewSecret, request.Aborted),
            EndTokens = wanted.RevokeTokens == true,
        };
        return (await request.Command(() => member.ChangePassword(proof))).Outcome switch
        {
            AuthOutcome.Success => new JsonOk<Envelope<ChangePasswordResult>>(
                new(new(WordOf(AuthOutcome.Success))), AuthJson.Wire.EnvelopeChangePasswordResult),
            AuthOutcome.Failure => Problems.Unauthorized(),
            var outcome => MayNotLogOn(outcome),
        };
    }

    /// <summary>
    /// The path's organization by id, else by name; one that does not exist gets an id like any other, and finds no
    /// member.
    /// </summary>
    private static async Task<OrganizationId> Resolve(IGrainFactory grains, string idOrName)
    {
        if (OrganizationId.TryParse(idOrName, out var id))
        {
            return id;
        }

        var found = await grains.GetGrain<ICatalogGrain>("0").FindOrganization(idOrName, (OrganizationType?)null);
        return found?.Id ?? new OrganizationId(Guid.Empty);
    }

    /// <summary>The password was right, so its holder may know why it does not help.</summary>
    private static ProblemResult MayNotLogOn(AuthOutcome outcome) => Problems.Of(
        StatusCodes.Status403Forbidden, "logon-" + WordOf(outcome), MessageOf(outcome) ?? "The member may not log on.");

    /// <summary>As in <c>auth_code</c>.</summary>
    private static string WordOf(AuthOutcome outcome) =>
        (outcome == AuthOutcome.Lapsed ? AuthOutcome.Expired : outcome).ToString().ToLowerInvariant();

    private static string? MessageOf(AuthOutcome outcome) => outcome switch
    {
        AuthOutcome.Disabled => "The member is disabled.",
        AuthOutcome.Locked => "The member is locked.",
        AuthOutcome.Invited => "The invitation is taken up by changing the password.",
        AuthOutcome.Lapsed => "The invitation, or the time to set a forgotten password anew, is over: somebody who administers members has to invite again.",
        AuthOutcome.Expired => "The password has expired and must be changed.",
        _ => null,
    };
}
