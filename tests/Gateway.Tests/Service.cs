using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Composition;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Storage;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Gateway.Tests;

/// <summary>The whole service on a real port of the loopback, with data of its own.</summary>
public class Service : IAsyncLifetime
{
    private WebApplication? _app;

    public string Folder { get; } = Directory.CreateTempSubdirectory("tokenactors-http-").FullName;

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow()) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    /// <summary>What the service reads; clients that read their own clock need the system's.</summary>
    protected virtual TimeProvider Time => Clock;

    public HttpClient Http { get; private set; } = null!;

    public JsonObject Bootstrap { get; private set; } = null!;

    public string Admin => (string)Bootstrap["access_secret"]!;

    public string OrganizationId => (string)Bootstrap["organization_id"]!;

    public string DefaultTokenId => (string)Bootstrap["refresh_token_id"]!;

    public IGrainFactory Grains => _app!.Services.GetRequiredService<IGrainFactory>();

    public FaultyStore Faults { get; private set; } = null!;

    /// <summary>A service of the running host.</summary>
    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public IRecordStore Store => _app!.Services.GetRequiredService<IRecordStore>();

    /// <summary>The store below <see cref="Faults"/>.</summary>
    public RecordStore Records => _app!.Services.GetRequiredService<RecordStore>();

    public PepperRing Peppers => _app!.Services.GetRequiredService<PepperRing>();

    protected virtual string[] Settings => [];

    /// <summary>Replaces services before the host is built.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    public async Task InitializeAsync()
    {
        string[] defaults = ["--TokenActors:RateLimits:FailuresPerAddress", "0", "--TokenActors:RateLimits:LogonsPerName", "0", "--Logging:LogLevel:Default", "Warning"];
        _app = await GatewayHost.Build(["--urls", "http://127.0.0.1:0", "--TokenActors:DataDirectory", Folder, .. defaults, .. Settings], Time, services =>
        {
            services.AddSingleton(provider => Faults = new FaultyStore(provider.GetRequiredService<RecordStore>()));
            services.AddSingleton<IRecordStore>(provider => provider.GetRequiredService<FaultyStore>());
            Configure(services);
        });
        await _app.StartAsync();
        Http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(20) }) { BaseAddress = new Uri(_app.Urls.First()) };
        Bootstrap = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "bootstrap.json")))!.AsObject();
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <param name="meanwhile">is done while nobody has the data</param>
    public async Task RestartAsync(Func<Task>? meanwhile = null)
    {
        await StopAsync();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        await InitializeAsync();
    }

    private async Task StopAsync()
    {
        Http.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Sends a request; an object is sent as JSON, a string as it is.</summary>
    public Task<Answer> Send(
        HttpMethod method, string path, string? bearer = null, object? body = null, string? idempotencyKey = null, string contentType = "application/json")
    {
        List<(string, string)> headers = [];
        if (bearer is not null)
        {
            headers.Add(("Authorization", "Bearer " + bearer));
        }

        if (idempotencyKey is not null)
        {
            headers.Add(("Idempotency-Key", idempotencyKey));
        }

        return Send(method, path, headers, body, contentType);
    }

    public async Task<Answer> Send(
        HttpMethod method, string path, IEnumerable<(string Name, string Value)> headers, object? body = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = body switch
        {
            null => null,
            byte[] bytes =>
                new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } },
            string text => new StringContent(text, Encoding.UTF8, MediaTypeHeaderValue.Parse(contentType)),
            Dictionary<string, string> form => new FormUrlEncodedContent(form),
            _ => JsonContent.Create(body),
        };

        // A server that refuses a large body closes while it is still being sent, unless the client asks first.
        request.Headers.ExpectContinue = body is string { Length: > 100_000 };
        using var response = await Http.SendAsync(request);
        var content = await response.Content.ReadAsStringAsync();
        return new Answer(
            response.StatusCode, content, response.Headers.ToDictionary(
                h => h.Key, h => string.Join(",", h.Value), StringComparer.OrdinalIgnoreCase),
            response.Content.Headers.ContentType?.ToString());
    }

    public Task<Answer> Get(string path, string? bearer) => Send(HttpMethod.Get, path, bearer);

    public Task<Answer> Post(string path, string? bearer, object? body, string? key = null) =>
        Send(HttpMethod.Post, path, bearer, body, key);

    public Task<Answer> Put(string path, string? bearer, string? key = null) =>
        Send(HttpMethod.Put, path, bearer, null, key);

    public Task<Answer> Delete(string path, string? bearer, string? idempotencyKey = null) =>
        Send(HttpMethod.Delete, path, bearer, idempotencyKey: idempotencyKey);

    public Task<Answer> Introspect(string? bearer, string token, string? hint = null)
    {
        Dictionary<string, string> form = new() { ["token"] = token };
        if (hint is not null)
        {
            form["token_type_hint"] = hint;
        }

        return Send(HttpMethod.Post, "/oauth2/introspect", bearer, form);
    }

    public Task<Answer> Revoke(string? bearer, string token) =>
        Send(HttpMethod.Post, "/oauth2/revoke", bearer, new Dictionary<string, string> { ["token"] = token });

    /// <summary>Of either half.</summary>
    public async Task<bool> IsActive(string token) =>
        (bool)(await Introspect(Admin, token, "refresh_token")).Json["active"]!;

    /// <summary>A token made over REST.</summary>
    public async Task<Made> Create(
        string permissionSet = "administrator", object? resources = null, string? bearer = null, string? name = null, string? ttl = null)
    {
        var answer = await Post("/v1/tokens", bearer ?? Admin, new JsonObject
        {
            ["permission_set"] = permissionSet,
            ["resources"] = JsonSerializer.SerializeToNode(resources ?? new { }),
            ["name"] = name,
            ["token_ttl"] = ttl,
        });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return Made.From(answer);
    }

    /// <summary>Another organization with an administrator's default token, as an operator makes it.</summary>
    public async Task<(OrganizationId Organization, MemberId Member, Made Token)> NewOrganization(Guid? id = null)
    {
        var organization = new OrganizationId(id ?? Guid.NewGuid());
        var member = new MemberId(Guid.NewGuid());
        var token = SecretMint.NewTokenId(Clock);
        CallContext Command() => new() { CommandId = Guid.NewGuid() };
        var grain = Grains.GetGrain<IOrganizationGrain>(organization.ToString());
        await grain.CreateOrganization(new CreateOrganization { Context = Command(), Type = OrganizationType.Standard, Name = $"o{organization.Value:N}", FullName = "Other", RefreshTokenId = token });
        Assert.NotNull(await Grains.GetGrain<IMemberGrain>(member.ToString()).Create(new CreateMember
        {
            Context = Command(), OrganizationId = organization, Name = "Boss@Example.com", RoleBinding = ["administrator"],
            Password = Passwords.Derive("correct horse battery"),
        }));
        var pair = SecretMint.Mint(TokenProfile.Default, token);
        var answer = await Grains.GetGrain<IRefreshTokenGrain>(token.ToString()).Issue(new IssueToken
        {
            Context = Command(), Profile = "default", OrganizationId = organization, MemberId = member, Name = "default", Roles = ["administrator"],
            Secrets = pair.ToMinted(),
        });
        Assert.Null(answer.Refusal);
        await grain.FinishFounding(Command());
        return (organization, member, new Made(token.ToString(), pair.Access.Reveal(), pair.Refresh!.Reveal()));
    }
}

