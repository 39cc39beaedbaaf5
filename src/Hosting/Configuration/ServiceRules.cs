using Microsoft.Extensions.Options;
using TokenActors.Storage;

namespace TokenActors.Hosting.Configuration;

/// <summary>For a program that opens the service's database.</summary>
public sealed class ServiceRules : IValidateOptions<ServiceOptions>
{
    internal const string Peppers = $"{ServiceOptions.Section}:Secrets:Peppers";

    public ValidateOptionsResult Validate(string? name, ServiceOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        foreach (var problem in options.Storage.Problems())
        {
            result.AddError(problem);
        }

        var peppers = options.Secrets.Peppers;
        for (var i = 1; i < peppers.Count; i++)
        {
            if (peppers[i].Id is { Length: > 0 } id && peppers.Take(i).Any(earlier => earlier.Id == id))
            {
                result.AddError($"{Peppers}:{i}:Id is '{id}', which another pepper has; ids must differ");
            }
        }

        return result.Build();
    }
}

/// <summary>What a silo of a cluster needs beyond a single process.</summary>
internal sealed class SiloRules : IValidateOptions<ServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceOptions options)
    {
        ValidateOptionsResultBuilder result = new();
        result.AddResult(new ServiceRules().Validate(name, options));
        if (options.Storage.Provider == DatabaseProvider.Sqlite)
        {
            result.AddError(
                $"{StorageOptions.Section}:Provider is '{options.Storage.Provider}'; "
                + "a cluster needs a database that its silos share");
        }

        if (options.Secrets.Peppers.Count == 0)
        {
            result.AddError(
                $"{ServiceRules.Peppers} is empty; "
                + "all silos of a cluster need the same pepper (see --help: pepper add)");
        }

        return result.Build();
    }
}
