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
/// Log on, log off, change password. A wrong password is answered alike, and after the same work, for known and unknown names; attempts are
/// limited per organization and name.
/// </summary>
internal static class AuthEndpoints
{
    public static void MapAuth(this RouteGroupBuilder v1)
    {
        var auth = v1.MapGroup("/auth").WithTags("auth");
        auth.MapPost("/logon/{organizationId}", Logon).WithName("auth_logon")
            .Accepts<LogonRequest>("application/json").Produces<Envelope<LogonResult>>();
        auth.MapPost("/logoff", Logoff).AddEndpointFilter<BearerFilter>().Needs(null).WithName("auth_logoff")
            .Produces(StatusCodes.Status204NoContent);
        auth.MapPost("/change_password", ChangePassword).AddEndpointFilter<BearerFilter>().Needs("auth:change_password")
            .WithName("auth_change_password").Accepts<ChangePasswordRequest>("application/json").Produces<Envelope<ChangePasswordResult>>();
    }

    private static async Task<IResult> Logon(HttpContext http, string organizationId, RateLimits limits, IGrainFactory grains, TimeProvider time)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var name = fields!.Text("name", required: true);
        var secret = fields.Text("secret", required: true);
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        var resolved = (await Resolve(grains, organizationId)).ToString();
        if (limits.Logon(resolved, name!) is { } wait)
        {
            return ProblemResults.TooManyRequests(http, wait);
        }

        var organization = grains.GetGrain<IOrganizationGrain>(resolved);
        var challenge = await organization.Challenge(name!);
        var proof = await Prove(http, secret!, challenge);
        var auth = await http.Command(() => grains.GetGrain<IMemberGrain>(challenge.MemberId.ToString()).Logon(proof));
        return auth switch
        {
            { Outcome: AuthOutcome.Success, Member: { } member } => await OpenSession(http, grains, time, organization, member),
            { Outcome: AuthOutcome.Failure } => ProblemResults.Unauthorized(http),
            _ => MayNotLogOn(http, auth.Outcome),
        };
    }

    private static async Task<IResult> OpenSession(
        HttpContext http, IGrainFactory grains, TimeProvider time, IOrganizationGrain organization, MemberView member)
    {
        var id = SecretMint.NewTokenId(time);
        var minted = SecretMint.Mint(TokenProfile.Logon, id);
        var command = new IssueToken
        {
            Context = http.NewCommand() with { Origin = null },
            Profile = TokenProfile.Logon.Name,
            OrganizationId = member.OrganizationId,
            MemberId = member.Id,
            Ttl = member.TokenTtl,
            LongestTtl = member.LongestTokenTtl,
            Roles = member.RoleBinding,
            Secrets = minted.ToMinted(),
        };
        var answer = await http.Command(() => grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(command));
        if (answer.Refusal is { } refusal)
        {
            return TokenRefusals.ToProblem(http, refusal, id.ToString());
        }

        http.Response.Headers.CacheControl = "no-store";
        var wire = RefreshTokenWire.From(answer.Token!, minted);
        var view = await organization.Get() ?? throw new InvalidOperationException("a member without an organization");
        var result = new LogonResult("success", wire.Id, wire.Primary, OrganizationWire.From(view), MemberWire.From(member));
        return TypedResults.Json(new Envelope<LogonResult>(result), AuthJson.Wire.EnvelopeLogonResult);
    }

    /// <summary>Ends the session of the bearer: deletes its token and all that was made with it.</summary>
    private static async Task<IResult> Logoff(HttpContext http, IGrainFactory grains)
    {
        var bearer = http.Bearer();
        if (bearer.Token.Profile != TokenProfile.Logon.Name)
        {
            return ProblemResults.Of(http, StatusCodes.Status403Forbidden, "not-a-session", "Only the token of a session can log off.");
        }

        var command = new ChangeToken { Context = http.NewCommand() };
        var id = bearer.Caller.TokenId.ToString();
        return TokenAnswers.Empty(http, await http.Command(() => grains.GetGrain<IRefreshTokenGrain>(id).Delete(command)), id);
    }

    private static async Task<IResult> ChangePassword(HttpContext http, RateLimits limits, IGrainFactory grains)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var bearer = http.Bearer();
        var member = grains.GetGrain<IMemberGrain>(bearer.Caller.MemberId.ToString());
        var oldSecret = fields!.Text("old_secret", required: true);
        var newSecret = fields.Text("new_secret", required: true);
        var name = (await member.Get())?.Name ?? "";
        var shortest = (await grains.GetGrain<IOrganizationGrain>(bearer.OrganizationId.ToString()).Get())?.MinimumPasswordLength ?? PasswordRules.MinLength;
        if (newSecret is not null && PasswordRules.ProblemWith(newSecret, name, shortest) is { } weakness)
        {
            fields.Reject("new_secret", weakness);
        }

        fields.RefuseUnknown();
        if (fields.Errors.Count > 0)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        if (limits.Logon(bearer.OrganizationId.ToString(), name) is { } wait)
        {
            return ProblemResults.TooManyRequests(http, wait);
        }

        if (await member.Challenge() is not { } challenge)
        {
            return ProblemResults.Unauthorized(http);
        }

        var proof = await Prove(http, oldSecret!, challenge) with { Next = await Task.Run(() => Passwords.Derive(newSecret!)) };
        return (await http.Command(() => member.ChangePassword(proof))).Outcome switch
        {
            AuthOutcome.Success => TypedResults.Json(
                new Envelope<ChangePasswordResult>(new("success")), AuthJson.Wire.EnvelopeChangePasswordResult),
            AuthOutcome.Failure => ProblemResults.Unauthorized(http),
            var outcome => MayNotLogOn(http, outcome),
        };
    }

    /// <summary>The path's organization by id, else by name; one that does not exist gets an id like any other, and finds no member.</summary>
    private static async Task<OrganizationId> Resolve(IGrainFactory grains, string idOrName) =>
        OrganizationId.TryParse(idOrName, out var id) ? id
        : (await grains.GetGrain<ICatalogGrain>("0").FindOrganization(idOrName, (OrganizationType?)null))?.Id ?? new OrganizationId(Guid.Empty);

    /// <summary>Derives off the request threads' hot path; it is slow on purpose.</summary>
    private static async Task<PasswordProof> Prove(HttpContext http, string secret, PasswordChallenge challenge) => new()
    {
        Context = http.NewCommand(),
        Derived = await Task.Run(() => Passwords.Derive(secret, challenge.Salt, challenge.Iterations)),
    };

    /// <summary>The password was right, so its holder may know why it does not help.</summary>
    private static IResult MayNotLogOn(HttpContext http, AuthOutcome outcome) => ProblemResults.Of(
        http, StatusCodes.Status403Forbidden, "logon-" + outcome.ToString().ToLowerInvariant(), outcome switch
        {
            AuthOutcome.Disabled => "The member is disabled.",
            AuthOutcome.Locked => "The member is locked.",
            AuthOutcome.Invited => "The invitation was not taken up yet.",
            AuthOutcome.Expired => "The password has expired and must be changed.",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        });
}