/// <summary>A response, read.</summary>
public sealed record Answer(HttpStatusCode Status, string Body, Dictionary<string, string> Headers, string? ContentType)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public JsonArray Array => JsonNode.Parse(Body)!.AsArray();

    public JsonNode Result => Json["result"]!;

    public override string ToString() => $"{Status}: {Body}";

    /// <summary>The whole Problem is there, with the status in it.</summary>
    public Answer IsProblem(HttpStatusCode status, string? parameter = null)
    {
        Assert.True(Status == status, $"expected {status}, was {Status}: {Body}");
        Assert.Equal("application/json", ContentType);
        var problem = Json;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["message"]!);
        Assert.NotEmpty((string)problem["instance"]!);
        Assert.True(DateTimeOffset.TryParse((string)problem["occurred_at"]!, out _));
        if (parameter is not null)
        {
            Assert.Equal(parameter, (string)problem["context"]!["parameter"]!["id"]!);
        }

        return this;
    }

    public Answer Is(HttpStatusCode status)
    {
        Assert.True(Status == status, $"expected {status}, was {Status}: {Body}");
        return this;
    }
}

/// <summary>A token with its secrets in clear.</summary>
public sealed record Made(string Id, string Access, string Refresh)
{
    public static Made From(Answer answer) => new(
        (string)answer.Result["id"]!, (string)answer.Result["primary"]!["access"]!["secret"]!, (string)answer.Result["primary"]!["refresh"]!["secret"]!);
}

[CollectionDefinition("service")]
public sealed class ServiceCollection : ICollectionFixture<Service>;
