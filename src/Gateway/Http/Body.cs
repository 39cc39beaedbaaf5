using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace TokenActors.Gateway.Http;

/// <summary>A body that can be read from the fields of a JSON object.</summary>
internal interface IRequestBody<TSelf>
    where TSelf : class, IRequestBody<TSelf>
{
    /// <summary>
    /// The shape of which the OpenAPI document speaks. A test compares its fields with those that <see cref="Read"/>
    /// takes.
    /// </summary>
    static virtual Type Documented => typeof(TSelf);

    /// <summary>Whether the OpenAPI document asks for a body; one that is absent is read as <c>{}</c>.</summary>
    static virtual bool IsRequired => true;

    /// <summary>
    /// A field to which <see cref="BodyRules"/> do not apply: it is JSON of the client's, with a bound of its own.
    /// </summary>
    static virtual string? FreeField => null;

    /// <summary>Null where something is wrong, which then stands in the fields' errors.</summary>
    static abstract TSelf? Read(JsonFields fields);
}

/// <summary>
/// A parameter of a handler that is bound empty and read by the API's filter, once the bearer may go on.
/// </summary>
internal interface IRequestPart
{
    /// <summary>What is wrong with it; null where nothing is.</summary>
    ValueTask<ApiError?> Read(ApiRequest request);
}

/// <summary>The body of a request, read and checked before its handler runs.</summary>
internal sealed class Body<T> : IRequestPart, IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class, IRequestBody<T>
{
    private T? _value;

    public T Value => _value ?? throw new InvalidOperationException("no filter has read the body");

    public static ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter) => new(new Body<T>());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(T.Documented, T.IsRequired));

    public async ValueTask<ApiError?> Read(ApiRequest request)
    {
        if (!RequestBody.TryParse(await request.Body(), out var fields, out var error, T.FreeField))
        {
            return ApiError.Invalid([error]);
        }

        _value = T.Read(fields);
        return _value is null || fields.Errors.Count > 0 ? ApiError.Invalid(fields.Errors) : null;
    }
}

/// <summary>
/// The body of a request of which the handler reads the fields, since what they may be depends on what the path names.
/// <typeparamref name="TDocumented"/> is the shape of which the OpenAPI document speaks.
/// </summary>
internal sealed class ObjectBody<TDocumented> : IRequestPart, IBindableFromHttpContext<ObjectBody<TDocumented>>, IEndpointParameterMetadataProvider
{
    private JsonFields? _fields;

    public JsonFields Fields => _fields ?? throw new InvalidOperationException("no filter has read the body");

    public static ValueTask<ObjectBody<TDocumented>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new ObjectBody<TDocumented>());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(TDocumented)));

    public async ValueTask<ApiError?> Read(ApiRequest request) =>
        RequestBody.TryParse(await request.Body(), out _fields, out var error) ? null : ApiError.Invalid([error]);
}

/// <summary>Tells the OpenAPI document of a body.</summary>
/// <param name="Type">its shape</param>
/// <param name="IsRequired">whether there must be one</param>
/// <param name="IsPatch">a JSON Patch, which clients send under more content types than plain JSON</param>
/// <param name="ContentType">as which it is sent</param>
internal sealed record BodyMetadata(
    Type Type, bool IsRequired = true, bool IsPatch = false, string ContentType = "application/json");

/// <summary>Marks the parts of a request that stand in its query.</summary>
internal interface IListQuery;

/// <summary>Marks a route whose body is passed over, as the vendor of its API does.</summary>
internal sealed record IgnoredBody;

internal static class RequestParts
{
    /// <summary>
    /// Reads the parts of a request in the order of the handler's parameters; the first that is wrong is answered.
    /// </summary>
    public static async ValueTask<ApiError?> Read(EndpointFilterInvocationContext context, ApiRequest request)
    {
        foreach (var argument in context.Arguments)
        {
            if (argument is IRequestPart part && await part.Read(request) is { } error)
            {
                return error;
            }
        }

        return await KeysInBodies.Problem(request);
    }

    /// <summary>
    /// What is wrong with the body of an operation that takes none: whoever sends one believes that it is read. Null
    /// where there is none, where it is empty or <c>null</c>, and where the operation takes one.
    /// </summary>
    public static async ValueTask<ApiError?> Unexpected(EndpointFilterInvocationContext context, ApiRequest request) =>
        !HttpMethods.IsGet(request.Http.Request.Method)
        && !context.Arguments.Any(argument => argument is IRequestPart and not IListQuery)
        && request.Http.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<BodyMetadata>() is null && metadata.GetMetadata<IgnoredBody>() is null
        && await request.Body() is { Length: > 0 } body && !SaysNothing(body)
            ? ApiError.Invalid([new RequestError("", "body", "is not expected: the operation takes none")])
            : null;

    /// <summary>Libraries send an empty object, an empty list, <c>null</c> or a blank for no fields.</summary>
    private static bool SaysNothing(byte[] body) =>
        body.All(one => char.IsWhiteSpace((char)one))
        || (RequestBody.TryParseAny(body, out var element, out _) && element.ValueKind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.Object => element.GetPropertyCount() == 0,
            JsonValueKind.Array => element.GetArrayLength() == 0,
            _ => false,
        });

    /// <summary>The answer within what a handler with several kinds of answers returns.</summary>
    [return: NotNullIfNotNull(nameof(result))]
    public static object? Unwrap(object? result) => result is INestedHttpResult { Result: { } inner } ? inner : result;
}
