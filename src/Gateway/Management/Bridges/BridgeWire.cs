using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Time;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Bridges;

/// <summary>Body of create.</summary>
internal sealed record CreateBridgeRequest(
    string? Name, string? Fullname, string? Description, IReadOnlyList<string>? Labels);

/// <summary><c>CreateBridgeResponseResult</c>.</summary>
internal sealed record CreatedBridge(BridgeWire Bridge, string Credential)
{
    public override string ToString() => $"bridge {Bridge.Name} with its credential";
}

/// <summary><c>BridgeGroup</c>.</summary>
internal sealed record BridgeWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string Fullname { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public static BridgeWire From(Resource resource)
    {
        var content = ResourceFields.Of(resource.Content.Bridge);
        return new()
        {
            Name = resource.Name,
            CreatedAt = resource.CreatedAt,
            UpdatedAt = resource.UpdatedAt,
            Id = resource.Id.ToString(),
            Fullname = resource.FullName,
            Description = content.Description,
            Labels = content.Labels,
        };
    }
}

/// <summary><c>BridgeLocalConfig</c>.</summary>
internal sealed record BridgeLocalConfigWire(string Version, IReadOnlyList<string> AllowAddresses, JsonObject? Vault);

/// <summary><c>BridgeLocalStats</c>.</summary>
internal sealed record BridgeLocalStatsWire(long Requests, long Failures, long InBytes, long OutBytes);

/// <summary><c>BridgeStatus</c>: one agent.</summary>
internal sealed record BridgeStatusWire(
    DateTimeOffset CurrentTime, string ResponseDuration, BridgeLocalConfigWire LocalConfig, BridgeLocalStatsWire LocalStats)
{
    public static BridgeStatusWire From(AgentStatus agent)
    {
        var report = agent.Report;
        return new(
            agent.At,
            report.ResponseDuration ?? "0s",
            new(report.Version, report.AllowAddresses, report.Vault is { } vault ? JsonNode.Parse(vault) as JsonObject : null),
            new(report.Requests, report.Failures, report.InBytes, report.OutBytes));
    }
}

/// <summary>Body of an agent's report: what the status shows of it, and which agent it is.</summary>
internal sealed record AgentReportRequest(
    string InstanceId, string? ResponseDuration, BridgeLocalConfigWire LocalConfig, BridgeLocalStatsWire? LocalStats)
    : IRequestBody<AgentReportRequest>
{
    private const int LongestId = 128;

    public static AgentReportRequest? Read(JsonFields fields)
    {
        var id = fields.Text("instance_id", required: true, LongestId);
        if (id is { Length: 0 })
        {
            fields.Reject("instance_id", "must not be empty");
        }

        var duration = fields.Text("response_duration");
        if (duration is not null && !GoDuration.TryParse(duration, out _, out var problem))
        {
            fields.Reject("response_duration", problem);
        }

        var config = fields.Object("local_config", required: true) is { } local ? ReadConfig(local) : null;
        var stats = fields.Object("local_stats") is { } counts ? ReadStats(counts) : null;
        fields.RefuseUnknown();
        return id is null || config is null ? null : new(id, duration, config, stats);
    }

    public AgentReport ToReport() => new()
    {
        AgentId = InstanceId,
        Version = LocalConfig.Version,
        AllowAddresses = [.. LocalConfig.AllowAddresses],
        Vault = LocalConfig.Vault?.ToJsonString(JsonSerializerOptions.Default),
        Requests = LocalStats?.Requests ?? 0,
        Failures = LocalStats?.Failures ?? 0,
        InBytes = LocalStats?.InBytes ?? 0,
        OutBytes = LocalStats?.OutBytes ?? 0,
        ResponseDuration = ResponseDuration,
    };

    private static BridgeLocalConfigWire? ReadConfig(JsonFields fields)
    {
        var version = fields.Text("version", required: true);
        var addresses = fields.Texts("allow_addresses", required: true, allowEmpty: true);
        var vault = fields.Any("vault");
        if (vault is { } given && !IsOfTexts(given))
        {
            fields.Reject("vault", "must be an object of strings");
        }

        fields.RefuseUnknown();
        return version is null || addresses is null
            ? null
            : new(version, addresses, vault is { ValueKind: JsonValueKind.Object } texts ? JsonObject.Create(texts) : null);
    }

    private static bool IsOfTexts(JsonElement vault) =>
        vault.ValueKind == JsonValueKind.Object
        && vault.EnumerateObject().All(
            field => field.Value.ValueKind == JsonValueKind.String && RequestError.TextOf(field.Value) is not null);

    private static BridgeLocalStatsWire ReadStats(JsonFields fields)
    {
        BridgeLocalStatsWire stats = new(
            Count(fields, "requests"), Count(fields, "failures"), Count(fields, "in_bytes"), Count(fields, "out_bytes"));
        fields.RefuseUnknown();
        return stats;
    }

    private static long Count(JsonFields fields, string name)
    {
        var count = fields.Number(name) ?? 0;
        if (count < 0)
        {
            fields.Reject(name, "must not be negative");
        }

        return count;
    }
}
