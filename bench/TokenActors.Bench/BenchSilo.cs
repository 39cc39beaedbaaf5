using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Hosting;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;
using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>A silo in this process, with an organization of its own.</summary>
internal sealed class BenchSilo(IHost host, string folder) : IAsyncDisposable
{
    private static bool _warm;

    private readonly ILocalTokenVerifier _reads = host.Services.GetRequiredService<ILocalTokenVerifier>();
    private MemberId _member;

    public IGrainFactory Grains { get; } = host.Services.GetRequiredService<IGrainFactory>();

    public OrganizationId Organization { get; private set; }

    /// <summary>What a token of it asks its organization at every verification.</summary>
    public OwnerStatusQuery OwnerQuery => new() { MemberId = _member };

    public static async Task<BenchSilo> Start(DatabaseProvider provider, string connectionString)
    {
        var folder = Path.Combine(Path.GetTempPath(), "tokenactors-bench-data");
        Directory.CreateDirectory(folder);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["TokenActors:DataDirectory"] = folder,
            ["TokenActors:Storage:Provider"] = provider.ToString(),
            ["TokenActors:Storage:ConnectionString"] = connectionString,
            ["TokenActors:Secrets:Peppers:0:Id"] = "bench",
            ["TokenActors:Secrets:Peppers:0:Key"] = Convert.ToBase64String(new byte[32]),
        });
        await builder.AddEmbeddedSilo(SettingsReader.Read(builder.Configuration, new ServiceRules()), TimeProvider.System);
        var host = builder.Build();
        await host.StartAsync();
        var made = new BenchSilo(host, folder);
        var root = await made.Grains.GetGrain<ICatalogGrain>("0").FindOrganization(null, OrganizationType.Root);
        made.Organization = root!.Id;
        made._member = (await made.Grains.GetGrain<IRefreshTokenGrain>(root.RefreshTokenId.ToString()).Get(root.Id)).Token!.MemberId;
        return made;
    }

    /// <summary>A silo on a new PostgreSQL database with so many stored tokens, none of them in memory.</summary>
    /// <returns>the silo, the database, and the token that the others are copies of: its access secret is theirs too</returns>
    public static async Task<(BenchSilo Silo, string Database, (TokenId Id, Secret Access) First)> StartFilled(int rows)
    {
        var database = PostgreSqlServer.NewDatabase();
        (TokenId Id, Secret Access) first;
        await using (var maker = await Start(DatabaseProvider.PostgreSql, database))
        {
            var (id, pair) = await maker.Issue();
            first = (id, pair.Access);
        }

        await Fill.With(database, first.Id.ToString(), rows);
        return (await Start(DatabaseProvider.PostgreSql, database), database, first);
    }

    /// <summary>How long a load is to run before it is measured: the first of the process until what is hot is compiled.</summary>
    public TimeSpan WarmUp()
    {
        var time = TimeSpan.FromSeconds(_warm ? 2 : 12);
        _warm = true;
        return time;
    }

    public async Task<(TokenId Id, SecretPair Pair)> Issue()
    {
        var id = SecretMint.NewTokenId(TimeProvider.System);
        var pair = SecretMint.Mint(TokenProfile.Organization, id);
        var answer = await Grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(new IssueToken
        {
            Context = new CallContext { CommandId = Guid.CreateVersion7() },
            Profile = TokenProfile.Organization.Name,
            OrganizationId = Organization,
            MemberId = _member,
            FullName = "first",
            PermissionSet = PermissionSets.Viewer,
            Resources = Resources.All,
            Secrets = pair.ToMinted(),
        });
        return answer.Refusal is null ? (id, pair) : throw new InvalidOperationException(answer.Refusal.ToString());
    }

    public async Task Verify((TokenId Id, Secret Access) token)
    {
        var verification = await Grains.GetGrain<IRefreshTokenGrain>(token.Id.ToString()).Verify(new VerifyToken { Presented = token.Access.Fingerprint() });
        if (verification.Refusal is { } refusal)
        {
            throw new InvalidOperationException(refusal.ToString());
        }
    }

    /// <summary>Without a message; null where the grain has something to note.</summary>
    public Verification? Glance(TokenId id, Secret access) => _reads.TryVerify(id, new VerifyToken { Presented = access.Fingerprint() });

    /// <summary>The first time in a while, as a gateway asks about a token that is not in memory.</summary>
    public async Task VerifyCold((TokenId Id, Secret Access) token)
    {
        var query = new VerifyToken { Presented = token.Access.Fingerprint() };
        if (await _reads.VerifyStored(token.Id, query, CancellationToken.None) is { Refusal: null })
        {
            return;
        }

        throw new InvalidOperationException($"{token.Id} is not verified from its row");
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
