using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle;

/// <summary>Says in the document of the Lifecycle API how each route is refused, and which headers it knows.</summary>
internal static class LifecycleDescriptions
{
    private const string ProblemType = "application/problem+json";

    private static readonly RequestHeader Key = new(
        IdempotentCall.Header,
        "names the call, in at most 255 characters: repeated under the same key by the same bearer it is done once, and answered alike for ten minutes");

    /// <summary>
    /// Tells the document, of every route of a group, the errors that its nature allows; and of each change, that it
    /// takes an idempotency key.
    /// </summary>
    public static RouteGroupBuilder DescribesRefusals(this RouteGroupBuilder routes)
    {
        ((IEndpointConventionBuilder)routes).Finally(route =>
        {
            var isRead = route.Metadata.OfType<IHttpMethodMetadata>().Any(
                methods => methods.HttpMethods.Contains(HttpMethods.Get));
            if (!isRead && !route.Metadata.OfType<UnkeyedRoute>().Any())
            {
                route.Metadata.Add(Key);
            }

            foreach (var status in StatusesOf(route, isRead))
            {
                route.Metadata.Add(Problem(status));
            }
        });
        return routes;
    }

    /// <summary>The route heeds <c>If-Match</c>, or demands it.</summary>
    public static RouteHandlerBuilder IsConditional(this RouteHandlerBuilder route, bool required = false) =>
        route.WithMetadata(
            new ConditionalRoute(required),
            new RequestHeader("If-Match", "the ETag of what was read; 412 where it was changed meanwhile", required));

    /// <summary>The route tells the tag of what it answers with.</summary>
    public static RouteHandlerBuilder TellsTag(this RouteHandlerBuilder route) =>
        route.WithMetadata(new AnswerHeader("ETag", "strong; covers what a change can change"));

    /// <summary>The route changes nothing that an idempotency key would keep from being changed twice.</summary>
    public static RouteHandlerBuilder TakesNoKey(this RouteHandlerBuilder route) =>
        route.WithMetadata(new UnkeyedRoute());

    /// <summary>The route has an error that its nature does not tell.</summary>
    public static RouteHandlerBuilder Also(this RouteHandlerBuilder route, int status) =>
        route.WithMetadata(Problem(status));

    private static ProducesResponseTypeMetadata Problem(int status) =>
        new(status, typeof(LifecycleProblem), [ProblemType]);

    /// <summary>402 says that the organization is disabled.</summary>
    private static IEnumerable<int> StatusesOf(EndpointBuilder route, bool isRead)
    {
        var condition = route.Metadata.OfType<ConditionalRoute>().LastOrDefault();
        var isOfOne = route is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 };
        (int Status, bool Is)[] all =
        [
            (400, true), (401, true), (402, true), (403, true), (404, isOfOne || !isRead), (409, !isRead),
            (412, condition is not null), (415, !isRead),
            (428, condition is { IsRequired: true }), (429, true), (503, true),
        ];
        return all.Where(one => one.Is).Select(one => one.Status);
    }

    private sealed record ConditionalRoute(bool IsRequired);

    private sealed record UnkeyedRoute;
}
