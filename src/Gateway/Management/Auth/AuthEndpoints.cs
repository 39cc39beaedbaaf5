using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Members;
using TokenActors.Gateway.Management.Organizations;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Auth;

/// <summary>
/// Log on, log off, change password. A wrong password is answered alike, and after the same work, for known and unknown
/// names; attempts are limited per organization and name.
/// </summary>
internal static class AuthEndpoints
{
    public static void MapAuth(this RouteGroupBuilder v1)
    {
        var auth = v1.MapGroup("/auth").WithTags("auth").AcceptsJsonOnly();
        auth.MapPost("/logon/{organizationId}", Logon).AddEndpointFilter<RequestFilter>().WithName("auth_logon");
        auth.MapPost("/logoff", Logoff).AddEndpointFilter<BearerFilter>().Needs(null).WithName("auth_logoff");
        auth.MapPost("/change_password", ChangePassword).AddEndpointFilter<BearerFilter>()
            .AddEndpointFilter<RequestFilter>()
            .Needs("auth:change_password").WithName("auth_change_password");
    }

    private static async Task<Results<JsonOk<Envelope<LogonResult>>, Refusal>> Logon(
        ApiRequest request, string organizationId, Body<LogonRequest> body, RateLimits limits, IGrainFactory grains, TimeProvider time)
    {
        // Asked before a password is derived, which is slow on purpose.
        var address = request.Http.Connection.RemoteIpAddress;
        if (limits.TooManyFailures(address) is { } pause)
        {
            return Problems.TooManyRequests(pause);
        }

        var resolved = (await Resolve(grains, organizationId)).ToString();
        if (limits.Logon(resolved, body.Value.Name) is { } wait)
        {
            return Problems.TooManyRequests(wait);
        }

        var organization = grains.GetGrain<IOrganizationGrain>(resolved);
        var challenge = await organization.Challenge(body.Value.Name);
        var proof = await Prove(request, body.Value.Secret, challenge);
        var auth = await request.Command(
            () => grains.GetGrain<IMemberGrain>(challenge.MemberId.ToString()).Logon(proof));
        if (auth.Outcome == AuthOutcome.Failure)
        {
            limits.NoteFailure(address);
        }

        return auth switch
        {
            { Outcome: AuthOutcome.Success, Member: { } member } =>
                await OpenSession(request, grains, time, organization, member),
            { Outcome: AuthOutcome.Failure } => Problems.Unauthorized(),
            _ => MayNotLogOn(auth.Outcome),
        };
    }

    private static async Task<Results<JsonOk<Envelope<LogonResult>>, Refusal>> OpenSession(
        ApiRequest request, IGrainFactory grains, TimeProvider time, IOrganizationGrain organization, MemberView member)
    {
        var id = SecretMint.NewTokenId(time);
        var minted = SecretMint.Mint(TokenProfile.Logon, id);
        var command = new IssueToken
        {
            Context = request.NewCommand() with { Origin = null },
            Profile = TokenProfile.Logon.Name,
            OrganizationId = member.OrganizationId,
            MemberId = member.Id,
            Ttl = member.TokenTtl,
            LongestTtl = member.LongestTokenTtl,
            Roles = member.RoleBinding,
            Secrets = minted.ToMinted(),
        };
        var answer = await request.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(command));
        if (answer is not { Refusal: null, Token: { } token })
        {
            return TokenRefusals.ToProblem(answer.Refusal ?? TokenRefusal.NotFound, id.ToString());
        }

        var wire = RefreshTokenWire.From(token, minted);
        var view = await organization.Get() ?? throw new InvalidOperationException("a member without an organization");
        var result = new LogonResult(
            "success", wire.Id, wire.Primary, OrganizationWire.From(view), MemberWire.From(member));
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
        ApiRequest request, ObjectBody<ChangePasswordRequest> body, RateLimits limits, IGrainFactory grains)
    {
        var bearer = request.Bearer;
        var member = grains.GetGrain<IMemberGrain>(bearer.Caller.MemberId.ToString());
        var name = (await member.Get())?.Name ?? "";
        var shortest = (await grains.GetGrain<IOrganizationGrain>(bearer.OrganizationId.ToString()).Get())?.MinimumPasswordLength;
        if (ChangePasswordRequest.Read(body.Fields, name, shortest ?? PasswordRules.MinLength) is not { } wanted)
        {
            return Problems.Invalid(body.Fields.Errors);
        }

        if (limits.Logon(bearer.OrganizationId.ToString(), name) is { } wait)
        {
            return Problems.TooManyRequests(wait);
        }

        if (await member.Challenge() is not { } challenge)
        {
            return Problems.Unauthorized();
        }

        var proof = await Prove(request, wanted.OldSecret, challenge) with
        {
            Next = await Task.Run(() => Passwords.Derive(wanted.NewSecret)),
            EndTokens = wanted.RevokeTokens == true,
        };
        return (await request.Command(() => member.ChangePassword(proof))).Outcome switch
        {
            AuthOutcome.Success => new JsonOk<Envelope<ChangePasswordResult>>(
                new(new("success")), AuthJson.Wire.EnvelopeChangePasswordResult),
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

    /// <summary>Derives off the request threads' hot path; it is slow on purpose.</summary>
    private static async Task<PasswordProof> Prove(ApiRequest request, string secret, PasswordChallenge challenge) =>
        new()
        {
            Context = request.NewCommand(),
            Derived = await Task.Run(() => Passwords.Derive(secret, challenge.Salt, challenge.Iterations)),
        };

    /// <summary>The password was right, so its holder may know why it does not help.</summary>
    private static ProblemResult MayNotLogOn(AuthOutcome outcome) => Problems.Of(
        StatusCodes.Status403Forbidden, "logon-" + outcome.ToString().ToLowerInvariant(), outcome switch
        {
            AuthOutcome.Disabled => "The member is disabled.",
            AuthOutcome.Locked => "The member is locked.",
            AuthOutcome.Invited => "The invitation was not taken up yet.",
            AuthOutcome.Expired => "The password has expired and must be changed.",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        });
}
