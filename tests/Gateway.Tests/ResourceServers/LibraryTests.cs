using System.Net;
using System.Net.Http.Headers;
using Duende.IdentityModel.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using TokenActors.Gateway.Tests.Lifecycle;

namespace TokenActors.Gateway.Tests.ResourceServers;

/// <summary>
/// Libraries for OAuth that were not written for this service protect an application by configuration alone: they
/// introspect as a client, with a token of the service as the client's secret.
/// </summary>
public sealed class LibraryTests(TimedService service) : IClassFixture<TimedService>
{
    [Fact]
    public async Task OpenIddict_lets_in_who_lives_and_nobody_else()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        builder.Services.AddOpenIddict().AddValidation(options =>
        {
            options.SetIssuer(service.Http.BaseAddress!);
            options.SetConfiguration(new OpenIddictConfiguration
            {
                Issuer = service.Http.BaseAddress,
                IntrospectionEndpoint = new Uri(service.Http.BaseAddress!, "/oauth2/introspect"),
                IntrospectionEndpointAuthMethodsSupported = { "client_secret_basic" },
            });
            options.UseIntrospection().SetClientId("resource-server").SetClientSecret(service.Admin);
            options.UseSystemNetHttp();
            options.UseAspNetCore();
        });
        await using var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", () => "in").RequireAuthorization();
        await Holds(app);
    }

    [Fact]
    public async Task Duende_IdentityModel_lets_in_who_lives_and_nobody_else()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/", async (HttpRequest request) =>
        {
            using var question = new TokenIntrospectionRequest
            {
                Address = new Uri(service.Http.BaseAddress!, "/oauth2/introspect").ToString(), ClientId = "resource-server", ClientSecret = service.Admin,
                Token = request.Headers.Authorization.ToString()["Bearer ".Length..],
            };
            var answer = await service.Http.IntrospectTokenAsync(question);
            return answer.IsError || !answer.IsActive ? Results.Unauthorized() : Results.Text("in");
        });
        await Holds(app);
    }

    private async Task Holds(WebApplication app)
    {
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        async Task<HttpStatusCode> Get(string secret)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", secret) } };
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }

        var made = await service.Create("viewer");
        Assert.Equal(HttpStatusCode.OK, await Get(made.Access));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(made.Refresh));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get("nonsense"));
        (await service.Delete($"/v1/tokens/{made.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(made.Access));
        await app.StopAsync();
    }
}
