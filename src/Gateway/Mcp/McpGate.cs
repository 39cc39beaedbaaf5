using System.Text.Json;
using Microsoft.Extensions.Primitives;
using TokenActors.Client;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.InProcess;
using TokenActors.Mcp.Callers;
using TokenActors.Mcp.Foundation;
using TokenActors.Mcp.Hosting;
using TokenActors.WebConsole;

namespace TokenActors.Gateway.Mcp;

/// <summary>
/// Before the MCP server: the origin, the bearer, its audience, and whether it may use the tool that it calls. What
/// may go on gets a session, whose client asks the APIs in this process with the very bearer that was verified here.
/// </summary>
internal sealed class McpGate(
    RequestDelegate next, McpApi api, McpResource resource, Authenticator authenticator, McpTools tools,
    RefusalAudit audit, ToolTelemetry metrics, GatewayOptions options, Pipeline pipeline, IServiceScopeFactory scopes,
    TimeProvider time)
{
    private const string Metadata = "/.well-known/oauth-protected-resource";
    private const string NotAccepted = "the bearer is missing, unknown or no longer valid";

    private static readonly Uri Here = new("http://gateway.invalid");

    public Task InvokeAsync(HttpContext http) => api.Owns(http.Request.Path) ? Guard(http) : next(http);

    private async Task Guard(HttpContext http)
    {
        var request = ApiRequest.Of(http);
        if (await Refuse(request) is { } refusal)
        {
            await audit.Note(request, refusal);
            await refusal.ExecuteAsync(http);
            return;
        }

        try
        {
            await next(http);
        }
        catch (JsonException) when (!http.Response.HasStarted)
        {
            // The library reads the parameters of initialize before anything that answers in its protocol.
            await api.Error(ApiError.Invalid("the parameters are not of the shape that the protocol gives them")).ExecuteAsync(http);
        }
    }

    private async ValueTask<Refusal?> Refuse(ApiRequest request)
    {
        var http = request.Http;
        if (http.Request.Headers.Origin is { Count: > 0 } origins && !IsAdmitted(http, origins))
        {
            return api.Error(ApiError.Forbidden("pages of this origin may not ask"));
        }

        var presented = http.PresentedBearer();
        var authentication = await authenticator.Authenticate(
            request, presented, audience => audience == TokenAudience.Mcp, limited: true,
            isMeantFor: token => IsMeantForUs(http, token));
        if (!authentication.IsAdmitted)
        {
            return authentication.Failure switch
            {
                AuthenticationFailure.Unauthorized =>
                    Unauthorized(http, isPresented: http.Request.Headers.Authorization.Count > 0, NotAccepted),
                AuthenticationFailure.OtherAudience =>
                    Unauthorized(http, isPresented: true, "the token is for another audience"),
                _ => api.Error(authentication.ToError()),
            };
        }

        var bearer = authentication.Bearer;
        var caller = CallerOf(bearer, McpClaims.Of(bearer.Token));
        if (HttpMethods.IsPost(http.Request.Method) && await RefuseMessage(request, caller) is { } refusal)
        {
            return refusal;
        }

        http.RequestServices.GetRequiredService<McpSession>().Open(caller, ClientOf(http, bearer), ConsoleOf(http));
        return null;
    }

    /// <summary>
    /// What the library would answer as a fault of the server, or log with a stack, is told in its protocol here.
    /// </summary>
    private async ValueTask<Refusal?> RefuseMessage(ApiRequest request, McpCaller caller)
    {
        var message = await McpBody.Read(request);
        if (message.Tool is { } name && tools.Forbidden(name, caller) is { } tool)
        {
            metrics.Refused(tool.Rules.Name);
            return InsufficientScope(request.Http, tool);
        }

        return message switch
        {
            { Id: { } id, Problem: { } problem } => McpApi.InvalidParameters(id, problem),
            { Id: { } id, Tool: { } unknown } when !tools.ByName.ContainsKey(unknown) =>
                McpApi.InvalidParameters(id, "there is no tool of this name; tools/list has those that there are"),
            _ => null,
        };
    }

    private bool IsMeantForUs(HttpContext http, TokenView token) =>
        McpClaims.Of(token).Resource is { } audience && resource.IsOwn(http, audience);

    private bool IsAdmitted(HttpContext http, StringValues origins) =>
        origins is [{ } origin] && resource.Admits(http, origin);

    private static McpCaller CallerOf(Bearer bearer, McpClaims claims)
    {
        var organization = bearer.Organization;
        return new(
            bearer.May, action => bearer.Caller.Grant.IsWholeIn(organization, action), claims.Tools, claims.IsReadOnly);
    }

    private TokenActorsClient ClientOf(HttpContext http, Bearer bearer)
    {
        // The bearer was verified and counted: the APIs below take it as it is, and ask its grant.
        var client = new HttpClient(
            new PipelineHandler(pipeline, scopes, http, inner =>
            {
                var request = ApiRequest.Of(inner);
                (request.Bearer, request.Keys) = (bearer, ApiRequest.Of(http).Keys);
            }));
        http.Response.RegisterForDispose(client);
        return new TokenActorsClient(client, new TokenActorsClientOptions
        {
            Service = Here,
            Bearer = _ => ValueTask.FromResult<string?>(null),
            Retries = 1,
            Time = time,
        });
    }

    private string? ConsoleOf(HttpContext http) => options.HasConsole && resource.Of(http) is { } own
        ? own[..^McpResource.Path.Length] + ConsoleOptions.Path
        : null;

    private Refusal Unauthorized(HttpContext http, bool isPresented, string description) => McpApi.Answer(
        StatusCodes.Status401Unauthorized, "invalid_token", description,
        Challenge(http, isPresented ? "invalid_token" : null, tools.Scopes));

    /// <summary>
    /// The protocol's answer to a token that may not do what it asks: its client can ask for one that may.
    /// </summary>
    private Refusal InsufficientScope(HttpContext http, McpTool tool) => McpApi.Answer(
        StatusCodes.Status403Forbidden, "insufficient_scope", $"the token may not use {tool.Rules.Name}",
        Challenge(http, "insufficient_scope", tool.Rules.Needs));

    private string Challenge(HttpContext http, string? error, IReadOnlyList<string> scopes)
    {
        List<string> parts = [];
        if (error is not null)
        {
            parts.Add($"error=\"{error}\"");
        }

        if (resource.Of(http) is { } own)
        {
            parts.Add($"resource_metadata=\"{own[..^McpResource.Path.Length]}{Metadata}{McpResource.Path}\"");
        }

        parts.Add($"scope=\"{string.Join(' ', scopes)}\"");
        return "Bearer " + string.Join(", ", parts);
    }
}
