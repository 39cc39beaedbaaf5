using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

// OpenIddict with its Entity Framework store, set up as its documentation does: opaque tokens that are rows, rolling refresh tokens, and a
// grant of its own that issues a pair. Whoever holds tokens is a public client, since a secret is derived anew at every request; whoever
// introspects has one. Arguments: port, connection string.
const string mint = "urn:tokenactors:bench:mint";
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.WebHost.UseUrls($"http://127.0.0.1:{args[0]}");
builder.Services.AddDbContextPool<DbContext>(options => options.UseNpgsql(args[1]).UseOpenIddict());
builder.Services.AddOpenIddict()
    .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<DbContext>())
    .AddServer(server =>
    {
        server.SetTokenEndpointUris("/token").SetIntrospectionEndpointUris("/introspect");
        server.AllowCustomFlow(mint).AllowRefreshTokenFlow();
        server.UseReferenceAccessTokens().UseReferenceRefreshTokens();
        server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
        server.UseAspNetCore().EnableTokenEndpointPassthrough().DisableTransportSecurityRequirement();
    });
var app = builder.Build();
await using (var scope = app.Services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<DbContext>().Database.EnsureCreatedAsync();
    var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
    await applications.CreateAsync(new OpenIddictApplicationDescriptor
    {
        ClientId = "holder",
        ClientType = ClientTypes.Public,
        Permissions = { Permissions.Endpoints.Token, Permissions.Prefixes.GrantType + mint, Permissions.GrantTypes.RefreshToken },
    });
    await applications.CreateAsync(new OpenIddictApplicationDescriptor
    {
        ClientId = "bench",
        ClientSecret = "bench",
        Permissions = { Permissions.Endpoints.Introspection },
    });
}

app.UseAuthentication();
app.MapGet("/", () => "ready");
app.MapPost("/token", async (HttpContext context) =>
{
    var request = context.GetOpenIddictServerRequest()!;
    if (request.IsRefreshTokenGrantType())
    {
        var held = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        return Results.SignIn(held.Principal!, null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    var identity = new ClaimsIdentity("bench", Claims.Name, Claims.Role).SetClaim(Claims.Subject, "bench");
    var principal = new ClaimsPrincipal(identity).SetScopes(Scopes.OfflineAccess).SetResources("bench");
    return Results.SignIn(principal, null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
});
await app.RunAsync();
