using System.Text.Json;
using System.Text.Json.Serialization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// The JSON in which organizations and members are stored. Property names are part of the stored form: add, never
/// rename.
/// </summary>
[JsonSerializable(typeof(OrganizationState))]
[JsonSerializable(typeof(MemberState))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(OrganizationIdJson), typeof(MemberIdJson), typeof(TokenIdJson)])]
internal sealed partial class IdentityJson : JsonSerializerContext;

internal sealed class OrganizationIdJson : JsonConverter<OrganizationId>
{
    public override OrganizationId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, OrganizationId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

internal sealed class MemberIdJson : JsonConverter<MemberId>
{
    public override MemberId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, MemberId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

internal sealed class TokenIdJson : JsonConverter<TokenId>
{
    public override TokenId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, TokenId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
