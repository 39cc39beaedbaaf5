using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TokenActors.Client.Audit;
using TokenActors.Client.Http;
using TokenActors.Client.Imports;
using TokenActors.Client.Intents;
using TokenActors.Client.Jobs;
using TokenActors.Client.Policies;
using TokenActors.Client.Resources;
using TokenActors.Client.Session;
using TokenActors.Client.Tokens;
using TokenActors.Client.Webhooks;

namespace TokenActors.Client;

/// <summary>An answer of the Management API.</summary>
internal sealed record Envelope<T>(T Result) : IAnswer
{
    bool IAnswer.IsWhole => Result is not (null or IAnswer { IsWhole: false });
}

/// <summary>A page of the Management API.</summary>
internal sealed record ListEnvelope<T>(IReadOnlyList<T> Result) : IAnswer
{
    bool IAnswer.IsWhole => Result?.All(item => item is not (null or IAnswer { IsWhole: false })) == true;
}

/// <summary>A page of the Lifecycle API.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor) : IAnswer
{
    bool IAnswer.IsWhole => Items?.All(item => item is not (null or IAnswer { IsWhole: false })) == true;
}

/// <summary>The shapes of both APIs, read and written without reflection.</summary>
[JsonSerializable(typeof(Preview))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonArray))]
[JsonSerializable(typeof(Token))]
[JsonSerializable(typeof(Page<Token>))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(RotateBody))]
[JsonSerializable(typeof(RevokeBody))]
[JsonSerializable(typeof(IntrospectBody))]
[JsonSerializable(typeof(Page<Introspection>))]
[JsonSerializable(typeof(LeakBody))]
[JsonSerializable(typeof(RevokedData))]
[JsonSerializable(typeof(HeartbeatData))]
[JsonSerializable(typeof(TokenUsage))]
[JsonSerializable(typeof(Overview))]
[JsonSerializable(typeof(CanAnswer))]
[JsonSerializable(typeof(Intent))]
[JsonSerializable(typeof(IntentBody))]
[JsonSerializable(typeof(Import))]
[JsonSerializable(typeof(ImportPlan))]
[JsonSerializable(typeof(Page<ImportResult>))]
[JsonSerializable(typeof(ImportScheme))]
[JsonSerializable(typeof(NewImportScheme))]
[JsonSerializable(typeof(Page<ImportScheme>))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(AuditRow))]
[JsonSerializable(typeof(Page<AuditRow>))]
[JsonSerializable(typeof(Policy))]
[JsonSerializable(typeof(Page<Breach>))]
[JsonSerializable(typeof(Page<Webhook>))]
[JsonSerializable(typeof(NewWebhook))]
[JsonSerializable(typeof(RotatedWebhookSecret))]
[JsonSerializable(typeof(Page<Delivery>))]
[JsonSerializable(typeof(QueuedDeliveries))]
[JsonSerializable(typeof(RedeliverBody))]
[JsonSerializable(typeof(ReplayBody))]
[JsonSerializable(typeof(LogOnBody))]
[JsonSerializable(typeof(Envelope<LogOn>))]
[JsonSerializable(typeof(Envelope<RenewedToken>))]
[JsonSerializable(typeof(ChangePasswordBody))]
[JsonSerializable(typeof(Envelope<PasswordChange>))]
[JsonSerializable(typeof(Envelope<Organization>))]
[JsonSerializable(typeof(ListEnvelope<Organization>))]
[JsonSerializable(typeof(ListEnvelope<PermissionSet>))]
[JsonSerializable(typeof(Envelope<Account>))]
[JsonSerializable(typeof(ListEnvelope<Account>))]
[JsonSerializable(typeof(Envelope<CreatedAccount>))]
[JsonSerializable(typeof(NewAccount))]
[JsonSerializable(typeof(Envelope<Member>))]
[JsonSerializable(typeof(ListEnvelope<Member>))]
[JsonSerializable(typeof(Envelope<CreatedMember>))]
[JsonSerializable(typeof(NewMember))]
[JsonSerializable(typeof(Envelope<Role>))]
[JsonSerializable(typeof(ListEnvelope<Role>))]
[JsonSerializable(typeof(NewRole))]
[JsonSerializable(typeof(Envelope<Integration>))]
[JsonSerializable(typeof(ListEnvelope<Integration>))]
[JsonSerializable(typeof(Envelope<CreatedIntegration>))]
[JsonSerializable(typeof(NewIntegration))]
[JsonSerializable(typeof(Envelope<Credential>))]
[JsonSerializable(typeof(ListEnvelope<Credential>))]
[JsonSerializable(typeof(NewCredential))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ClientJson : JsonSerializerContext;
