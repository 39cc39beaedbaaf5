using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>What is posted to endpoints: bodies, ids and signatures as both kinds of webhooks have them.</summary>
public sealed class WebhookFormTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 26, 11, 0, 0, 123, TimeSpan.Zero);

    private static readonly Guid Id = Guid.Parse("019c5d8e-1f0a-7c3b-9d2e-4f5061728394");

    private static readonly OrganizationId Organization = OrganizationId.Parse("01900000-0000-7000-8000-00000000000a");

    private static OutboxEvent Told(string type, string kind, string? resource, string data = """{"id":"x"}""") => new(
        7, Id, Organization.ToString(), Now, type, new RecordKey(kind, Id.ToString()), 3, null, data, resource);

    private static ResourceState State(ResourceContent content) => new()
    {
        Id = Id, OrganizationId = Organization, Name = "acme", FullName = "Acme", Content = content, CreatedAt = Now, UpdatedAt = Now.AddHours(1),
    };

    private static JsonNode? Vendor(OutboxEvent told) => JsonNode.Parse(VendorBodies.Of(told, "msg_1"));

    [Fact]
    public void An_account_is_shown_as_the_management_api_shows_it()
    {
        var state = State(new() { Account = new() { Environment = "prod", Labels = ["a", "b"] } });
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse($$$"""
                {"event":"account_create","nonce":"msg_1","account":{"name":"acme","created_at":"2026-12-26T11:00:00.123Z",
                "updated_at":"2026-12-26T12:00:00.123Z","id":"{{{Id}}}","fullname":"Acme","organization_id":"{{{Organization}}}",
                "environment":"prod","labels":["a","b"]}}
                """),
            Vendor(Told("account.created", Kinds.Account, state.ToJson()))));
    }

    [Fact]
    public void An_integration_is_shown_with_what_it_has_and_no_secret()
    {
        var state = State(new()
        {
            Integration = new()
            {
                AccountId = Id, RefreshTokenId = TokenId.Parse("01900000-0000-7000-8000-000000000001"), Category = "siem", ProviderType = "siem_splunk",
                ProviderConfig = """{"hec_url":"https://h","hec_credential":"s3cret"}""", WebhookConfig = """{"items":[]}""",
            },
        });
        var body = Vendor(Told("integration.updated", Kinds.Integration, state.ToJson()));
        Assert.DoesNotContain("s3cret", body?.ToJsonString(), StringComparison.Ordinal);
        var shown = body?["integration"]?.AsObject() ?? [];
        Assert.Equal(
            ("integration_update", "siem", "Splunk"),
            ((string?)body?["event"], (string?)shown["category"], (string?)shown["provider_fullname"]));
        Assert.Equal(
            [
                "account_id", "category", "created_at", "fullname", "id", "name", "provider_config",
                "provider_fullname", "provider_type",
                "refresh_token_id", "updated_at", "webhook_config",
            ],
            shown.Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_provider_that_is_not_known_any_more_is_named_by_its_type()
    {
        var state = State(new()
        {
            Integration = new()
            {
                AccountId = Id, RefreshTokenId = TokenId.Parse("01900000-0000-7000-8000-000000000001"), Category = "siem", ProviderType = "siem_gone",
                ProviderConfig = "{}", IntegrationPointId = Id, BridgeSelector = """{"labels":["x"]}""", Mappings = "[]", AdditionalMappings = "[1]",
                ScheduledOperations = """[{"operation":"o"}]""",
            },
        });
        var shown = Vendor(Told("integration.created", Kinds.Integration, state.ToJson()))?["integration"];
        Assert.Equal(
            ("siem_gone", Id.ToString()),
            ((string?)shown?["provider_fullname"], (string?)shown?["integration_point_id"]));
        Assert.Equal(
            """[{"labels":["x"]},[],[1],[{"operation":"o"}]]""",
            new JsonArray([.. new[] { "bridge_selector", "mappings", "additional_mappings", "scheduled_operations" }.Select(name => shown?[name]?.DeepClone())])
                .ToJsonString());
    }

    [Theory]
    [InlineData("operation.complete", "operation", """{"event":"operation_complete","operation":{"id":"x"},"nonce":"msg_1"}""")]
    [InlineData("webhook.test", "organization_webhook", """{"event":"webhook.test","nonce":"msg_1"}""")]
    public void What_has_no_resource_is_its_event_and_its_nonce(string type, string kind, string body) =>
        Assert.Equal(body, Vendor(Told(type, kind, null))?.ToJsonString());

    [Fact]
    public void A_thin_body_has_type_time_and_data() => Assert.Equal(
        """{"type":"token.rotated","timestamp":"2026-12-26T11:00:00.123Z","data":{"id":"x"}}""",
        Encoding.UTF8.GetString(WebhookBodies.Thin(Told("token.rotated", Kinds.Token, null))));

    [Fact]
    public void A_delivery_is_named_by_event_and_endpoint_and_names_its_event()
    {
        var (one, other) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        Assert.Equal($"msg_{Id:N}{one[^8..]}", WebhookBodies.IdOf(Id, one));
        Assert.NotEqual(WebhookBodies.IdOf(Id, one), WebhookBodies.IdOf(Id, other));
        Assert.Equal(Id, WebhookBodies.EventOf(WebhookBodies.IdOf(Id, one), one));

        // What another endpoint was sent is no delivery of this one, although both were told the same.
        Assert.Null(WebhookBodies.EventOf(WebhookBodies.IdOf(Id, one), other));
        Assert.Null(WebhookBodies.EventOf(WebhookBodies.IdOf(Id, one)[..36], one));
        Assert.Null(WebhookBodies.EventOf(WebhookBodies.IdOf(Id, one) + "0", one));
        Assert.Null(WebhookBodies.EventOf($"msg_{Id:N}".ToUpperInvariant() + one[^8..], one));
    }

    [Theory]
    [InlineData("")]
    [InlineData("msg_")]
    [InlineData("019c5d8e1f0a7c3b9d2e4f506172839400000000")]
    [InlineData("msg_019c5d8e1f0a7c3b9d2e4f506172839")]
    [InlineData("msg_019c5d8e1f0a7c3b9d2e4f50617283gg00000000")]
    [InlineData("MSG_019c5d8e1f0a7c3b9d2e4f506172839400000000")]
    public void What_is_no_delivery_names_no_event(string id) =>
        Assert.Null(WebhookBodies.EventOf(id, "019c5d8e-1f0a-7c3b-9d2e-4f5000000000"));

    /// <summary>Standard Webhooks 1.0.0: the example of its libraries.</summary>
    [Fact]
    public void Signatures_are_those_of_the_standard_and_one_for_each_secret()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1614265330);
        ProtectedText first = new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), second = WebhookSecret.New();
        var headers = WebhookBodies.Headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, """{"test": 2432232314}"""u8.ToArray(), [first, second])
            .ToDictionary(header => header.Name, header => header.Value);
        Assert.Equal(
            ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"), (headers["webhook-id"], headers["webhook-timestamp"]));
        var signatures = headers["webhook-signature"].Split(' ');
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signatures[0]);
        Assert.Equal(2, signatures.Length);
    }

    /// <summary>RFC 4231, test case 2: the secret as it was given, the body alone.</summary>
    [Fact]
    public void The_vendors_signature_is_of_the_body_alone() => Assert.Equal(
        ("X-Synqly-Signature", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        WebhookBodies.VendorSignature("what do ya want for nothing?"u8.ToArray(), "Jefe"));

    private static Idempotency Call(byte key, byte request = 1) =>
        new() { Key = [key], Request = [request], Sealed = [] };

    [Fact]
    public void A_secret_that_was_replaced_signs_for_a_day_beside_its_successor()
    {
        ProtectedText old = WebhookSecret.New(), next = WebhookSecret.New(), last = WebhookSecret.New();
        var replaced = WebhookSecrets.First(old).Followed(next, null, Now);
        Assert.Equal([next.Reveal(), old.Reveal()], replaced.At(Now.AddHours(23.9)).Select(secret => secret.Reveal()));
        Assert.Equal([next.Reveal()], replaced.At(Now.AddHours(24)).Select(secret => secret.Reveal()));

        // Replaced again, each goes on for its own day.
        var again = replaced.Followed(last, null, Now.AddHours(1));
        Assert.Equal(
            [last.Reveal(), next.Reveal(), old.Reveal()],
            again.At(Now.AddHours(23.9)).Select(secret => secret.Reveal()));
        Assert.Equal([last.Reveal(), next.Reveal()], again.At(Now.AddHours(24)).Select(secret => secret.Reveal()));
        Assert.Equal([last.Reveal()], again.At(Now.AddHours(25)).Select(secret => secret.Reveal()));
    }

    [Fact]
    public void The_same_call_again_puts_no_further_secret_in_use_for_ten_minutes()
    {
        var first = WebhookSecrets.First(WebhookSecret.New());
        var replaced = first.Followed(WebhookSecret.New(), Call(1), Now);
        Assert.Same(replaced, replaced.Followed(WebhookSecret.New(), Call(1), Now.AddMinutes(9.9)));
        Assert.NotSame(replaced, replaced.Followed(WebhookSecret.New(), Call(2), Now.AddMinutes(1)));
        Assert.NotSame(replaced, replaced.Followed(WebhookSecret.New(), null, Now.AddMinutes(1)));
        Assert.NotSame(replaced, replaced.Followed(WebhookSecret.New(), Call(1), Now.AddMinutes(10)));
        Assert.NotSame(first, first.Followed(WebhookSecret.New(), Call(1), Now));
    }

    [Fact]
    public void Secrets_are_stored_and_read_back_and_never_shown()
    {
        var secrets = WebhookSecrets.First(WebhookSecret.New()).Followed(WebhookSecret.New(), Call(1), Now);
        var read = WebhookSecrets.Of(secrets.ToText());
        Assert.Equal(
            (secrets.Current, secrets.Previous, secrets.PreviousUntil, secrets.PutInUseAt),
            (read.Current, read.Previous, read.PreviousUntil, read.PutInUseAt));
        Assert.Equal("(protected)", $"{secrets}");

        // A row of before there were two.
        Assert.Equal("whsec_x", Assert.Single(WebhookSecrets.Of(new ProtectedText("""{"current":"whsec_x"}""")).At(Now)).Reveal());
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => WebhookSecrets.Of(new ProtectedText("null")));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => WebhookSecrets.Of(new ProtectedText("whsec_x")));
    }

    [Fact]
    public void What_was_sent_once_more_is_answered_alike_for_ten_minutes_and_another_request_is_refused()
    {
        var time = new FakeTimeProvider(Now);
        RecentRepeats repeats = new(time);
        DeliveryAnswer answer = new() { Queued = 3, DeliveryId = "msg_1" };
        Assert.Null(repeats.Find(Call(1)));
        repeats.Note(Call(1), answer);
        repeats.Note(null, answer);
        Assert.Same(answer, repeats.Find(Call(1)));
        Assert.Equal(ResourceRefusal.IdempotencyConflict, repeats.Find(Call(1, request: 2))?.Refusal);
        Assert.Null(repeats.Find(Call(2)));
        Assert.Null(repeats.Find(null));
        time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Same(answer, repeats.Find(Call(1)));
        time.Advance(TimeSpan.FromMinutes(0.1));
        Assert.Null(repeats.Find(Call(1)));
    }

    /// <summary>Whoever sends many keys fills no memory; the oldest are forgotten first.</summary>
    [Fact]
    public void No_more_than_a_hundred_are_remembered()
    {
        var time = new FakeTimeProvider(Now);
        RecentRepeats repeats = new(time);
        for (byte key = 0; key < 150; key++)
        {
            repeats.Note(Call(key), new DeliveryAnswer { Queued = key });
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(100, Enumerable.Range(0, 150).Count(key => repeats.Find(Call((byte)key)) is not null));
        Assert.Null(repeats.Find(Call(49)));
        Assert.Equal(50, repeats.Find(Call(50))?.Queued);
    }
}
