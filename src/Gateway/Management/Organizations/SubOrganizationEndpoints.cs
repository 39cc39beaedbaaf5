using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Members;
using TokenActors.Domain.Naming;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
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
internal sealed class SubOrganizationEndpoints : IListSchema
{
    private const string Kind = "sub_org";

    public static ListSchema Schema => OrganizationList.Schema;

    /// <summary>The vendor's clients ask for no page.</summary>
    public static int DefaultLimit => Domain.Lists.ListQuery.MaxLimit;

    public static void Map(RouteGroupBuilder v1)
    {
        var organizations = v1.MapResource("/suborgs", "sub-organizations", OfRoot);
        organizations.MapGet("", List).Needs("suborgs:list").WithName("subOrgs_list");
        organizations.MapPost("", Create).Needs("suborgs:create").WithMetadata(new IdempotentRoute())
            .WithName("subOrgs_create");
        organizations.MapGet("/{organizationId}", Get).Needs("suborgs:get").WithName("subOrgs_get");
        organizations.MapDelete("/{organizationId}", Delete).Needs("suborgs:delete").WithName("subOrgs_delete");
    }

    private static async ValueTask<object?> OfRoot(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var grains = request.Http.RequestServices.GetRequiredService<IGrainFactory>();
        return await grains.GetGrain<IOrganizationGrain>(request.Bearer.Organization)
            .Get() is { Type: OrganizationType.Root }
            ? await next(context)
            : Problems.Of(
                StatusCodes.Status403Forbidden, "not-a-root", "Only a root organization has organizations below it.");
    }

    private static async Task<Results<JsonList<ListEnvelope<OrganizationWire>>, Refusal>> List(
        ApiRequest request, ListQuery<SubOrganizationEndpoints> query, IGrainFactory grains)
    {
        var page = await grains.GetGrain<ICatalogGrain>("0")
            .ListOrganizations(query.ToRequest(request.Bearer), request.Aborted);
        return page.Organizations is { } organizations
            ? new JsonList<ListEnvelope<OrganizationWire>>(
                new([.. organizations.Select(OrganizationWire.From)]), OrganizationJson.Wire.ListEnvelopeOrganizationWire)
            : ListQueries.NoStart();
    }

    /// <summary>The organization, its first member and its default token, as one command.</summary>
    private static async Task<Results<JsonCreated<Envelope<CreatedOrganization>>, Refusal>> Create(
        ApiRequest request, Body<CreateOrganizationRequest> body, IGrainFactory grains, PasswordHashing hashing,
        TimeProvider time)
    {
        // Ids follow from the idempotency key, so that a repetition reaches the same grain.
        var call = request.Idempotent;
        Guid NewId(string what) => call?.DerivedIdFor(what) ?? Guid.CreateVersion7(time.GetUtcNow());
        var wanted = body.Value;
        var id = new OrganizationId(NewId("organization"));
        var tokenId = new TokenId(NewId("organization token"));
        var memberId = new MemberId(NewId("organization member"));
        var minted = SecretMint.Mint(TokenProfile.Default, tokenId);
        var context = request.NewCommand();
        var internally = new CallContext { CommandId = context.CommandId };
        var command = new ProvisionOrganization
        {
            Organization = new CreateOrganization
            {
                Context = context,
                Type = OrganizationType.Standard,
                Name = wanted.Name ?? id.ToString(),
                FullName = wanted.Fullname ?? wanted.Name ?? id.ToString(),
                ParentId = request.Bearer.OrganizationId,
                Contact = wanted.Contact,
                ReplyTo = wanted.ReplyTo,
                Picture = wanted.Picture,
                RefreshTokenId = tokenId,
            },
            MemberId = memberId,
            Member = wanted.Member is { } first
                ? await first.ToCommand(request, internally, id, hashing) with { RoleBinding = [.. first.RoleBinding ?? [BuiltinRoles.Administrator]] }
                : Nobody(id, internally),
            Token = new IssueToken
            {
                Context = internally with { Idempotency = call?.Seal(minted, tokenId) },
                Profile = TokenProfile.Default.Name,
                OrganizationId = id,
                MemberId = memberId,
                Name = "default",
                FullName = "Default token of the organization",
                Roles = [BuiltinRoles.Administrator],

                // It is whoever made the organization that it is shown to, whatever the first member may do, or is not
                // yet.
                Independent = true,
                Secrets = minted.ToMinted(),
            },
        };
        var answer = await request.Command(() => grains.GetGrain<IOrganizationGrain>(id.ToString()).Provision(command));
        if (answer is not { Refusal: null, Organization: { } organization })
        {
            return ResourceRefusals.ToProblem(answer.Refusal
                ?? ResourceRefusal.NotFound, Kind, command.Organization.Name);
        }

        return answer is { Token: { } token, Member: { } member }
            ? Created(organization, wanted.Member is null ? null : member, token, minted)
            : await Repeated(request, grains, organization, wanted.Member is null ? null : memberId);
    }

