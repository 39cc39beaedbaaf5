using System.Globalization;
using System.Security.Cryptography;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage.Secrets;

namespace TokenActors.Silo.Operations;

/// <summary>
/// Makes and retires peppers. A pepper is kept in the silos' settings; the database has only its check value.
/// </summary>
internal static class Peppers
{
    private const int IdBytes = 4;

    /// <summary>
    /// Writes the settings of a new pepper, the last of the configured ring, as environment variables.
    /// </summary>
    public static Task Add(ServiceOptions options, string path, bool dryRun)
    {
        var place = options.Secrets.Peppers.Count;
        if (dryRun)
        {
            Console.WriteLine($"Would write a new pepper to {path}, as number {place} of the ring.");
            return Task.CompletedTask;
        }

        if (File.Exists(path))
        {
            throw new InvalidOperationException($"{path} is there already; a pepper is never overwritten.");
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Pepper.KeyBytes));
        PrivateFile.Write(path, string.Create(
            CultureInfo.InvariantCulture,
            $"TokenActors__Secrets__Peppers__{place}__Id={id}\nTokenActors__Secrets__Peppers__{place}__Key={key}\n"));
        Console.WriteLine(
            $"Wrote pepper {id} to {path}. "
            + "Keep a copy apart from the database's backups: without it no secret can be verified.");
        return Task.CompletedTask;
    }

    public static async Task Retire(ServiceOptions options, string id, bool force, bool dryRun)
    {
        if (options.Secrets.Peppers is [{ } current, ..] && current.Id == id)
        {
            throw new InvalidOperationException(
                $"Pepper '{id}' is the first of the ring: new secrets are stored under it. Put another first.");
        }

        await using var store = await OperatorStore.Open(options);
        var users = await store.CountUsers(id);
        if (users > 0 && !force)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{users} records still hold secrets under pepper '{id}'. "
                + $"They move when they are next used; --force refuses them from now on."));
        }

        if (!dryRun && !await store.ForgetPepper(id))
        {
            throw new InvalidOperationException($"The database knows no pepper '{id}'.");
        }

        var outcome = dryRun ? "would be" : "is";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Pepper {id} {outcome} retired: {users} records under it. Take it out of the silos' settings."));
    }
}
