using Microsoft.Extensions.Options;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Composition;

/// <summary>An embedded gateway opens the database; one in client mode must be told where silos are.</summary>
internal sealed class GatewayRules : IValidateOptions<ServiceOptions>
{
    private const string NoGateways =
        $"{ServiceOptions.Section}:Cluster:Gateways is empty; "
        + "a client needs at least one host:port of a silo's gateway";

    public ValidateOptionsResult Validate(string? name, ServiceOptions options)
    {
        if (options.Cluster.Mode == ClusterMode.Embedded)
        {
            return new ServiceRules().Validate(name, options);
        }

        return options.Cluster.Gateways.Count == 0
            ? ValidateOptionsResult.Fail(NoGateways)
            : ValidateOptionsResult.Success;
    }
}
