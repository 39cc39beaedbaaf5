using System.CommandLine;
using k8s;
using k8s.Exceptions;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Profiles;
using TokenActors.Cli.Running;
using YamlDotNet.Core;

namespace TokenActors.Cli.Agent;

/// <summary><c>ta agent</c>.</summary>
internal static class AgentCommands
{
    private static readonly Option<string?> State = new("--state")
    {
        Description = "file with the agent's own state", HelpName = "file",
    };

    private static readonly Option<string?> Out = new("--out")
    {
        Description = "file that the consumer reads", HelpName = "file",
    };

    private static readonly Option<ConsumerFormat> Format = new("--format")
    {
        Description = "of that file: text, env or json", HelpName = "format",
    };

    private static readonly Option<string?> StateSecret = new("--state-secret")
    {
        Description = "Kubernetes Secret with the agent's own state", HelpName = "name",
    };

    private static readonly Option<string?> OutSecret = new("--out-secret")
    {
        Description = "Kubernetes Secret that the consumer reads: access, previous, expires_at", HelpName = "name",
    };

    private static readonly Option<string?> Namespace = new("--namespace")
    {
        Description = "of the Secrets", HelpName = "name",
    };

    private static readonly Option<string?> Seed = new("--seed")
    {
        Description = "file with the pair to begin with: a refresh secret, both on two lines, or JSON", HelpName = "file",
    };

    private static readonly Option<bool> SeedStdin = new("--seed-stdin")
    {
        Description = "the pair to begin with comes from stdin",
    };

    private static readonly Option<string?> OnChange = new("--on-change")
    {
        Description = "run after each change, for five minutes at most", HelpName = "command",
    };

    private static readonly Option<bool> Once = new("--once")
    {
        Description = "end once the credential is fresh and delivered",
    };

    private static readonly TimeSpan LeaseLife = TimeSpan.FromSeconds(15);

    public static Command Of(CommandHost host) => CommandHost.Group(
        "agent", "keeping a credential fresh",
        host.Verb(
            "run", "refresh a credential at two thirds of its life, and hand it to its consumer", Run,
            State, Out, Format, StateSecret, OutSecret, Namespace, Seed, SeedStdin, OnChange, Once));

    private static async Task<ExitCode> Run(Invocation invocation)
    {
        EnsureApart(invocation);
        var (store, consumer, turn) = PlacesOf(invocation) switch
        {
            ({ } state, { } file, null, null) => OfFiles(invocation, state, file),
            (null, null, { } state, { } secret) => OfKubernetes(invocation, state, secret),
            _ => throw CliException.Usage("Say --state and --out, or --state-secret and --out-secret."),
        };
        var seed = ReadSeed(invocation);
        var renewal = new Renewal(Connection.OpenAt(invocation, null, null), store, invocation.Time);
        var agent = new CredentialAgent(invocation, store, renewal, consumer, invocation.Get(OnChange));
        try
        {
            await agent.Look(invocation.Cancellation).ConfigureAwait(false);
            await turn.Hold(
                ending => agent.Run(seed, invocation.Get(Once), ending), invocation.Cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (invocation.Cancellation.IsCancellationRequested
            && !invocation.Get(Once))
        {
            // It runs until it is told to end.
        }

        return ExitCode.Done;
    }

    private static (string? State, string? Out, string? StateSecret, string? OutSecret) PlacesOf(Invocation i) =>
        (i.Get(State), i.Get(Out), i.Get(StateSecret), i.Get(OutSecret));

    /// <summary>
    /// State, credential and seed are three places: in one of them the consumer would read the refresh secret, or the
    /// agent what it wrote for the consumer.
    /// </summary>
    private static void EnsureApart(Invocation i)
    {
        var state = i.Get(State);
        string?[] files = [state, i.Get(Out), i.Get(Seed), state is null ? null : LockOf(state)];
        var places = files.OfType<string>().Select(PrivateFile.PlaceOf).ToList();
        var comparer = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        if (places.Distinct(comparer).Count() < places.Count)
        {
            throw CliException.Usage("--state, its lock, --out and --seed have to be different files.");
        }

        if (i.Get(StateSecret) is { } secret && secret == i.Get(OutSecret))
        {
            throw CliException.Usage("--state-secret and --out-secret have to be different Secrets.");
        }
    }

    private static string LockOf(string state) => state + ".lock";

    private static (ICredentialStore Store, IConsumer Consumer, IAgentLock Turn) OfFiles(
        Invocation invocation, string state, string file) =>
        (new CredentialFile(state, invocation.Terminal.Error) { Advice = "Remove it and give a new seed." },
            new ConsumerFile(file, invocation.Get(Format)), new FileLock(invocation, LockOf(state)));

    private static (ICredentialStore Store, IConsumer Consumer, IAgentLock Turn) OfKubernetes(
        Invocation invocation, string state, string secret)
    {
        var configuration = ConfigurationOfCluster();
        var api = new Kubernetes(configuration);
        var space = invocation.Get(Namespace) ?? configuration.Namespace ?? "default";
        var secrets = new KubernetesSecrets(api.CoreV1, space);
        var leases = new KubernetesLeases(api.CoordinationV1, space);
        return (new SecretStore(secrets, state), new ConsumerSecret(secrets, secret), new LeaseHolder(
            invocation, leases, state, LeaseLife));
    }

    private static KubernetesClientConfiguration ConfigurationOfCluster()
    {
        try
        {
            return KubernetesClientConfiguration.BuildDefaultConfig();
        }
        catch (Exception e) when (e is KubeConfigException or YamlException)
        {
            throw CliException.Usage($"The configuration of the cluster cannot be read: {e.Message}");
        }
    }

    private static StoredCredential? ReadSeed(Invocation invocation) => (invocation.Get(Seed), invocation.Get(SeedStdin)) switch
    {
        ({ } file, false) => Agent.Seed.Read(File.ReadAllText(file)),
        (null, true) => Agent.Seed.Read(invocation.Terminal.Input.ReadToEnd()),
        (null, false) => null,
        _ => throw CliException.Usage("Say --seed or --seed-stdin, not both."),
    };
}
