using System.Collections.Immutable;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>
/// <c>POST /lifecycle/v1/tokens</c>: the kinds that a person may make. What a new token may do lies within what its
/// maker may do, or the request is refused.
/// </summary>
internal static class NewTokenRoute
{
    private const string ForIntegration = "tokens:create_integration";

    public static void MapNewToken(this RouteGroupBuilder tokens) =>
        tokens.MapPost("", Create).Needs("tokens:create").WithName("lifecycle_tokens_create")
            .WithSummary("Make a token").TellsTag();

    private static Task<Results<JsonCreated<LifecycleToken>, Refusal>> Create(
        ApiRequest request, Body<NewTokenRequest> body, LifecycleApi api, TokenGrains tokens, IGrainFactory grains,
        McpResource resource, TimeProvider time) => Make(request, body.Value, api, tokens, grains, resource, time);

    /// <summary>Makes what is wanted on behalf of the request's bearer, whatever route it came by.</summary>
    internal static async Task<Results<JsonCreated<LifecycleToken>, Refusal>> Make(
        ApiRequest request, NewTokenRequest wanted, LifecycleApi api, TokenGrains tokens, IGrainFactory grains,
        McpResource resource, TimeProvider time)
    {
        if (resource.UnknownTool(request.Http, wanted.Mcp?.Resource, wanted.Mcp?.Tools) is { } strange)
        {
            return api.Error(ApiError.Invalid(
                [new RequestError("/tools", "body", $"'{request.Masked(strange)}' is no tool of this service's MCP server")]));
        }

        var id = request.Idempotent?.DerivedId ?? SecretMint.NewTokenId(time);
        var minted = SecretMint.Mint(wanted.Profile, id);
        var command = new IssueToken
        {
            Context = request.NewCommand(request.Idempotent?.Seal(minted, id)),
            Profile = wanted.Profile.Name,
            OrganizationId = request.Bearer.OrganizationId,
            MemberId = request.Bearer.Caller.MemberId,
            Name = wanted.Name,
            FullName = wanted.FullName,
            Ttl = wanted.Life,
            Claims = wanted.Mcp?.Of(resource.Of(request.Http)),
            Notes = wanted.Notes,
            Addresses = wanted.Addresses,
            Limits = wanted.Limits,
            BelongsTo = wanted.BelongsTo,
            Secrets = minted.ToMinted(),
        };
        var bound = wanted.IntegrationId is { } integration
            ? await Open(request, api, grains, integration, command)
            : Grant(request, api, wanted, command);
        if (!bound.IsSuccess)
        {
            return bound.Refusal;
        }

        var answer = await tokens.Issue(request, id, bound.Value);
        if (answer is not { Refusal: null, Token: { } made })
        {
            return api.Error(answer.Refusal is { } refusal ? TokenErrors.Of(refusal) : ApiError.NotFound);
        }

        if (TokenAnswers.SecretsOf(request, answer, made, minted) is not { } secrets)
        {
            return api.Error(ApiError.Unauthorized);
        }

        request.Http.Response.Headers.ETag = LifecycleToken.TagOf(made);
        return new JsonCreated<LifecycleToken>(
            LifecycleToken.From(made, time.GetUtcNow(), secrets), LifecycleTokenJson.Wire.LifecycleToken, holdsSecret: true);
    }

    /// <summary>A grant of its own, within the bearer's.</summary>
    private static Outcome<IssueToken> Grant(
        ApiRequest request, LifecycleApi api, NewTokenRequest wanted, IssueToken command)
    {
        var attenuation = Attenuation.Of(
            request.Bearer.Caller.Grant, PermissionSets.ActionsOf(wanted.PermissionSet), wanted.Resources.ToRequest());
        return attenuation.Allowed
            ? command with { PermissionSet = wanted.PermissionSet, Resources = attenuation.Resources }
            : api.Error(ApiError.Forbidden(
                $"the bearer itself may not do this: {string.Join(", ", attenuation.TooMuch)}"));
    }

    /// <summary>Opens one integration and may do nothing else; it needs the permission for that, too.</summary>
    private static async Task<Outcome<IssueToken>> Open(
        ApiRequest request, LifecycleApi api, IGrainFactory grains, Guid id, IssueToken command)
    {
        var bearer = request.Bearer;
        if (!bearer.May(ForIntegration))
        {
            return api.Error(ApiError.Forbidden($"the bearer does not have the permission {ForIntegration}"));
        }

        var read = new ReadResource { OrganizationId = bearer.OrganizationId };
        if ((await grains.GetGrain<IIntegrationGrain>(id.ToString()).Get(read, request.Aborted))
                .Resource?.Content.Integration is not { } integration
            || await grains.FindAccount(bearer.OrganizationId, integration.AccountId.ToString(), request.Aborted) is not { } account
            || !bearer.Caller.Grant.Covers(ForIntegration, account.ToTarget(integration.Category)))
        {
            return api.Error(ApiError.Invalid(
                [new RequestError("/integration_id", "body", "names no integration that the bearer reaches")]));
        }

        return command with
        {
            IntegrationId = id.ToString(),
            AccountId = account.Id,
            Actions = [],
            Resources = Attenuation.Of(bearer.Caller.Grant, ActionSet.None, new ResourceRequest()).Resources,
        };
    }
}

/// <summary>Body of <c>POST /lifecycle/v1/tokens</c>.</summary>
internal sealed record NewTokenRequest : IRequestBody<NewTokenRequest>
{
    private const int LongestName = 256;

