using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TokenActors.WebConsole.Tests;

/// <summary>What the console costs the APIs beside it.</summary>
public sealed class ApiRequestTests : IAsyncLifetime
{
    private readonly Watched _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_request_of_an_api_is_not_looked_at_for_a_session()
    {
        Assert.True(await _service.IsActive(_service.Admin));
        (await _service.Get("/v1/tokens", _service.Admin)).Is(HttpStatusCode.OK);
        Assert.NotEmpty(_service.Looks);
        Assert.All(_service.Looks, look => Assert.False(look.IsAuthenticated, look.Path));
    }

    private sealed class Watched : Service, IStartupFilter
    {
        public ConcurrentBag<(string Path, bool IsAuthenticated)> Looks { get; } = [];

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext http, RequestDelegate rest) =>
            {
                await rest(http);
                Looks.Add((http.Request.Path, http.Features.Get<IAuthenticationFeature>() is not null));
            });
            next(app);
        };

        protected override void Configure(IServiceCollection services) => services.AddSingleton<IStartupFilter>(this);
    }
}
