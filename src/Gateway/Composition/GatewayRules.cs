using Microsoft.Extensions.Options;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Composition;

/// <summary>
/// An embedded gateway opens the database; one in client mode must be told where silos are. What is found by an id has
/// one of its own.
/// </summary>
internal sealed class GatewayRules : IValidateOptions<ServiceOptions>
{
    private const string NoGateways =
        $"{ServiceOptions.Section}:Cluster:Gateways is empty; "
        + "a client needs at least one host:port of a silo's gateway";

    public ValidateOptionsResult Validate(string? name, ServiceOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        if (options.Cluster.Mode == ClusterMode.Embedded)
        {
            result.AddResult(new ServiceRules().Validate(name, options));
        }
        else if (options.Cluster.Gateways.Count == 0)
        {
            result.AddError(NoGateways);
        }

        AddRepeated(result, "Leaks:Keys", "Id", "key", [.. options.Leaks.Keys.Select(key => key.Id)]);
        AddRepeated(
            result, "Cloudflare:Zones", "Zone", "zone", [.. options.Cloudflare.Zones.Select(zone => zone.Zone)]);
        return result.Build();
    }

    private static void AddRepeated(
        ValidateOptionsResultBuilder result, string list, string field, string what, string?[] ids)
    {
        for (var i = 1; i < ids.Length; i++)
        {
            if (ids[i] is { Length: > 0 } id && ids.Take(i).Any(earlier => IsSame(earlier, id)))
            {
                result.AddError($"{ServiceOptions.Section}:{list}:{i}:{field} is '{id}', which another {what} has; they must differ");
            }
        }

        static bool IsSame(string? earlier, string id) =>
            earlier == id || (Guid.TryParse(earlier, out var one) && Guid.TryParse(id, out var other) && one == other);
    }
}
