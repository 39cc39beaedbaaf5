using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Authentication;
using TokenActors.Gateway.Calls;
using TokenActors.Gateway.Json;
using TokenActors.Gateway.Members;
using TokenActors.Gateway.Problems;
using TokenActors.Gateway.ResourceModel;
using TokenActors.Gateway.Tokens;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;

namespace TokenActors.Gateway.Organizations;

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
            WireJson.Wire.ListEnvelopeOrganizationWire);
    }

    /// <summary>
    /// The organization, its first member and its default token, in steps that may be repeated; it is nobody's organization until the last.
    /// </summary>
    private static async Task<IResult> Create(HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var (fields, problem) = RequestBody.Parse(http, await http.Body());
        if (problem is not null)
        {
            return problem;
        }

        var (name, fullname) = TokenFields.Names(fields!);
        var (contact, replyTo, picture) = (fields!.Text("contact"), fields.Text("reply_to"), fields.Text("picture"));
        var member = ReadMember(fields);
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        var id = new OrganizationId(Guid.CreateVersion7(time.GetUtcNow()));
        var token = SecretMint.NewTokenId(time);
        var organization = grains.GetGrain<IOrganizationGrain>(id.ToString());
        var found = new FoundOrganization
        {
            Context = http.NewCommand(),
            Type = OrganizationType.Standard,
            Name = name ?? id.ToString(),
            FullName = fullname ?? name ?? id.ToString(),
            ParentId = http.Bearer().OrganizationId,
            Contact = contact,
            ReplyTo = replyTo,
            Picture = picture,
            RefreshTokenId = token,
        };
        if ((await GrainCalls.Command(() => organization.FoundWithin(found))).Refusal is { } refusal)
        {
            return ResourceRefusals.ToProblem(http, refusal, Kind, found.Name);
        }

        var first = new MemberId(Guid.CreateVersion7(time.GetUtcNow()));
        var command = member is null ? Nobody(id) : await member.ToCommand(Internal(), id) with { RoleBinding = [.. member.RoleBinding ?? [BuiltinRoles.Administrator]] };
        var view = (await GrainCalls.Command(() => grains.GetGrain<IMemberGrain>(first.ToString()).Add(command))).Member
            ?? throw new InvalidOperationException("the first member of a new organization was refused");
        var minted = SecretMint.Mint(TokenProfile.Default, token);
        var issue = new IssueToken
        {
            Context = Internal(),
            Profile = TokenProfile.Default.Name,
            OrganizationId = id,
            MemberId = first,
            Name = "default",
            FullName = "Default token of the organization",
            Roles = [BuiltinRoles.Administrator],
            Secrets = minted.ToMinted(),
        };
        var issued = await GrainCalls.Command(() => grains.GetGrain<IRefreshTokenGrain>(token.ToString()).Issue(issue));
        if (issued.Refusal is { } refused)
        {
            throw new InvalidOperationException($"the default token of a new organization was refused: {refused}");
        }

        var done = await GrainCalls.Command(() => organization.FinishFounding(Internal()));
        http.Response.Headers.CacheControl = "no-store";
        var result = new CreatedOrganization(
            member is null ? null : MemberWire.From(view), OrganizationWire.From(done), RefreshTokenWire.From(issued.Token!, minted).Primary);
        return TypedResults.Json(
            new Envelope<CreatedOrganization>(result), WireJson.Wire.EnvelopeCreatedOrganization, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Get(HttpContext http, string organizationId, IGrainFactory grains) =>
        await Find(http, organizationId, "get", grains) is { } organization
            ? TypedResults.Json(new Envelope<OrganizationWire>(OrganizationWire.From(organization)), WireJson.Wire.EnvelopeOrganizationWire)
            : ProblemResults.NotFound(http, Kind, organizationId);

    private static async Task<IResult> Delete(HttpContext http, string organizationId, IGrainFactory grains)
    {
        if (await Find(http, organizationId, "delete", grains) is not { } organization)
        {
            return ProblemResults.NotFound(http, Kind, organizationId);
        }

        var command = new DeleteResource { Context = http.NewCommand() };
        var answer = await GrainCalls.Command(() => grains.GetGrain<IOrganizationGrain>(organization.Id.ToString()).Delete(command));
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
    private static CreateMember Nobody(OrganizationId organization) => new()
    {
        Context = Internal(),
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

    private static Grains.Abstractions.Calls.CallContext Internal() => new() { CommandId = Guid.CreateVersion7() };
}

/// <summary>Body of create.</summary>
internal sealed record CreateOrganizationRequest(
    string? Name, string? Fullname, string? Contact, string? ReplyTo, string? Picture, CreateMemberRequest? Member);

/// <summary><c>CreateOrganizationResponseResult</c>.</summary>
internal sealed record CreatedOrganization(MemberWire? Member, OrganizationWire Organization, TokenPairWire Token);
