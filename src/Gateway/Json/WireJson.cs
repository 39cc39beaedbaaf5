using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Gateway.Accounts;
using TokenActors.Gateway.Audit;
using TokenActors.Gateway.Credentials;
using TokenActors.Gateway.Health;
using TokenActors.Gateway.IntegrationPoints;
using TokenActors.Gateway.Integrations;
using TokenActors.Gateway.Members;
using TokenActors.Gateway.OAuth;
using TokenActors.Gateway.Organizations;
using TokenActors.Gateway.Problems;
using TokenActors.Gateway.ResourceModel;
using TokenActors.Gateway.Roles;
using TokenActors.Gateway.Tokens;

namespace TokenActors.Gateway.Json;

/// <summary>Every shape on the wire, serialized without reflection.</summary>
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Envelope<RefreshTokenWire>))]
[JsonSerializable(typeof(Envelope<IReadOnlyList<RefreshTokenWire>>))]
[JsonSerializable(typeof(Envelope<TokenWire>))]
[JsonSerializable(typeof(Envelope<LogonResult>))]
[JsonSerializable(typeof(Envelope<ChangePasswordResult>))]
[JsonSerializable(typeof(Envelope<OrganizationWire>))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(CreateMcpTokenRequest))]
[JsonSerializable(typeof(CreateIntegrationTokenRequest))]
[JsonSerializable(typeof(CreateSynqlyIntegrationsTokenRequest))]
[JsonSerializable(typeof(LogonRequest))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(Introspection))]
[JsonSerializable(typeof(OAuthError))]
[JsonSerializable(typeof(Health.HealthReport))]
[JsonSerializable(typeof(ListEnvelope<AccountWire>))]
[JsonSerializable(typeof(Envelope<AccountWire>))]
[JsonSerializable(typeof(Envelope<CreatedAccount>))]
[JsonSerializable(typeof(CreateAccountRequest))]
[JsonSerializable(typeof(IReadOnlyList<PatchOperation>))]
[JsonSerializable(typeof(ListEnvelope<CredentialWire>))]
[JsonSerializable(typeof(Envelope<CredentialWire>))]
[JsonSerializable(typeof(CreateCredentialRequest))]
[JsonSerializable(typeof(UpdateCredentialRequest))]
[JsonSerializable(typeof(ListEnvelope<IntegrationWire>))]
[JsonSerializable(typeof(Envelope<IntegrationWire>))]
[JsonSerializable(typeof(Envelope<CreatedIntegration>))]
[JsonSerializable(typeof(UpdatedIntegration))]
[JsonSerializable(typeof(VerifiedIntegration))]
[JsonSerializable(typeof(CreateIntegrationRequest))]
[JsonSerializable(typeof(VerifyIntegrationRequest))]
[JsonSerializable(typeof(Envelope<SynqlyIntegrationsToken>))]
[JsonSerializable(typeof(ListEnvelope<AuditWire>))]
[JsonSerializable(typeof(ListEnvelope<RoleWire>))]
[JsonSerializable(typeof(Envelope<RoleWire>))]
[JsonSerializable(typeof(CreateRoleRequest))]
[JsonSerializable(typeof(ListEnvelope<IntegrationPointWire>))]
[JsonSerializable(typeof(Envelope<IntegrationPointWire>))]
[JsonSerializable(typeof(CreateIntegrationPointRequest))]
[JsonSerializable(typeof(ListEnvelope<PermissionSetWire>))]
[JsonSerializable(typeof(Envelope<PermissionSetWire>))]
[JsonSerializable(typeof(ListEnvelope<MemberWire>))]
[JsonSerializable(typeof(Envelope<MemberWire>))]
[JsonSerializable(typeof(Envelope<CreatedMember>))]
[JsonSerializable(typeof(CreateMemberRequest))]
[JsonSerializable(typeof(ListEnvelope<OrganizationWire>))]
[JsonSerializable(typeof(Envelope<CreatedOrganization>))]
[JsonSerializable(typeof(CreateOrganizationRequest))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Json)])]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>What responses use: as generated, but with characters such as … as they are, since nothing of it is put into HTML.</summary>
    public static WireJson Wire => Relaxed.Context;

    /// <summary>A class of its own, so that it is made after the generated <see cref="Default"/>.</summary>
    private static class Relaxed
    {
        public static readonly WireJson Context =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}

/// <summary>The envelope of answers with content.</summary>
internal sealed record Envelope<T>(T Result);

/// <summary>The envelope of lists; <paramref name="Total"/> is there where it was asked for.</summary>
internal sealed record ListEnvelope<T>(IReadOnlyList<T> Result, long? Total = null);

/// <summary>Times as RFC 3339 in UTC with a <c>Z</c> and up to microseconds.</summary>
internal sealed class Rfc3339Json : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[32];
        value.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
