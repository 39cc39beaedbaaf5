using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Members;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Organizations;

/// <summary><c>/v1/suborgs</c>: the organizations that a root organization made.</summary>
internal static class SubOrganizationEndpoints
{
    private const string Kind = "sub_org";

    public static void Map(RouteGroupBuilder v1)
    {
        var organizations = v1.MapResource("/suborgs", "sub-organizations").AddEndpointFilter(OfRoot);
        organizations.MapGet("", List).Needs("suborgs:list").WithName("subOrgs_list").Produces<ListEnvelope<OrganizationWire>>();
        organizations.MapPost("", Create).Needs("suborgs:create").WithName("subOrgs_create")
            .Accepts<CreateOrganizationRequest>("application/json").Produces<Envelope<CreatedOrganization>>(StatusCodes.Status201Created);
        organizations.MapGet("/{organizationId}", Get).Needs("suborgs:get").WithName("subOrgs_get").Produces<Envelope<OrganizationWire>>();
        organizations.MapDelete("/{organizationId}", Delete).Needs("suborgs:delete").WithName("subOrgs_delete").Produces(StatusCodes.Status204NoContent);
    }

    private static async ValueTask<object?> OfRoot(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var grains = http.RequestServices.GetRequiredService<IGrainFactory>();
        return await grains.GetGrain<IOrganizationGrain>(http.Bearer().OrganizationId.ToString()).Get() is { Type: OrganizationType.Root }
            ? await next(context)
            : ProblemResults.Of(http, StatusCodes.Status403Forbidden, "not-a-root", "Only a root organization has organizations below it.");
    }

    private static async Task<IResult> List(HttpContext http, IGrainFactory grains)
    {
        var organizations = await grains.GetGrain<ICatalogGrain>("0").ListSubOrganizations(http.Bearer().OrganizationId);
        return TypedResults.Json(
            new ListEnvelope<OrganizationWire>([.. organizations.Where(o => Covers(http, "list", o.Id)).Select(OrganizationWire.From)]),
            OrganizationJson.Wire.ListEnvelopeOrganizationWire);
    }

    /// <summary>The organization, its first member and its default token, as one command.</summary>
    private static async Task<IResult> Create(HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var (name, fullname) = SharedFields.Names(fields!);
        var (contact, replyTo, picture) = (fields!.Text("contact"), fields.Text("reply_to"), fields.Text("picture"));
        var member = ReadMember(fields);
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        var (call, mistake) = await IdempotentCall.Read(http, http.Bearer().Secret);
        if (mistake is not null)
        {
            return ProblemResults.Invalid(http, IdempotentCall.Header, "header", mistake);
        }

        // Ids follow from the idempotency key, so that a repetition reaches the same grain.
        Guid NewId(string what) => call?.DerivedIdFor(what) ?? Guid.CreateVersion7(time.GetUtcNow());
        var id = new OrganizationId(NewId("organization"));
        var token = call is null ? SecretMint.NewTokenId(time) : new TokenId(NewId("organization token"));
        var first = new MemberId(NewId("organization member"));
        var minted = SecretMint.Mint(TokenProfile.Default, token);
        var context = http.NewCommand();
        var internally = new CallContext { CommandId = context.CommandId };
        var command = new ProvisionOrganization
        {
            Organization = new CreateOrganization
            {
                Context = context,
                Type = OrganizationType.Standard,
                Name = name ?? id.ToString(),
                FullName = fullname ?? name ?? id.ToString(),
                ParentId = http.Bearer().OrganizationId,
                Contact = contact,
                ReplyTo = replyTo,
                Picture = picture,
                RefreshTokenId = token,
            },
            MemberId = first,
            Member = member is null
                ? Nobody(id, internally)
                : await member.ToCommand(internally, id) with { RoleBinding = [.. member.RoleBinding ?? [BuiltinRoles.Administrator]] },
            Token = new IssueToken
            {
                Context = internally with { Idempotency = call?.Seal(minted, token) },
                Profile = TokenProfile.Default.Name,
                OrganizationId = id,
                MemberId = first,
                Name = "default",
                FullName = "Default token of the organization",
                Roles = [BuiltinRoles.Administrator],
                Secrets = minted.ToMinted(),
            },
        };
        var answer = await http.Command(() => grains.GetGrain<IOrganizationGrain>(id.ToString()).Provision(command));
        if (answer is not { Refusal: null, Organization: { } organization })
        {
            return ResourceRefusals.ToProblem(http, answer.Refusal ?? ResourceRefusal.NotFound, Kind, command.Organization.Name);
        }

        return answer is { Token: { } view, Member: { } made }
            ? Created(http, organization, member is null ? null : made, view, minted)
            : await Repeated(http, grains, organization, member is null ? null : first, call);
    }