    /// <summary>
    /// The same call again under its idempotency key: the token's grain has its secrets, sealed for this very caller.
    /// </summary>
    private static async Task<Results<JsonCreated<Envelope<CreatedOrganization>>, Refusal>> Repeated(
        ApiRequest request, IGrainFactory grains, OrganizationView organization, MemberId? member)
    {
        if (request.Idempotent is not { } call)
        {
            return ResourceRefusals.ToProblem(ResourceRefusal.IdTaken, Kind, organization.Name);
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(organization.RefreshTokenId.ToString())
            .GetIdempotentAnswer(call.Name, call.Request);
        if (answer.Refusal == TokenRefusal.IdempotencyConflict)
        {
            return TokenRefusals.IdempotencyConflict();
        }

        return answer is { Token: { } token, Sealed: { } sealedSecrets }
            && SecretMint.OpenForCaller(sealedSecrets, call.Bearer, call.Key, token.Id) is { } secrets
                ? Created(
                    organization, member is { } id ? await grains.GetGrain<IMemberGrain>(id.ToString()).Get() : null,
                    token, secrets)
                : ResourceRefusals.ToProblem(ResourceRefusal.IdTaken, Kind, organization.Name);
    }

    private static JsonCreated<Envelope<CreatedOrganization>> Created(
        OrganizationView organization, MemberView? member, TokenView token, SecretPair secrets)
    {
        var result = new CreatedOrganization(
            member is null ? null : MemberWire.From(member), OrganizationWire.From(organization), RefreshTokenWire.From(token, secrets).Primary);
        return new(new(result), OrganizationJson.Wire.EnvelopeCreatedOrganization, holdsSecret: true);
    }

    private static async Task<Results<JsonOk<Envelope<OrganizationWire>>, Refusal>> Get(
        ApiRequest request, string organizationId, IGrainFactory grains)
    {
        var organization = await Find(request, organizationId, "get", grains);
        return organization.IsSuccess
            ? new JsonOk<Envelope<OrganizationWire>>(
                new(OrganizationWire.From(organization.Value)), OrganizationJson.Wire.EnvelopeOrganizationWire)
            : organization.Refusal;
    }

    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string organizationId, IGrainFactory grains)
    {
        var organization = await Find(request, organizationId, "delete", grains);
        if (!organization.IsSuccess)
        {
            return organization.Refusal;
        }

        var command = new DeleteResource { Context = request.NewCommand() };
        var answer = await request.Command(
            () => grains.GetGrain<IOrganizationGrain>(organization.Value.Id.ToString()).Delete(command));
        return answer.Refusal is { } refusal
            ? ResourceRefusals.ToProblem(refusal, Kind, organizationId)
            : TypedResults.NoContent();
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
        Password = new DerivedPassword
        {
            Salt = RandomNumberGenerator.GetBytes(PasswordRules.SaltBytes),
            Iterations = PasswordRules.Iterations,
            Derived = SecretFingerprint.Of(RandomNumberGenerator.GetBytes(PasswordRules.HashBytes)),
        },
    };

    private static async Task<Outcome<OrganizationView>> Find(
        ApiRequest request, string idOrName, string verb, IGrainFactory grains)
    {
        var found = OrganizationId.TryParse(idOrName, out var id)
            ? await grains.GetGrain<IOrganizationGrain>(id.ToString()).Get()
            : await FindByName(request.Bearer.OrganizationId, idOrName, grains);
        return found is not null && found.ParentId == request.Bearer.OrganizationId && Covers(request, verb, found.Id)
            ? found
            : Problems.NotFound(Kind, idOrName);
    }

    /// <summary>By the name that it alone bears below this root.</summary>
    private static async Task<OrganizationView?> FindByName(OrganizationId root, string name, IGrainFactory grains)
    {
        if (!Slug.Is(name))
        {
            return null;
        }

        var page = await grains.GetGrain<ICatalogGrain>("0").ListOrganizations(
            new ListRequest { OrganizationId = root, Limit = 1, Filters = [$"name[eq]{name}"] });
        return page.Organizations is [var only] ? only : null;
    }

    private static bool Covers(ApiRequest request, string verb, OrganizationId id) =>
        request.Bearer.Caller.Grant.Covers($"suborgs:{verb}", new ResourceTarget(id.ToString()));
}

/// <summary>Body of create.</summary>
internal sealed record CreateOrganizationRequest(
    string? Name, string? Fullname, string? Contact, string? ReplyTo, string? Picture, CreateMemberRequest? Member)
    : IRequestBody<CreateOrganizationRequest>
{
    public static CreateOrganizationRequest? Read(JsonFields fields)
    {
        var (name, fullname) = SharedFields.Names(fields);
        var (contact, replyTo, picture) = (fields.Text("contact"), fields.Text("reply_to"), SharedFields.Picture(fields));
        var member = fields.Object("member") is { } first ? ReadMember(first) : null;
        fields.RefuseUnknown();
        return new(name, fullname, contact, replyTo, picture, member);
    }

    private static CreateMemberRequest? ReadMember(JsonFields fields)
    {
        var member = CreateMemberRequest.Read(fields, PasswordRules.MinLength);
        fields.RefuseUnknown();
        if (member?.RoleBinding?.Any(role => BuiltinRoles.Named(role) is null or BuiltinRoles.RootAdministrator) == true)
        {
            fields.Reject("role_binding", "names roles that a new organization does not have");
        }

        return member;
    }
}

/// <summary><c>CreateOrganizationResponseResult</c>.</summary>
internal sealed record CreatedOrganization(MemberWire? Member, OrganizationWire Organization, TokenPairWire Token);
