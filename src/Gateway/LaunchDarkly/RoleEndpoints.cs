using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Roles;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// What LaunchDarkly's clients ask beside access tokens: the role behind a <c>customRoleId</c>, which Terraform reads
/// after a create, and who the caller is.
/// </summary>
internal static class RoleEndpoints
{
    private const string ReadingRoles = "roles:get";

    public static void MapLaunchDarklyRoles(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v2").WithTags("Access tokens").WithGroupName("launchdarkly")
            .AddEndpointFilter<FacadeFilter<LaunchDarklyApi>>().AddEndpointFilter(RateHeaders.Show)
            .Fails<LaunchDarklyError, RouteGroupBuilder>(401, 402, 403, 404, 429, 503);
        api.MapGet("/roles/{id}", Get).WithName("launchdarkly_role");
        api.MapGet("/caller-identity", GetCaller).WithName("launchdarkly_caller");
    }

    /// <summary>
    /// A role of the organization, by its id or name. Its id, key and name are one: the name, which is what tokens are
    /// bound to. A token of LaunchDarkly may read it, since its clients do so after they named it; one of the
    /// Management API needs the permission that it needs there.
    /// </summary>
    private static async Task<Results<JsonOk<LaunchDarklyRole>, Refusal>> Get(
        ApiRequest request, string id, LaunchDarklyApi api, IGrainFactory grains)
    {
        if (!TokenProfile.Named(request.Bearer.Token.Profile).IsFacade && !request.Bearer.May(ReadingRoles))
        {
            return api.Error(ApiError.Forbidden($"the bearer does not have the permission {ReadingRoles}"));
        }

        if (BuiltinRoles.Named(id) is not null)
        {
            return Show(id);
        }

        var organization = request.Bearer.OrganizationId;
        var read = new ReadResource { OrganizationId = organization };
        return await grains.FindResource(organization, "role", id) is { } found
            && (await grains.GetGrain<IRoleGrain>(found.ToString()).Get(read, request.Aborted)).Resource is { } role
                ? Show(role.Name)
                : api.Error(
                    new ApiError(StatusCodes.Status404NotFound, ApiErrorKind.NotFound, "there is no such role"));
    }

    private static JsonOk<CallerIdentity> GetCaller(ApiRequest request)
    {
        var token = request.Bearer.Token;
        var identity = new CallerIdentity(
            LaunchDarklyApi.Short(token.OrganizationId.Value), "token", token.Independent
                ? "service"
                : "personal", token.FullName,
            LaunchDarklyApi.Short(token.Id.Value), LaunchDarklyApi.Short(token.MemberId.Value), token.Independent);
        return new(identity, LaunchDarklyJson.Wire.CallerIdentity);
    }

    private static JsonOk<LaunchDarklyRole> Show(string name) => new(
        new(name, name, name, [], new Dictionary<string, LinkWire>
        {
            ["self"] = new($"/api/v2/roles/{Uri.EscapeDataString(name)}"), ["parent"] = new("/api/v2/roles"),
        }),
        LaunchDarklyJson.Wire.LaunchDarklyRole);
}

/// <summary>A custom role. What it allows is said by the Management API; here it is a name.</summary>
internal sealed record LaunchDarklyRole(
    [property: JsonPropertyName("_id")] string Id, string Key, string Name, IReadOnlyList<StatementWire> Policy,
    [property: JsonPropertyName("_links")] IReadOnlyDictionary<string, LinkWire> Links);

/// <summary>Whose request it is.</summary>
internal sealed record CallerIdentity(
    string AccountId, string AuthKind, string TokenKind, string TokenName, string TokenId, string MemberId, bool ServiceToken);

/// <summary><c>X-Ratelimit-*</c>: how many requests the bearer's bucket holds, and when it will be full.</summary>
internal static class RateHeaders
{
    public static async ValueTask<object?> Show(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var services = context.HttpContext.RequestServices;
        if (services.GetRequiredService<RateLimits>().Left(request.Bearer.Caller.TokenId) is var (left, until))
        {
            Say(context.HttpContext, left, until);
        }

        return await next(context);
    }

    /// <param name="http">what is answered</param>
    /// <param name="left">so many requests more</param>
    /// <param name="until">how long until there are more</param>
    public static void Say(HttpContext http, int left, TimeSpan until)
    {
        var headers = http.Response.Headers;
        headers["X-Ratelimit-Global-Remaining"] = headers["X-Ratelimit-Route-Remaining"] = Text(left);
        headers["X-Ratelimit-Reset"] = Text(
            (http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + until).ToUnixTimeMilliseconds());
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
