using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace TokenActors.Gateway.Http;

/// <summary>A parameter of the query.</summary>
/// <param name="Name">its name</param>
/// <param name="Type">of one value</param>
/// <param name="Description">what it does</param>
/// <param name="Many">it may be repeated</param>
internal sealed record QueryParameter(string Name, JsonSchemaType Type, string Description, bool Many = false);

/// <summary>A header of requests.</summary>
/// <param name="Name">its name</param>
/// <param name="Description">what it does</param>
/// <param name="IsRequired">a request without it is refused</param>
internal sealed record RequestHeader(string Name, string Description, bool IsRequired = false);

/// <summary>A header of answers with content that are no errors.</summary>
/// <param name="Name">its name</param>
/// <param name="Description">what it says</param>
internal sealed record AnswerHeader(string Name, string Description);

/// <summary>What is answered with 200 in place of the usual, to who accepts it.</summary>
/// <param name="ContentType">that is accepted</param>
/// <param name="Type">of one item</param>
internal sealed record OtherAnswer(string ContentType, Type Type);

/// <summary>Tells the OpenAPI document of parameters of the query.</summary>
internal interface IQueryMetadata
{
    IEnumerable<QueryParameter> Parameters { get; }
}

/// <summary>What handlers read and answer by hand, said in the OpenAPI document.</summary>
internal static class RouteDescriptions
{
    private static readonly AnswerHeader RetryAfter = new(
        "Retry-After", "seconds after which it may be tried again; absent where that does not help");

    private sealed record QueryMetadata(IEnumerable<QueryParameter> Parameters) : IQueryMetadata;

    /// <summary>The body that a handler reads by itself.</summary>
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder route, bool required = true) =>
        route.WithMetadata(new BodyMetadata(typeof(T), required));

    /// <summary>A body of lines, each of one shape, that a handler reads by itself.</summary>
    public static RouteHandlerBuilder ReadsLines<T>(this RouteHandlerBuilder route) =>
        route.WithMetadata(new BodyMetadata(typeof(T), ContentType: "application/x-ndjson"));

    /// <inheritdoc cref="QueryParameter"/>
    public static RouteHandlerBuilder Asks(
        this RouteHandlerBuilder route, string name, JsonSchemaType type, string description, bool many = false) =>
        route.WithMetadata(new QueryMetadata([new QueryParameter(name, type, description, many)]));

    /// <summary>The shape of the errors of a group of routes, and with which statuses they come.</summary>
    public static TBuilder Fails<TError, TBuilder>(this TBuilder routes, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        routes.WithMetadata([.. statuses.Select(
            status => new ProducesResponseTypeMetadata(status, typeof(TError), ["application/json"]))]);

    /// <summary>Puts the parameters of the query into the document.</summary>
    public static Task DescribeQuery(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        foreach (var parameter in context.Description.ActionDescriptor.EndpointMetadata.OfType<IQueryMetadata>().SelectMany(query => query.Parameters))
        {
            var one = new OpenApiSchema { Type = parameter.Type };
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Schema = parameter.Many ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one,
            });
        }

        return Task.CompletedTask;
    }

    /// <summary>Puts headers into the document, that of 429 and 503 too, and other forms of an answer.</summary>
    public static async Task DescribeHeaders(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var header in metadata.OfType<RequestHeader>())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = header.Name, In = ParameterLocation.Header, Required = header.IsRequired, Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        foreach (var (status, answer) in operation.Responses ?? [])
        {
            IEnumerable<AnswerHeader> headers = status switch
            {
                "429" or "503" => [RetryAfter],
                "200" or "201" or "202" => metadata.OfType<AnswerHeader>(),
                _ => [],
            };
            foreach (var header in headers.Where(_ => answer is OpenApiResponse))
            {
                (((OpenApiResponse)answer).Headers ??= new Dictionary<string, IOpenApiHeader>())[header.Name] = new OpenApiHeader
                {
                    Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                };
            }
        }

        foreach (var other in metadata.OfType<OtherAnswer>())
        {
            operation.Responses?["200"].Content?.Add(
                other.ContentType, new OpenApiMediaType { Schema = await context.GetOrCreateSchemaAsync(other.Type, null, cancellation) });
        }
    }

    /// <summary>
    /// Puts the body into the document. Unlike <c>Accepts</c> this refuses no content type: clients of the facades send
    /// any.
    /// </summary>
    public static async Task DescribeBody(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (operation.RequestBody is null
            && context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyMetadata>().LastOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = body.IsRequired,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [body.ContentType] = new()
                    {
                        Schema = await context.GetOrCreateSchemaAsync(
                        body.Type, null, cancellation)
                    },
                },
            };
        }
    }
}

/// <summary>What stands in a query under one name.</summary>
internal static class QueryValues
{
    public static IReadOnlyList<string> Of(IQueryCollection query, string name) =>
        [.. query[name].Select(value => value ?? "")];
}
