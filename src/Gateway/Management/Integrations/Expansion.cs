using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Accounts;
using TokenActors.Gateway.Management.IntegrationPoints;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>
/// <c>expand</c>: puts accounts and integration points into the integrations of a list, of those that the bearer may
/// see.
/// </summary>
internal sealed class Expansion : IRequestPart, IListQuery, IBindableFromHttpContext<Expansion>, IEndpointParameterMetadataProvider
{
    private static readonly string[] Accounts = ["account", "accounts", "all"];
    private static readonly string[] Points = ["integration_point", "integration_points", "all"];

    private IReadOnlyList<string> _words = [];

    private sealed record Metadata : IQueryMetadata
    {
        public IEnumerable<QueryParameter> Parameters =>
            [new("expand", JsonSchemaType.String, "account, integration_point or all", Many: true)];
    }

    public static ValueTask<Expansion?> BindAsync(HttpContext context, ParameterInfo parameter) => new(new Expansion());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new Metadata());

    public ValueTask<ApiError?> Read(ApiRequest request)
    {
        _words = QueryValues.Of(request.Http.Request.Query, "expand");
        return new(_words.FirstOrDefault(word => !Accounts.Contains(word) && !Points.Contains(word)) is { } strange
            ? ApiError.Invalid(
                [new RequestError("expand", "query", "must be account, integration_point or all", strange)])
            : null);
    }

    public async Task<IReadOnlyList<IntegrationWire>> Expand(
        ApiRequest request, IGrainFactory grains, IReadOnlyList<IntegrationWire> integrations)
    {
        var accounts = _words.Any(Accounts.Contains)
            ? await Read(request, integrations.Select(i => i.AccountId), id => grains.GetGrain<IAccountGrain>(id))
            : [];
        var points = _words.Any(Points.Contains)
            ? await Read(
                request, integrations.Select(i => i.IntegrationPointId).OfType<string>(),
                id => grains.GetGrain<IIntegrationPointGrain>(id))
            : [];
        return [.. integrations.Select(integration => integration with
        {
            Account = accounts.GetValueOrDefault(integration.AccountId) is { } account
                ? AccountWire.From(account)
                : null,
            IntegrationPoint = points.GetValueOrDefault(integration.IntegrationPointId ?? "") is { } point
                ? IntegrationPointWire.From(point)
                : null,
        })];
    }

    private static async Task<Dictionary<string, Resource>> Read(
        ApiRequest request, IEnumerable<string> ids, Func<string, IResourceGrain> grain)
    {
        var read = new ReadResource { OrganizationId = request.Bearer.OrganizationId, Caller = request.Bearer.Caller };
        var answers = await Task.WhenAll(ids.Distinct().Select(id => grain(id).Get(read)));
        return answers.Select(answer => answer.Resource).OfType<Resource>()
            .ToDictionary(resource => resource.Id.ToString());
    }
}