    /// <summary>The same call again under its idempotency key: the token's grain has its secrets, sealed for this very caller.</summary>
    private static async Task<IResult> Repeated(
        HttpContext http, IGrainFactory grains, OrganizationView organization, MemberId? member, IdempotentCall? call)
    {
        var answer = call is null
            ? null
            : await grains.GetGrain<IRefreshTokenGrain>(organization.RefreshTokenId.ToString()).GetIdempotentAnswer(call.Name, call.Request);
        if (answer?.Refusal == TokenRefusal.IdempotencyConflict)
        {
            return TokenRefusals.IdempotencyConflict(http);
        }

        return call is not null && answer is { Token: { } token, Sealed: { } sealedSecrets }
            && SecretMint.OpenForCaller(sealedSecrets, call.Bearer, call.Key, token.Id) is { } secrets
                ? Created(http, organization, member is { } id ? await grains.GetGrain<IMemberGrain>(id.ToString()).Get() : null, token, secrets)
                : ResourceRefusals.ToProblem(http, ResourceRefusal.IdTaken, Kind, organization.Name);
    }

    private static IResult Created(HttpContext http, OrganizationView organization, MemberView? member, TokenView token, SecretPair secrets)
    {
        http.Response.Headers.CacheControl = "no-store";
        var result = new CreatedOrganization(
            member is null ? null : MemberWire.From(member), OrganizationWire.From(organization), RefreshTokenWire.From(token, secrets).Primary);
        return TypedResults.Json(
            new Envelope<CreatedOrganization>(result), OrganizationJson.Wire.EnvelopeCreatedOrganization, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Get(HttpContext http, string organizationId, IGrainFactory grains) =>
        await Find(http, organizationId, "get", grains) is { } organization
            ? TypedResults.Json(new Envelope<OrganizationWire>(OrganizationWire.From(organization)), OrganizationJson.Wire.EnvelopeOrganizationWire)
            : ProblemResults.NotFound(http, Kind, organizationId);

    private static async Task<IResult> Delete(HttpContext http, string organizationId, IGrainFactory grains)
    {
        if (await Find(http, organizationId, "delete", grains) is not { } organization)
        {
            return ProblemResults.NotFound(http, Kind, organizationId);
        }

        var command = new DeleteResource { Context = http.NewCommand() };
        var answer = await http.Command(() => grains.GetGrain<IOrganizationGrain>(organization.Id.ToString()).Delete(command));
        return answer.Refusal is { } refusal ? ResourceRefusals.ToProblem(http, refusal, Kind, organizationId) : TypedResults.NoContent();
    }

    private static CreateMemberRequest? ReadMember(JsonFields fields)
    {
        if (fields.Object("member") is not { } member)
        {
            return null;
        }

        var read = CreateMemberRequest.Read(member, PasswordRules.MinLength);
        member.RefuseUnknown();
        if (read?.RoleBinding?.Any(role => !BuiltinRoles.Names.Contains(role) || role == BuiltinRoles.RootAdministrator) == true)
        {
            member.Reject("role_binding", "names roles that a new organization does not have");
        }

        return read;
    }

    /// <summary>The member behind the default token where none is asked for. Nobody knows its password.</summary>
    private static CreateMember Nobody(OrganizationId organization, CallContext context) => new()
    {
        Context = context,
        OrganizationId = organization,
        Name = "administrator",
        FullName = "Administrator",
        Type = MemberType.Service,
        RoleBinding = [BuiltinRoles.Administrator],
        Password = Passwords.Derive(Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))),
    };

    private static async Task<OrganizationView?> Find(HttpContext http, string idOrName, string verb, IGrainFactory grains)
    {
        var found = OrganizationId.TryParse(idOrName, out var id)
            ? await grains.GetGrain<IOrganizationGrain>(id.ToString()).Get()
            : await grains.GetGrain<ICatalogGrain>("0").FindOrganization(idOrName, (OrganizationType?)null);
        return found is not null && found.ParentId == http.Bearer().OrganizationId && Covers(http, verb, found.Id) ? found : null;
    }

    private static bool Covers(HttpContext http, string verb, OrganizationId id) =>
        http.Bearer().Caller.Grant.Covers($"suborgs:{verb}", new ResourceTarget(id.ToString()));
}

/// <summary>Body of create.</summary>
internal sealed record CreateOrganizationRequest(
    string? Name, string? Fullname, string? Contact, string? ReplyTo, string? Picture, CreateMemberRequest? Member);

/// <summary><c>CreateOrganizationResponseResult</c>.</summary>
internal sealed record CreatedOrganization(MemberWire? Member, OrganizationWire Organization, TokenPairWire Token);
