using System.Net;

namespace TokenActors.Gateway.Tests.OAuth;

public sealed class MetadataTests
{
    private sealed class Known : Service
    {
        protected override string[] Settings => ["--TokenActors:Issuer", "https://tokens.example.com"];
    }

    [Fact]
    public async Task A_service_that_is_known_by_a_url_says_what_it_offers()
    {
        var service = new Known();
        await service.InitializeAsync();
        try
        {
            var server = (await service.Get("/.well-known/oauth-authorization-server", null)).Is(HttpStatusCode.OK).Json;
            Assert.Equal("https://tokens.example.com", (string)server["issuer"]!);
            Assert.Equal("https://tokens.example.com/oauth2/introspect", (string)server["introspection_endpoint"]!);
            Assert.Equal("https://tokens.example.com/oauth2/revoke", (string)server["revocation_endpoint"]!);
            Assert.Equal("""["client_secret_basic","client_secret_post"]""", server["introspection_endpoint_auth_methods_supported"]!.ToJsonString());
            Assert.Equal("[]", server["grant_types_supported"]!.ToJsonString());
            Assert.Equal("[]", server["response_types_supported"]!.ToJsonString());
            var whole = (await service.Get("/.well-known/oauth-protected-resource", null)).Is(HttpStatusCode.OK).Json;
            Assert.Equal("https://tokens.example.com", (string)whole["resource"]!);
            Assert.Equal("""["https://tokens.example.com"]""", whole["authorization_servers"]!.ToJsonString());
            Assert.Equal("""["header"]""", whole["bearer_methods_supported"]!.ToJsonString());
            var resource = (await service.Get("/.well-known/oauth-protected-resource/v1", null)).Is(HttpStatusCode.OK).Json;
            Assert.Equal("https://tokens.example.com/v1", (string)resource["resource"]!);
            Assert.Equal("""["https://tokens.example.com"]""", resource["authorization_servers"]!.ToJsonString());
            var lifecycle = (await service.Get("/.well-known/oauth-protected-resource/lifecycle/v1", null)).Is(HttpStatusCode.OK).Json;
            Assert.Equal("https://tokens.example.com/lifecycle/v1", (string)lifecycle["resource"]!);
            Assert.Equal(
                "https://tokens.example.com",
                (string)(await service.Introspect(service.Admin, service.Admin)).Json["iss"]!);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }
}
