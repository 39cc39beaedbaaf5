using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Previews;

/// <summary>Marks a route that says, asked with <c>dry_run=true</c>, what it would do, and does not do it.</summary>
/// <param name="IsKept">it leaves a plan that can be started</param>
internal sealed record PreviewedRoute(bool IsKept = false) : IQueryMetadata, IPreviewMetadata
{
    public const string Parameter = "dry_run";

    public IEnumerable<QueryParameter> Parameters =>
    [
        new(Parameter, JsonSchemaType.Boolean, "true: answers 200 with a PreviewWire, which says what would be done and which tokens hang on it, and does nothing"),
    ];
}

/// <summary>Marks a route, among others that are previewed, whose effect is no change of the service's own.</summary>
internal sealed record UnpreviewedRoute;

internal static class PreviewedRoutes
{
    /// <summary>
    /// Lets every change of a group be previewed. Comes after the filters that authenticate and read a request.
    /// </summary>
    public static RouteGroupBuilder CanBePreviewed(this RouteGroupBuilder routes)
    {
        routes.AddEndpointFilter<PreviewFilter>();
        ((IEndpointConventionBuilder)routes).Finally(route =>
        {
            var changes = route.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods
                && !methods.HttpMethods.Contains(HttpMethods.Get);
            if (changes && !route.Metadata.OfType<UnpreviewedRoute>().Any())
            {
                route.Metadata.Add(new PreviewedRoute());
                DescribeAnswer(route);
            }
        });
        return routes;
    }

    /// <summary>Where the call itself is answered with 200 too, the document has one shape for both, and that is the
    /// call's.</summary>
    private static void DescribeAnswer(EndpointBuilder route)
    {
        if (!route.Metadata.OfType<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == StatusCodes.Status200OK))
        {
            route.Metadata.Add(
                new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(PreviewWire), ["application/json"]));
        }
    }
}
