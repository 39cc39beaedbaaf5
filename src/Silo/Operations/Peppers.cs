using System.Globalization;
using System.Security.Cryptography;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting;
using TokenActors.Hosting.Bootstrapping;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;
using TokenActors.Storage.Secrets;

namespace TokenActors.Silo.Operations;

/// <summary>
/// Makes and retires peppers. A pepper is kept in the silos' settings; the database has only its check value.
/// </summary>
internal static class Peppers
{
    private const int IdBytes = 4;

    /// <summary>The year that stands for no end.</summary>
    private const int Forever = 9999;

    /// <summary>
    /// Writes the settings of a new pepper, the last of the ring, as environment variables. A ring that is the file of
    /// a single process is written with it: settings take the file's place.
    /// </summary>
    public static Task Add(ServiceOptions options, string path, bool dryRun)
    {
        var inFile = options.Secrets.Peppers.Count == 0 ? PepperFile.Find(options.DataDirectory) : null;
        var place = options.Secrets.Peppers.Count + (inFile is null ? 0 : 1);
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
        PrivateFile.Write(
            path, (inFile is null ? "" : Setting(0, inFile.Id, Convert.ToBase64String(inFile.Key))) + Setting(place, id, key));
        Console.WriteLine(
            $"Wrote pepper {id} to {path}{(inFile is null ? "" : $", behind {inFile.Id} of the data directory, which is in use")}. "
            + "Keep a copy apart from the database's backups: without it no secret can be verified.");
        return Task.CompletedTask;
    }

    /// <summary>Says of every pepper that the database knows who uses it, and for how long that can last.</summary>
    public static async Task List(ServiceOptions options)
    {
        await using var store = await OperatorStore.Open(options);
        var ring = RingOf(options);
        foreach (var known in await store.Peppers.Known())
        {
            Console.WriteLine($"Pepper {known.Id}: {PlaceOf(known, ring)}");
            foreach (var use in known.Uses)
            {
                Write($"  {use.Kind}: {use.Count} records, {EndOf(use)}");
            }

            Write($"  links of the audit trail: {known.Links}");
            Write($"  imported keys: {known.ImportedKeys}");
        }
    }

    /// <summary>
    /// Seals the pepper's key under the pepper in use, and leaves it in the database. Credentials move to the pepper in
    /// use before. With <paramref name="force"/> the key is forgotten.
    /// </summary>
    public static async Task Retire(
        ServiceOptions options, string id, bool force, bool dryRun, CancellationToken stopping)
    {
        if (RingOf(options) is [var current, ..] && current == id)
        {
            throw new InvalidOperationException(
                $"Pepper '{id}' is the first of the ring: new secrets are stored under it. Put another first.");
        }

        await using var store = await OperatorStore.Open(options);
        var peppers = await store.Peppers.Known();
        var pepper = peppers.FirstOrDefault(known => known.Id == id)
            ?? throw new InvalidOperationException($"The database knows no pepper '{id}'.");
        if (force)
        {
            await Forget(store, pepper, peppers, dryRun);
            return;
        }

        if (pepper is { Uses.Count: 0, Links: 0, ImportedKeys: 0, KeptUnder: null })
        {
            Console.WriteLine(
                $"Nothing is stored under pepper '{id}'. Put it first where it is to be used; where it is not, take it out of the silos' settings, and --force forgets it.");
            return;
        }

        var ring = EmbeddedSilo.Peppers(options, mayCreate: false);
        if ((await ring.Check(store.Peppers)).Contains(ring.Current.Id))
        {
            throw new InvalidOperationException(
                $"The ring's first pepper '{ring.Current.Id}' is not known to the database. Start the silos with it first.");
        }

        if (dryRun)
        {
            Console.WriteLine($"Would keep pepper {id} in the database, sealed under {ring.Current.Id}.");
            return;
        }

        var moved = await CredentialSweep.Run(options, store, id, stopping);
        await ring.Keep(store.Peppers, id);
        Write($"Moved {moved} credentials and secrets of webhooks to pepper {ring.Current.Id}.");
        Console.WriteLine(
            $"Pepper {id} is retired: the database keeps its key, sealed under {ring.Current.Id}, for the digests that are "
            + "left. Take it out of the silos' settings, and roll them.");
    }

    private static string Setting(int place, string id, string key) => string.Create(
        CultureInfo.InvariantCulture,
        $"TokenActors__Secrets__Peppers__{place}__Id={id}\nTokenActors__Secrets__Peppers__{place}__Key={key}\n");

    /// <summary>The ids of the ring, the one in use first: those of the settings, else that of the data directory's
    /// file.</summary>
    private static List<string> RingOf(ServiceOptions options)
    {
        if (options.Secrets.Peppers.Count > 0)
        {
            return [.. options.Secrets.Peppers.Select(pepper => pepper.Id)];
        }

        return PepperFile.Find(options.DataDirectory) is { } only ? [only.Id] : [];
    }

    /// <summary>Says what is lost with a pepper, and lets the database forget it.</summary>
    private static async Task Forget(
        RecordStore store, KnownPepper pepper, IReadOnlyList<KnownPepper> all, bool dryRun)
    {
        if (all.FirstOrDefault(other => other.KeptUnder == pepper.Id) is { Id: var kept })
        {
            throw new InvalidOperationException(
                $"The key of the retired pepper '{kept}' is sealed under '{pepper.Id}'. "
                + $"Retire '{pepper.Id}' without --force first, or '{kept}' with it.");
        }

        if (!dryRun)
        {
            await store.Peppers.Forget(pepper.Id);
        }

        Console.WriteLine($"Pepper {pepper.Id} {(dryRun ? "would be" : "is")} forgotten. For good lost:");
        foreach (var use in pepper.Uses)
        {
            Write($"  {LostOf(use)}");
        }

        Write($"  verification of {pepper.Links} links of the audit trail");
        Write($"  {pepper.ImportedKeys} entries of imported keys: those that were not shown since are found no more");
        Console.WriteLine("Take it out of the silos' settings, and roll them.");
    }

    private static string PlaceOf(KnownPepper pepper, List<string> ring) => pepper switch
    {
        _ when ring.IndexOf(pepper.Id) == 0 => "in use",
        { KeptUnder: { } under } => $"retired; its key is kept here, sealed under {under}",
        _ when ring.Contains(pepper.Id) => "in the ring",
        _ => "not in the ring of this command",
    };

    /// <summary>For how long records of a kind can stay under a pepper.</summary>
    private static string EndOf(PepperUse use) => use switch
    {
        { Kind: Kinds.Credential or Kinds.Webhook or Kinds.EventEndpoint } => "until 'pepper retire' moves them",
        { LastEnd: { Year: < Forever } end, Endless: 0 } =>
            string.Create(CultureInfo.InvariantCulture, $"until they are shown or end, the last at {end:u}"),
        _ => "until they are shown: some do not end by themselves",
    };

    private static string LostOf(PepperUse use) => use.Kind switch
    {
        Kinds.Token => $"{use.Count} tokens refuse secrets that were not shown since, refresh halves above all",
        Kinds.Credential => $"{use.Count} credentials cannot be opened: their providers' secrets must be entered again",
        Kinds.Webhook or Kinds.EventEndpoint =>
            $"{use.Count} webhooks of kind {use.Kind} are sent nothing, until their secret is rotated",
        Kinds.CookieKeys => "whoever is signed in at the console has to sign in again",
        Kinds.Member => $"{use.Count} members cannot log on, until their password is reset",
        _ => $"{use.Count} records of kind {use.Kind}",
    };

    private static void Write(FormattableString line) =>
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
