using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// Whom a proxy lets in, as the query of its question says. Everything that it asks holds for every kind of token,
/// bearers and service tokens alike: a door that asks for something is open to nobody who was not held against it.
/// </summary>
internal sealed class AccessQuestion(GatewayOptions options, IGrainFactory grains)
{
    /// <summary>A member's session, as a question names it.</summary>
    private const string Session = "session";

    private const string Accounts = "account/";

    /// <summary>What a proxy can ask; a slip in another word would let in who was to be left out.</summary>
    private static readonly FrozenSet<string> Words = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "account_id", "service_token_id", "organization_id", "kind", "action", "resource");

    /// <summary>
    /// Kinds that pass only where the question names them: what they are made for is not to open what stands behind a
    /// proxy. A token for an MCP server is for that server alone (RFC 8707).
    /// </summary>
    private static readonly string[] OnlyByName =
        [Session, PermissionSets.ConnectUi, TokenProfile.Integration.Name, TokenProfile.Bridge.Name, TokenProfile.Mcp.Name];

    /// <summary>What is wrong with the question itself, whoever is to be let in; null where nothing is.</summary>
    public static ApiError? ProblemOf(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(name => !Words.Contains(name)) is { } unknown)
        {
            return ApiError.Invalid($"'{unknown}' is no question of a verification", unknown);
        }

        if (query["organization_id"] is { Count: > 0 } organization
            && !(organization is [{ } id] && Guid.TryParse(id, out _)))
        {
            return ApiError.Invalid(
                "organization_id must name one organization, whose tokens are let in", "organization_id");
        }

        if (query["action"] is { Count: > 0 } action && ActionTable.BitOf(action.ToString()) < 0)
        {
            return ApiError.Invalid("action must be one of the action table, such as accounts:get", "action");
        }

        return query["resource"].Count > 0 && query["action"].Count == 0
            ? ApiError.Invalid("resource asks nothing without an action", "resource")
            : null;
    }

    /// <summary>Whose tokens are let in; null where neither the question nor a setting says.</summary>
    public Guid? OrganizationOf(IQueryCollection query) =>
        query["organization_id"] is [{ } text] && Guid.TryParse(text, out var id) ? id : options.AccessOrganization;

    /// <summary>
    /// The kind of a token, as a question names it. One that was imported is any token of the organization from its
    /// first pair of our own on; its old key stays what it was.
    /// </summary>
    public static string KindOf(TokenView token)
    {
        if (token.OwnerType == TokenOwnerType.Integration)
        {
            return TokenProfile.Integration.Name;
        }

        if (token.PermissionSet == PermissionSets.ConnectUi)
        {
            return PermissionSets.ConnectUi;
        }

        return token.Profile switch
        {
            _ when token.Profile == TokenProfile.Logon.Name => Session,
            _ when token.Profile == TokenProfile.Adopted.Name => TokenProfile.Organization.Name,
            var other => other,
        };
    }

    /// <summary>Why a living token is left out; null where it is let in.</summary>
    /// <param name="query">the question, which nothing is wrong with</param>
    /// <param name="token">whose secret was presented</param>
    /// <param name="caller">what it may do</param>
    /// <param name="kind">of it, as a question names it</param>
    /// <param name="aborted">the proxy has left</param>
    public async ValueTask<ApiError?> RefusalOf(
        IQueryCollection query, TokenView token, Caller caller, string kind, CancellationToken aborted)
    {
        // Of a service token the question may name the account alone, as Cloudflare's do.
        var isServiceToken = token.Profile == TokenProfile.ServiceToken.Name;
        var namesAccount = query["organization_id"].Count == 0 && query["account_id"].Count > 0;
        var organization = isServiceToken && namesAccount ? null : OrganizationOf(query);
        if ((organization is { } its && token.OrganizationId.Value != its)
            || !Admits(query["kind"], kind)
            || !Admits(query["account_id"], token.OrganizationId.Value)
            || !Admits(query["service_token_id"], isServiceToken ? token.Id.Value : Guid.Empty))
        {
            return ApiError.Forbidden("the token is not among those that are let in");
        }

        return query["action"] is not [{ } action]
            || (await TargetOf(token.OrganizationId, query["resource"], aborted) is { } target && caller.Grant.Covers(action, target))
                ? null
                : ApiError.Forbidden("the token may not do this");
    }

    private static bool Admits(StringValues kinds, string kind) =>
        kinds.Count == 0
            ? !OnlyByName.Contains(kind)
            : kinds.SelectMany(text => (text ?? "").Split(',')).Contains(kind);

    private static bool Admits(StringValues allowed, Guid id) =>
        allowed.Count == 0 || allowed.Any(text => Guid.TryParse(text, out var one) && one == id && id != Guid.Empty);

    /// <summary>
    /// What the action is to be done to: an account by id or name, or the organization. Null where there is no such
    /// account.
    /// </summary>
    private async Task<ResourceTarget?> TargetOf(
        OrganizationId organization, StringValues given, CancellationToken aborted) => given switch
        {
            [] or ["organization"] => new ResourceTarget(organization.ToString()),
            [{ } resource] when resource.StartsWith(Accounts, StringComparison.Ordinal)
                && await grains.FindAccount(organization, resource[Accounts.Length..], aborted) is { } account =>
                    account.ToTarget(),
            _ => null,
        };
}
