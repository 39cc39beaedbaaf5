using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Mcp;

/// <summary>The place of <c>/mcp</c> among the APIs: what is refused before the protocol begins.</summary>
internal sealed class McpApi : Api
{
    private const int InvalidParams = -32602;

    public override bool Owns(PathString path) => path.StartsWithSegments(McpResource.Path);

    public override Refusal Error(ApiError error) =>
        Answer(error.Status, WordOf(error), error.Message, retryAfter: error.RetryAfter);

    /// <summary>In the shape of RFC 6750 3.</summary>
    public static Refusal Answer(
        int status, string error, string description, string? challenge = null, TimeSpan? retryAfter = null) =>
        new JsonRefusal<McpError>(status, _ => new McpError(error, description), McpErrorJson.Wire.McpError)
        {
            Challenge = challenge, RetryAfter = retryAfter,
        };

    /// <summary>The protocol's answer to a request whose parameters are not of its shape: JSON-RPC 2.0, 5.1.</summary>
    /// <param name="id">of the request, as JSON</param>
    /// <param name="problem">what is wrong, in words that a model can act on</param>
    public static Refusal InvalidParameters(string id, string problem) => new JsonRefusal<JsonRpcFailure>(
        StatusCodes.Status200OK,
        _ => new JsonRpcFailure("2.0", JsonNode.Parse(id), new JsonRpcError(InvalidParams, problem)),
        McpErrorJson.Wire.JsonRpcFailure);

    private static string WordOf(ApiError error) => error.Kind switch
    {
        ApiErrorKind.Unauthorized => "invalid_token",
        ApiErrorKind.Forbidden or ApiErrorKind.OrganizationDisabled => "access_denied",
        ApiErrorKind.TooManyRequests or ApiErrorKind.Unavailable => "temporarily_unavailable",
        ApiErrorKind.Internal => "server_error",
        _ => "invalid_request",
    };
}

/// <summary>An error of <c>/mcp</c>.</summary>
internal sealed record McpError(string Error, string ErrorDescription);

/// <summary>An answer of JSON-RPC to what could not be carried out.</summary>
internal sealed record JsonRpcFailure(string Jsonrpc, JsonNode? Id, JsonRpcError Error);

/// <summary>An error of JSON-RPC.</summary>
internal sealed record JsonRpcError(int Code, string Message);

/// <summary>The shapes of this folder, serialized without reflection.</summary>
[JsonSerializable(typeof(McpError))]
[JsonSerializable(typeof(JsonRpcFailure))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class McpErrorJson : JsonSerializerContext
{
    /// <summary>What responses use; see <see cref="RelaxedJson"/>.</summary>
    public static McpErrorJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly McpErrorJson Context = new(RelaxedJson.Of(Default.Options));
    }
}
