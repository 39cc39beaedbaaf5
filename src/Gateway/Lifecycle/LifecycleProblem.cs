using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle;

/// <summary>Problem details (RFC 9457).</summary>
/// <param name="Type">names the kind of problem, and stays</param>
/// <param name="Title">the kind in words</param>
/// <param name="Status">the HTTP status</param>
/// <param name="Detail">what is wrong with this request</param>
/// <param name="Instance">names the request, for the operator's log</param>
/// <param name="Errors">everything that is wrong with what was sent</param>
internal sealed record LifecycleProblem(
    string Type, string Title, int Status, string Detail, string Instance, IReadOnlyList<LifecycleProblemError>? Errors);

/// <summary>One thing that is wrong.</summary>
/// <param name="Detail">what is wrong with it</param>
/// <param name="Pointer">JSON Pointer into the body</param>
/// <param name="Parameter">name of a parameter of the query, the path or a header</param>
internal sealed record LifecycleProblemError(string Detail, string? Pointer, string? Parameter);

/// <summary>An error of the Lifecycle API.</summary>
internal sealed class LifecycleProblemResult(
    int status, string type, string title, string detail, IReadOnlyList<RequestError> errors) : Refusal(status)
{
    protected override Task Write(HttpContext http)
    {
        http.Response.StatusCode = Status;
        var problem = new LifecycleProblem(
            type, title, Status, detail, "urn:tokenactors:request:" + http.TraceIdentifier,
            errors.Count == 0 ? null : [.. errors.Select(Of)]);
        return http.Response.WriteAsJsonAsync(
            problem, LifecycleJson.Wire.LifecycleProblem, "application/problem+json", http.RequestAborted);
    }

    private static LifecycleProblemError Of(RequestError error) => error.Location == "body"
        ? new(error.Message, error.Id, null)
        : new(error.Message, null, error.Id);
}

/// <summary>The shapes that all routes share, serialized without reflection.</summary>
[JsonSerializable(typeof(LifecycleProblem))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class LifecycleJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static LifecycleJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly LifecycleJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
