using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace TokenActors.Gateway.Http;

/// <summary>One OpenAPI document per API, each with its own routes only.</summary>
internal static partial class Documents
{
    private const string Scheme = "token";

    public static readonly OpenApiSecurityScheme Bearer = new() { Type = SecuritySchemeType.Http, Scheme = "bearer" };

    public static readonly OpenApiSecurityScheme BareToken = new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "Authorization" };

    /// <param name="services">of the host</param>
    /// <param name="name">its name in the path</param>
    /// <param name="title">its title</param>
    /// <param name="security">how a request says who it is</param>
    /// <param name="group">the group of its routes; null for the routes of no group</param>
    public static void AddDocument(
        this IServiceCollection services, string name, string title, OpenApiSecurityScheme security, string? group) =>
        services.AddDocument(name, title, security, route => route.GroupName == group);

    /// <param name="services">of the host</param>
    /// <param name="name">its name in the path</param>
    /// <param name="title">its title</param>
    /// <param name="security">how a request says who it is</param>
    /// <param name="includes">which routes it describes</param>
    public static void AddDocument(
        this IServiceCollection services, string name, string title, OpenApiSecurityScheme security,
        Func<ApiDescription, bool> includes) =>
        services.AddOpenApi(name, options =>
        {
            options.ShouldInclude = includes;
            options.AddOperationTransformer(NamePathParameters);
            options.AddOperationTransformer(RouteDescriptions.DescribeQuery);
            options.AddOperationTransformer(RouteDescriptions.DescribeBody);
            options.AddOperationTransformer(RouteDescriptions.DescribeHeaders);
            options.AddSchemaTransformer(LeaveOutNulls);
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = title, Version = "1.0.0" };
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { [Scheme] = security };
                document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
                new OpenApiWalker(new DescriptionLines()).Walk(document);
                return Task.CompletedTask;
            });
        });

    /// <summary>Also those that a handler reads from the route itself.</summary>
    private static Task NamePathParameters(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        foreach (var name in PathParameter().Matches(context.Description.RelativePath ?? "").Select(
            match => match.Groups[1].Value))
        {
            operation.Parameters ??= [];
            if (operation.Parameters.All(parameter => parameter.Name != name))
            {
                operation.Parameters.Insert(0, new OpenApiParameter
                {
                    Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>What may be null is left out where it is, so that nobody may count on it.</summary>
    private static Task LeaveOutNulls(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        foreach (var property in context.JsonTypeInfo.Properties.Where(property => property.IsGetNullable))
        {
            schema.Required?.Remove(property.Name);
        }

        return Task.CompletedTask;
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineEnd();

    /// <summary>Descriptions are on one line, however the comment is broken that they come from.</summary>
    private sealed class DescriptionLines : OpenApiVisitorBase
    {
        public override void Visit(IOpenApiSchema schema) => Join(schema);

        public override void Visit(IOpenApiReferenceHolder referenceHolder)
        {
            if (referenceHolder is OpenApiSchemaReference { Reference.Description: not null } reference)
            {
                Join(reference);
            }
        }

        private static void Join(IOpenApiDescribedElement element)
        {
            if (element.Description is { } text)
            {
                element.Description = LineEnd().Replace(text.Trim(), " ");
            }
        }
    }
}

/// <summary>
/// Lets only documents that are there be routed to; any other name is answered like every path without a route.
/// </summary>
internal sealed class DocumentName : IRouteConstraint
{
    public bool Match(
        HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values,
        RouteDirection routeDirection) =>
        values[routeKey] is string name
            && httpContext?.RequestServices.GetKeyedService<IOpenApiDocumentProvider>(name) is not null;
}
