using System.Net;
using System.Text;

namespace TokenActors.Gateway.Tests.OAuth;

/// <summary>Resource servers that can only be given a client id and a client secret.</summary>
[Collection("service")]
public sealed class ClientAuthenticationTests(Service service)
{
    private static string Basic(string secret, string id = "resource server") =>
        "Basic " + Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}"));

    private Task<Answer> Introspect(string? authorization, params (string Name, string Value)[] form) =>
        Post("/oauth2/introspect", authorization, form);

    private Task<Answer> Post(string path, string? authorization, params (string Name, string Value)[] form) => service.Send(
        HttpMethod.Post, path, authorization is null ? [] : [("Authorization", authorization)], form.ToDictionary(
            field => field.Name, field => field.Value));

    [Fact]
    public async Task A_bearer_is_taken_as_client_secret_by_both_methods()
    {
        var made = await service.Create();
        Assert.True((bool)(await Introspect(Basic(service.Admin), ("token", made.Access))).Is(HttpStatusCode.OK).Json["active"]!);
        Assert.True((bool)(await Introspect(
            null, ("token", made.Access), ("client_id", "any"), ("client_secret", service.Admin)))
            .Is(HttpStatusCode.OK).Json["active"]!);
        (await Post("/oauth2/revoke", Basic(service.Admin), ("token", made.Access))).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActive(made.Access));
        var self = await service.Create("viewer");
        (await Post("/oauth2/revoke", null, ("token", self.Access), ("client_id", "x"), ("client_secret", self.Access))).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActive(self.Access));
    }

    [Fact]
    public async Task Two_methods_at_once_are_400()
    {
        foreach (var header in new[] { Basic(service.Admin), "Bearer " + service.Admin })
        {
            var answer = (await Introspect(header, ("token", service.Admin), ("client_id", "x"), ("client_secret", service.Admin))).Is(HttpStatusCode.BadRequest);
            Assert.Equal("invalid_request", (string)answer.Json["error"]!);
        }
    }

    [Fact]
    public async Task A_client_that_fails_is_told_how_clients_authenticate()
    {
        string[] headers = [Basic("nonsense"), "Basic ???", "Basic " + Convert.ToBase64String("nocolon"u8), Basic(service.Admin[..^2] + "zz")];
        foreach (var header in headers)
        {
            IsInvalidClient(await Introspect(header, ("token", service.Admin)));
        }

        IsInvalidClient(await Introspect(null, ("token", service.Admin), ("client_id", "x")));
        (await Introspect("Bearer " + service.Admin, ("token", service.Admin), ("client_id", "x"))).Is(HttpStatusCode.OK);
        IsInvalidClient(
            await Introspect(null, ("token", service.Admin), ("client_id", "x"), ("client_secret", "nonsense")));
        Assert.Equal(
            "invalid_token",
            (string)(await Introspect(null, ("token", service.Admin))).Is(HttpStatusCode.Unauthorized).Json["error"]!);
    }

    private static void IsInvalidClient(Answer answer)
    {
        answer.Is(HttpStatusCode.Unauthorized);
        Assert.Equal("invalid_client", (string)answer.Json["error"]!);
        Assert.StartsWith("Basic ", answer.Headers["WWW-Authenticate"]);
    }
}
