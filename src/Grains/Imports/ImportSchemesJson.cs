using System.Text.Json.Serialization;
using TokenActors.Domain.Imports;
using TokenActors.Grains.Foundation;

namespace TokenActors.Grains.Imports;

/// <summary>How the schemes of an organization are stored.</summary>
[JsonSerializable(typeof(ImportSchemes))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(OrganizationIdJson)])]
internal sealed partial class ImportSchemesJson : JsonSerializerContext;
