using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace TokenActors.Gateway.Http;

/// <summary>An answer with a JSON body that is serialized at once and sent in one piece, with its length.</summary>
/// <param name="value">the body</param>
/// <param name="type">how it is written</param>
/// <param name="status">the HTTP status</param>
/// <param name="holdsSecret">no cache may keep it</param>
internal abstract class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status, bool holdsSecret = false) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    protected T Value => value;

    public virtual Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = Utf8();
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        if (holdsSecret)
        {
            response.Headers.CacheControl = "no-store";
        }

        return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }

    /// <summary>The body as it is sent.</summary>
    protected virtual byte[] Utf8() => JsonSerializer.SerializeToUtf8Bytes(Value, type);
}

/// <summary>200 with a JSON body.</summary>
internal class JsonOk<T>(T value, JsonTypeInfo<T> type, bool holdsSecret = false)
    : JsonAnswer<T>(value, type, StatusCodes.Status200OK, holdsSecret), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
}

/// <summary>201 with a JSON body.</summary>
internal sealed class JsonCreated<T>(T value, JsonTypeInfo<T> type, bool holdsSecret = false)
    : JsonAnswer<T>(value, type, StatusCodes.Status201Created, holdsSecret), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(T), ["application/json"]));
}

/// <summary>200 with a list, which is written as it is serialized: it may be long.</summary>
internal sealed class JsonList<T>(T value, JsonTypeInfo<T> type) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status200OK;

    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext.Response.WriteAsJsonAsync(value, type, cancellationToken: httpContext.RequestAborted);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
}

/// <summary>Another status with a JSON body, which is not said in the OpenAPI document.</summary>
internal sealed class JsonStatus<T>(T value, JsonTypeInfo<T> type, int status) : JsonAnswer<T>(value, type, status);
