using System.Security.Cryptography;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using TokenActors.Gateway.OAuth;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Storage.Secrets;

if (args is not ([] or ["--out", _]))
{
    await Console.Error.WriteLineAsync("bench.sh --micro [--out FOLDER]");
    return 1;
}

var output = args is ["--out", var folder] ? folder : Path.Combine(Path.GetTempPath(), "tokenactors-micro");

// In this process: BenchmarkDotNet's own would build a project beside this one, which knows nothing of how ours are built.
BenchmarkRunner.Run<SmallParts>(
    ManualConfig.CreateEmpty()
        .WithArtifactsPath(output)
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub, JsonExporter.Brief));
return 0;

/// <summary>The small parts of introspection and refresh, beside one SHA-256 of a secret: what is least to be done for each request.</summary>
public class SmallParts
{
    private static readonly TokenId Id = SecretMint.NewTokenId(TimeProvider.System);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PepperRing _ring = new([new Pepper("bench", new byte[Pepper.KeyBytes])]);
    private readonly SecretPair _pair = SecretMint.Mint(TokenProfile.Organization, Id);
    private readonly byte[] _secretBytes;
    private readonly string _text;
    private readonly SecretFingerprint _fingerprint;
    private readonly SecretDigest _digest;
    private readonly Grant _grant;
    private readonly ResourceTarget _target = new(Guid.NewGuid().ToString(), ["eu"], new AccountTarget(Guid.NewGuid().ToString(), ["a", "b"], "prod"));
    private readonly TokenState _state;
    private readonly TokenCommand.Refresh _refresh;
    private readonly Introspection _introspection;

    public SmallParts()
    {
        _text = _pair.Access.Reveal();
        _secretBytes = System.Text.Encoding.UTF8.GetBytes(_text);
        _fingerprint = _pair.Access.Fingerprint();
        _digest = _ring.Digest(_fingerprint);
        var viewer = PermissionSets.ActionsOf(PermissionSets.Viewer);
        _grant = new Grant(
        [
            new GrantClause(viewer, Resources.All with { AccountLabels = Selection.Of(["c", "d"]) }),
            new GrantClause(viewer, Resources.All with { AccountLabels = Selection.Of(["a"]) }),
        ]);
        var organization = new OrganizationId(Guid.NewGuid());
        var issued = TokenMachine.Decide(
            null,
            new TokenCommand.Issue(
                new TokenSpec
                {
                    Id = Id,
                    OrganizationId = organization,
                    MemberId = new MemberId(Guid.NewGuid()),
                    OwnerType = TokenOwnerType.Organization,
                    OwnerId = organization.ToString(),
                    Profile = TokenProfile.Organization,
                    Binding = new GrantBinding.Adhoc(PermissionSets.Viewer, Resources.All),
                    Ttl = GoDuration.Of("24h"),
                },
                Minted(_pair)),
            TokenRules.Standard,
            Now);
        _state = ((Decision.Changed)issued).Next;
        var refresh = _ring.Compare(_pair.Refresh!.Fingerprint());
        _refresh = new TokenCommand.Refresh(Presented.Find(_state, refresh.Matches), Minted(SecretMint.Mint(TokenProfile.Organization, Id)), new byte[200]);
        _introspection = new Introspection { Active = true, Scope = "read", Sub = Id.ToString(), Exp = Now.ToUnixTimeSeconds(), Iat = Now.ToUnixTimeSeconds() };
    }

    [Benchmark(Baseline = true, Description = "SHA-256 of a secret")]
    public byte[] Sha256() => SHA256.HashData(_secretBytes);

    [Benchmark(Description = "parse a secret and check its checksum")]
    public bool Parse() => SecretFormat.TryParse(_text, out _);

    [Benchmark(Description = "fingerprint of a secret")]
    public SecretFingerprint Fingerprint() => _pair.Access.Fingerprint();

    [Benchmark(Description = "keyed digest, compared with a stored one")]
    public bool Digest() => _ring.Matches(_fingerprint, _digest);

    [Benchmark(Description = "mint a pair")]
    public SecretPair Mint() => SecretMint.Mint(TokenProfile.Organization, Id);

    [Benchmark(Description = "seal a pair for its holder")]
    public byte[] Seal() => SecretMint.SealForHolder(_pair, _pair.Refresh!, Id);

    [Benchmark(Description = "whether a grant of two clauses covers a target")]
    public bool Covers() => _grant.Covers("accounts:get", _target);

    [Benchmark(Description = "transition of the machine: refresh")]
    public Decision Transition() => TokenMachine.Decide(_state, _refresh, TokenRules.Standard, Now);

    [Benchmark(Description = "JSON of an introspection")]
    public byte[] Json() => JsonSerializer.SerializeToUtf8Bytes(_introspection, OAuthJson.Wire.Introspection);

    private MintedPair Minted(SecretPair pair) => new(
        new MintedCredential(_ring.Digest(pair.Access.Fingerprint()), pair.Access.LastFour),
        new MintedCredential(_ring.Digest(pair.Refresh!.Fingerprint()), pair.Refresh.LastFour));
}
