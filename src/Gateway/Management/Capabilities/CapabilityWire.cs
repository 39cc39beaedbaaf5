using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Integrations;

namespace TokenActors.Gateway.Management.Capabilities;

/// <summary><c>ConnectorRelease</c> and <c>ProviderRelease</c>.</summary>
internal sealed record ReleaseWire(string Availability, IReadOnlyList<string>? Environments = null)
{
    private const string Available = "generally-available";

    public static readonly ReleaseWire OfConnector = new(Available);

    /// <summary>A mock has nothing behind it, so that it is for tests alone.</summary>
    public static ReleaseWire Of(Provider provider) => new(Available, provider.IsMock ? ["test"] : ["prod", "test"]);
}

/// <summary><c>Connector</c>: a category of providers.</summary>
internal sealed record ConnectorWire
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Fullname { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> ProviderIds { get; init; }

    /// <summary>Only where it is asked for.</summary>
    public IReadOnlyList<ProviderWire>? Providers { get; init; }

    /// <summary>The old name of the id.</summary>
    public required string Connector { get; init; }

    public required ReleaseWire Release { get; init; }

    public static ConnectorWire Of(string category, bool withProviders)
    {
        var providers = ProviderCatalog.All.Where(provider => provider.Category == category)
            .OrderBy(provider => provider.Type, StringComparer.Ordinal).ToList();
        var title = ProviderCatalog.Title(category);
        return new ConnectorWire
        {
            Id = category,
            Name = category,
            Fullname = title,
            Description = $"Connects to {providers.Count} providers of the category {title}.",
            ProviderIds = [.. providers.Select(provider => provider.Type)],
            Providers = withProviders ? [.. providers.Select(ProviderWire.Of)] : null,
            Connector = category,
            Release = ReleaseWire.OfConnector,
        };
    }

    /// <summary>The connector within a provider, where its id can stand too.</summary>
    public static JsonNode? NodeOf(string category) =>
        JsonSerializer.SerializeToNode(Of(category, withProviders: false), CapabilityJson.Wire.ConnectorWire);
}

/// <summary><c>ProviderCapabilities</c>.</summary>
internal sealed record ProviderWire
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Fullname { get; init; }

    public required string Vendor { get; init; }

    public required string Description { get; init; }

    public required string ConnectorId { get; init; }

    /// <summary>Only where they are asked for.</summary>
    public IReadOnlyList<ProviderOperationWire>? Operations { get; init; }

    /// <summary>Only where it is asked for: the JSON schema of a configuration.</summary>
    public JsonObject? ProviderConfig { get; init; }

    public required ReleaseWire Release { get; init; }

    /// <summary>The id, or the connector where that is asked for.</summary>
    public JsonNode? Connector { get; init; }

    public static ProviderWire Of(Provider provider) => new()
    {
        Id = provider.Type,
        Name = provider.Type,
        Fullname = provider.FullName,
        Vendor = provider.FullName.Split(' ')[0],
        Description = $"{provider.FullName}, as a provider of the category {ProviderCatalog.Title(provider.Category)}.",
        ConnectorId = provider.Category,
        Release = ReleaseWire.Of(provider),
    };
}

/// <summary>
/// <c>ProviderOperations</c>: what the connector can be asked to do. How a provider answers is its connector's to say,
/// and is not known here.
/// </summary>
internal sealed record ProviderOperationWire
{
    private static readonly string[] Changing = ["create", "update", "patch", "post", "upload", "execute", "remediate"];

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Fullname { get; init; }

    public required bool Supported { get; init; }

    /// <summary>Only where it is asked for.</summary>
    public RequestBodyWire? RequestBody { get; init; }

    public static IReadOnlyList<ProviderOperationWire> Of(Provider provider, bool withBodies) =>
    [
        .. ConnectorOperations.Of(provider.Category).Select(id =>
        {
            var name = id[(provider.Category.Length + 1)..];
            return new ProviderOperationWire
            {
                Id = id,
                Name = name,
                Fullname = ProviderCatalog.Title(name),
                Supported = true,
                RequestBody = withBodies ? new RequestBodyWire(Changing.Contains(name.Split('_')[0])) : null,
            };
        }),
    ];
}

/// <summary><c>RequestBody</c>.</summary>
internal sealed record RequestBodyWire(bool Required);
