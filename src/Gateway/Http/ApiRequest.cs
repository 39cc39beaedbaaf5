using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Metadata;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Imports;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Gateway.Http;

/// <summary>
/// One request as its handler sees it: who asks, whether it may be a repetition, and how grains are asked on its
/// behalf. The filters of an API fill it; a handler takes it as a parameter.
/// </summary>
internal sealed class ApiRequest : IBindableFromHttpContext<ApiRequest>
{
    private const int LongestText = 256;

    private Bearer? _bearer;
    private (Secret Secret, TokenId Id)? _presented;
    private bool _knowsPresented;
    private byte[]? _body;

    private ApiRequest(HttpContext http) => Http = http;

    public HttpContext Http { get; }

    /// <summary>
    /// From where it comes: the connection's address, or what proxies that are known say of it. Null where the
    /// connection has none.
    /// </summary>
    public IPAddress? Address => Http.Connection.RemoteIpAddress;

    /// <summary>Cancelled when the client leaves.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The verified bearer. Handlers of routes without one do not ask.</summary>
    public Bearer Bearer
    {
        get => _bearer ?? throw new InvalidOperationException($"the route {Http.Request.Path} has no bearer");
        set => _bearer = value;
    }

    [MemberNotNullWhen(true, nameof(_bearer))]
    public bool HasBearer => _bearer is not null;

    /// <summary>
    /// Tells the imported keys of the bearer's organization in what is noted and shown of a change; null where it has
    /// none.
    /// </summary>
    public ImportedKeyScan? Keys { get; set; }

    /// <inheritdoc cref="BearerExtensions.PresentedBearer"/>
    public (Secret Secret, TokenId Id)? Presented
    {
        get
        {
            if (!_knowsPresented)
            {
                (_presented, _knowsPresented) = (Http.PresentedBearer(), true);
            }

            return _presented;
        }
    }

    /// <summary>
    /// The call that may be repeated, with the key that tells a repetition; null for a request without a key.
    /// </summary>
    public IdempotentCall? Idempotent { get; set; }

    /// <summary>The caller wants to know what the call would do. Commands are decided and not carried out.</summary>
    public bool IsPreview { get; set; }

    /// <summary>The kind of client that sent the request, as it calls itself; null where it does not say.</summary>
    public string? Client => ClientFamily.Of(Http.Request.Headers.UserAgent.ToString());

    /// <summary>What the route needs of its bearer.</summary>
    /// <exception cref="InvalidOperationException">the route does not say, which is a bug</exception>
    public RoutePolicy Policy => Http.GetEndpoint()?.Metadata.GetMetadata<RoutePolicy>()
        ?? throw new InvalidOperationException($"the route {Http.Request.Path} does not say what it needs");

    /// <summary>What the route answers where it succeeds.</summary>
    public int SuccessStatus => Http.GetEndpoint()?.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
        .FirstOrDefault(m => m.StatusCode is >= 200 and < 300)?.StatusCode ?? StatusCodes.Status200OK;

    /// <summary>
    /// A part of the path, by its name in the route's pattern; empty where the route has none of that name.
    /// </summary>
    public string Path(string name) => Http.Request.RouteValues[name] as string ?? "";

    /// <summary>The one request object of an HTTP request.</summary>
    public static ApiRequest Of(HttpContext http)
    {
        if (http.Features.Get<ApiRequest>() is not { } request)
        {
            request = new ApiRequest(http);
            http.Features.Set(request);
        }

        return request;
    }

    public static ValueTask<ApiRequest?> BindAsync(HttpContext context, System.Reflection.ParameterInfo parameter) =>
        new(Of(context));

    /// <summary>The body, read once however many ask. At most 1 MiB: Kestrel's limit answers 413 before.</summary>
    public async ValueTask<byte[]> Body() => _body ??= await RequestBody.ReadBytes(Http);

    /// <summary>A new command of the request's caller.</summary>
    public CallContext NewCommand(Idempotency? idempotency = null) => new()
    {
        CommandId = Guid.CreateVersion7(),
        Caller = _bearer?.Caller,
        Origin = new CallOrigin
        {
            RemoteAddress = Http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = Cut(Http.Request.Headers.UserAgent.ToString()),
            Method = Http.Request.Method,
            Path = Cut(Http.Request.Path.Value ?? ""),
            Code = SuccessStatus.ToString(CultureInfo.InvariantCulture),
        },
        Idempotency = idempotency,
        IsPreview = IsPreview,
    };

    /// <inheritdoc cref="GrainCalls.Command"/>
    public Task<T> Command<T>(Func<Task<T>> call, Func<Task<T>>? again = null) => GrainCalls.Command(Http, call, again);

    /// <summary>A text that the client chose, with the service's secrets and the organization's imported keys
    /// masked.</summary>
    public string Masked(string text)
    {
        var masked = SecretScan.Mask(text);
        return Keys is { } keys ? keys.Mask(masked) : masked;
    }

    /// <summary>What may be noted of a text that the client chose: storable, without secrets, not too long.</summary>
    private string? Cut(string text)
    {
        if (text.Length == 0 || !StorableText.Is(text))
        {
            return null;
        }

        return StorableText.Cut(Masked(text), LongestText);
    }
}
