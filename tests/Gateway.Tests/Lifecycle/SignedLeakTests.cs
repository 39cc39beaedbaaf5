using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>A partner's reports, which are signed and have no bearer.</summary>
public sealed class SignedLeakTests(SignedLeakTests.Partnered service) : IClassFixture<SignedLeakTests.Partnered>
{
    private const string Route = "/lifecycle/v1/leaks";

    public sealed class Partnered : Service
    {
        public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public ECDsa Second { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        protected override string[] Settings =>
        [
            "--TokenActors:Leaks:Keys:0:Id", "one", "--TokenActors:Leaks:Keys:0:Key",
            Key.ExportSubjectPublicKeyInfoPem(),
            "--TokenActors:Leaks:Keys:1:Id", "two",
            "--TokenActors:Leaks:Keys:1:Key", Convert.ToBase64String(Second.ExportSubjectPublicKeyInfo()),
            "--TokenActors:RateLimits:FailuresPerAddress", "0",
        ];
    }

    private sealed class Strict : Service, IAsyncDisposable
    {
        protected override string[] Settings => ["--TokenActors:RateLimits:FailuresPerAddress", "3"];

        async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
    }

    private static string Found(params IEnumerable<string> secrets) => JsonSerializer.Serialize(secrets.Select(
        secret => new { token = secret, type = "tokenactors_token", url = "https://github.example/a/b/blob/c", source = "content" }));

    private static string Sign(ECDsa key, string body) => Convert.ToBase64String(
        key.SignData(Encoding.UTF8.GetBytes(body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    private static Task<Answer> Send(Service service, string body, string? id, string? signature, string? bearer = null)
    {
        List<(string, string)> headers = [];
        void Add(string name, string? value) => headers.AddRange(value is null ? [] : [(name, value)]);
        Add("Github-Public-Key-Identifier", id);
        Add("Github-Public-Key-Signature", signature);
        Add("Authorization", bearer is null ? null : "Bearer " + bearer);
        return service.Send(HttpMethod.Post, Route, headers, body);
    }

    private Task<Answer> Report(string body) => Send(service, body, "one", Sign(service.Key, body));

    [Fact]
    public async Task A_signed_report_revokes_in_the_organizations_of_the_secrets()
    {
        var (_, _, foreign) = await service.NewOrganization();
        var (own, kept) = (await service.Create(), await service.Create());
        var other = Made.From(await service.Post(
            "/v1/tokens", foreign.Access, new { permission_set = "viewer", resources = new { } }));
        var body = Found(own.Access, $"export TOKEN={other.Refresh}", "nothing");
        Assert.Equal("", (await Report(body)).Is(HttpStatusCode.Accepted).Body);
        Assert.False(await service.IsActive(own.Access));
        (await service.Get("/v1/organization", other.Access)).Is(HttpStatusCode.Unauthorized);
        Assert.True(await service.IsActive(kept.Access));
        var rows = (await service.Store.AuditOf(own.Id)).Where(row => row.Event is "token.leaked" or "token.deleted").ToList();
        Assert.Equal(["token.leaked", "token.deleted"], rows.Select(row => row.Event));
        Assert.All(rows, row => Assert.Null(row.ActorTokenId));

        // Whoever sends it once more does nothing by it.
        (await Report(body)).Is(HttpStatusCode.Accepted);
        Assert.Equal(
            2, (await service.Store.AuditOf(own.Id)).Count(row => row.Event is "token.leaked" or "token.deleted"));
    }

    [Fact]
    public async Task The_body_of_who_has_a_bearer_is_taken_too_and_each_key_signs_for_itself()
    {
        var made = await service.Create();
        var body = JsonSerializer.Serialize(new { secrets = new[] { made.Access } });
        Unauthorized(await Send(service, body, "one", Sign(service.Second, body)));
        (await Send(service, body, "two", Sign(service.Second, body))).Is(HttpStatusCode.Accepted);
        Assert.False(await service.IsActive(made.Access));
    }

    [Fact]
    public async Task What_is_not_signed_by_a_known_key_is_401_before_it_is_read()
    {
        var made = await service.Create();
        var body = Found(made.Access);
        var signature = Sign(service.Key, body);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var raw = Convert.ToBase64String(service.Key.SignData(Encoding.UTF8.GetBytes(body), HashAlgorithmName.SHA256));
        foreach (var (text, id, given) in new (string, string?, string?)[]
        {
            (body, "one", Sign(stranger, body)), (body, "three", signature), (body, "one", null), (body, null, signature),
            (body + " ", "one", signature), ("not json", "one", signature), (body, "one", "not base64"),
            (body, "one", ""),
            (body, "one", "AAAA"), (body, "one", raw), (body, "ONE", signature), (body, "one", signature[..^8]),
        })
        {
            Unauthorized(await Send(service, text, id, given));
        }

        Unauthorized(await Send(service, body, "one", signature, bearer: "nonsense"));
        Assert.True(await service.IsActive(made.Access));
    }

    [Theory]
    [InlineData("not json", "")]
    [InlineData("7", "")]
    [InlineData("""[{"token":7}]""", "/0/token")]
    [InlineData("""[{"type":"x"}]""", "/0/token")]
    [InlineData("""[{"token":"x"},"y"]""", "/1")]
    [InlineData("""{"secrets":[]}""", "/secrets")]
    public async Task What_is_wrong_with_a_signed_body_is_400_that_points_to_it(string body, string pointer) =>
        Problem(await Report(body), 400, "invalid-request", pointer);

    [Fact]
    public async Task More_than_a_hundred_are_400_and_none_are_taken()
    {
        (await Report(Found(Enumerable.Repeat("x", 101)))).Is(HttpStatusCode.BadRequest);
        (await Report("[]")).Is(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Where_no_key_is_configured_none_is_known_and_who_guesses_is_429()
    {
        await using var strict = new Strict();
        await strict.InitializeAsync();
        var body = Found("x");
        for (var i = 0; i < 3; i++)
        {
            Unauthorized(await Send(strict, body, "one", Sign(service.Key, body)));
        }

        Problem(await Send(strict, body, "one", Sign(service.Key, body)), 429, "too-many-requests");
    }

    private static void Unauthorized(Answer answer)
    {
        Problem(answer, 401, "unauthorized");
        Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
    }
}