    private static readonly Dictionary<string, TokenProfile> Kinds = new()
    {
        ["adhoc"] = TokenProfile.Organization, ["mcp"] = TokenProfile.Mcp, ["integration"] = TokenProfile.Integration,
    };

    public required TokenProfile Profile { get; init; }

    public string? Name { get; init; }

    public string? FullName { get; init; }

    public required string PermissionSet { get; init; }

    public ResourcesWire Resources { get; init; } = new(null, null, null);

    public string? Life { get; init; }

    public Guid? IntegrationId { get; init; }

    /// <summary>Of an MCP token.</summary>
    public McpFields? Mcp { get; init; }

    public required NotesOfToken Notes { get; init; }

    public ImmutableArray<string>? Addresses { get; init; }

    public required LimitsOfToken Limits { get; init; }

    public TokenBelonging BelongsTo { get; init; }

    static Type IRequestBody<NewTokenRequest>.Documented => typeof(NewTokenWire);

    public static NewTokenRequest? Read(JsonFields fields)
    {
        var kind = fields.Text("kind") ?? "adhoc";
        if (!Kinds.TryGetValue(kind, out var profile))
        {
            fields.Reject("kind", $"must be one of {string.Join(", ", Kinds.Keys)}; others are made by their own APIs");
        }

        var name = SharedFields.Name(fields);
        var fullName = fields.Text("full_name", longest: LongestName) is { Length: > 0 } given ? given : null;
        var life = TokenLife.Read(fields, profile ?? TokenProfile.Organization);
        var isIntegration = profile == TokenProfile.Integration;
        var (set, resources) = ReadGrant(fields, isIntegration);
        var integration = ReadIntegration(fields, isIntegration);
        var mcp = McpFields.Read(fields, profile == TokenProfile.Mcp);
        var notes = TokenNotesFields.Read(fields);
        var addresses = AddressFields.Read(fields);
        var limits = LimitFields.Read(fields);
        var belongsTo = ReadBelonging(fields);
        fields.RefuseUnknown();
        return profile is null || fields.Errors.Count > 0
            ? null
            : new()
            {
                Profile = profile, Name = name, FullName = fullName, PermissionSet = set ?? "", Life = life,
                Resources = resources ?? new(null, null, null), IntegrationId = integration, Mcp = mcp, Notes = notes,
                Addresses = addresses, Limits = limits, BelongsTo = belongsTo,
            };
    }

    private static TokenBelonging ReadBelonging(JsonFields fields)
    {
        var word = fields.Text("belongs_to") ?? "parent";
        if (TokenBelongings.Of(word) is { } belongsTo)
        {
            return belongsTo;
        }

        fields.Reject("belongs_to", "must be one of parent, member, organization");
        return TokenBelonging.Parent;
    }

    private static (string? Set, ResourcesWire? Resources) ReadGrant(JsonFields fields, bool isIntegration)
    {
        if (isIntegration)
        {
            fields.Refuse("an integration's token", "permission_set", "resources");
            return (null, null);
        }

        return (SharedFields.PermissionSet(fields), fields.Object("resources") is { } resources ? ResourcesWire.Read(resources) : null);
    }

    private static Guid? ReadIntegration(JsonFields fields, bool isIntegration)
    {
        if (!isIntegration)
        {
            fields.Refuse("this kind of token", "integration_id");
            return null;
        }

        if (fields.Text("integration_id", required: true) is not { } text)
        {
            return null;
        }

        if (Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }

        fields.Reject("integration_id", "must be an id");
        return null;
    }
}

/// <summary>A new token on the wire.</summary>
/// <param name="Kind"><c>adhoc</c> (default), <c>mcp</c> or <c>integration</c></param>
/// <param name="Name">a slug, unique in the organization; absent: its id</param>
/// <param name="FullName">how it is shown; absent: the name</param>
/// <param name="PermissionSet">what it may do; not for an integration's</param>
/// <param name="Resources">to what it is narrowed; absent: as the bearer</param>
/// <param name="Life">how long its access secrets live</param>
/// <param name="IntegrationId">the integration that it opens</param>
/// <param name="Resource">the MCP server that it is for; absent: this service's own</param>
/// <param name="Tools">the only tools that it may use there, at most 100</param>
/// <param name="ReadOnly">it only looks there</param>
/// <param name="Description">what it is for</param>
/// <param name="Labels">at most 16 of 64 characters</param>
/// <param name="Contact">whom to ask about it</param>
/// <param name="Addresses">
/// at most 32 addresses and CIDR ranges from which it is accepted, within those of the bearer; absent: as the bearer
/// </param>
/// <param name="Uses">how often it is accepted in all; absent: any number</param>
/// <param name="PerSecond">how often a second it is accepted, in each gateway process; absent: no limit of its
/// own</param>
/// <param name="Burst">how often at once; absent: twice <c>per_second</c></param>
/// <param name="BelongsTo">
/// what it dies with beside what it opens: <c>parent</c> (default), the bearer that it is made with; <c>member</c>, the
/// member behind that; or <c>organization</c>, which needs a grant that is not narrowed
/// </param>
internal sealed record NewTokenWire(
    string? Kind, string? Name, string? FullName, string? PermissionSet, ResourcesWire? Resources, string? Life,
    string? IntegrationId, string? Resource, IReadOnlyList<string>? Tools, bool? ReadOnly,
    string? Description, IReadOnlyList<string>? Labels, string? Contact, IReadOnlyList<string>? Addresses,
    long? Uses, int? PerSecond, int? Burst, string? BelongsTo);
