using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Jobs;
using TokenActors.Grains.Tests.Jobs;
using TokenActors.Hosting;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests;

/// <summary>A silo of this build's runtime on a SQLite file of its own, with faults and a clock to drive.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-grains-").FullName;
    private IHost? _host;

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow()) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    public FaultyStore Store { get; private set; } = null!;

    public IGrainFactory Grains => _host!.Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host!.Services;

    /// <summary>The ring of the next start; empty for the file in the data folder.</summary>
    public IReadOnlyList<(string Id, string Key)> Peppers { get; set; } = [];

    /// <summary>The connection string of a PostgreSQL database; empty for a SQLite file in the data folder.</summary>
    public string PostgreSql { get; init; } = "";

    /// <summary>Services in place of the silo's own.</summary>
    public Action<IServiceCollection>? Replacements { get; init; }

    /// <summary>The SQLite file.</summary>
    public string DatabaseFile => Path.Combine(_folder, "tokenactors.db");

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ends the silo and starts the next on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task StartAsync()
    {
        // What the silo does by itself is no call of the test that started it.
        RequestContext.Clear();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["TokenActors:DataDirectory"] = _folder });
        builder.Configuration.AddInMemoryCollection(Peppers.SelectMany((pepper, i) => new Dictionary<string, string?>
        {
            [$"TokenActors:Secrets:Peppers:{i}:Id"] = pepper.Id, [$"TokenActors:Secrets:Peppers:{i}:Key"] = pepper.Key,
        }));
        if (PostgreSql.Length > 0)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["TokenActors:Storage:Provider"] = "PostgreSql", ["TokenActors:Storage:ConnectionString"] = PostgreSql,
            });
        }

        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var options = SettingsReader.Read(builder.Configuration, new ServiceRules());
        await builder.AddEmbeddedSilo(options, Clock);
        builder.Services.AddSingleton(services => Store = new FaultyStore(services.GetRequiredService<RecordStore>()) { MeetsOwnCalls = true });
        builder.Services.AddSingleton<IRecordStore>(services => services.GetRequiredService<FaultyStore>());
        builder.Services.AddSingleton(new JobSettings(TimeSpan.FromSeconds(1)));
        builder.Services.AddSingleton<EndedExecutions>();
        builder.Services.AddSingleton<IExecutionListener>(services => services.GetRequiredService<EndedExecutions>());
        Replacements?.Invoke(builder.Services);
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task StopAsync()
    {
        await _host!.StopAsync();
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
    }

    public IRefreshTokenGrain Token(TokenId id) => Grains.GetGrain<IRefreshTokenGrain>(id.ToString());

    public IOrganizationGrain Organization(OrganizationId id) => Grains.GetGrain<IOrganizationGrain>(id.ToString());

    public static CallContext Command(Caller? caller = null, Guid? id = null) =>
        new() { CommandId = id ?? Guid.NewGuid(), Caller = caller };

    /// <summary>A fresh organization with one member of the given roles.</summary>
    public Task<(OrganizationId Organization, MemberId Member)> NewOrganization(params string[] roles) =>
        NewOrganization(null, roles);

    /// <summary>The same below another, so that it can be deleted.</summary>
    public async Task<(OrganizationId Organization, MemberId Member)> NewOrganization(
        OrganizationId? parent, params string[] roles)
    {
        var organization = new OrganizationId(Guid.NewGuid());
        var member = new MemberId(Guid.NewGuid());
        await Organization(organization).CreateOrganization(new CreateOrganization
        {
            Context = Command(), Type = OrganizationType.Standard, Name = $"o{organization.Value:N}", FullName = "Test",
            ParentId = parent,
            RefreshTokenId = new TokenId(Guid.NewGuid()),
        });
        await Organization(organization).FinishFounding(Command());
        await NewMember(organization, member, "someone", roles.Length > 0 ? roles : [BuiltinRoles.Administrator]);
        return (organization, member);
    }

    public async Task NewMember(OrganizationId organization, MemberId member, string name, params string[] roles) =>
        Assert.NotNull(await Grains.GetGrain<IMemberGrain>(member.ToString()).Create(new CreateMember
        {
            Context = Command(),
            OrganizationId = organization,
            Name = name,
            RoleBinding = [.. roles],
            Password = new DerivedPassword { Salt = new byte[16], Iterations = 1, Derived = new Secret("derived").Fingerprint() },
        }));

    /// <summary>A token with a grant of its own, made by the operator's code or by a caller.</summary>
    public async Task<TestToken> NewToken(
        OrganizationId organization, MemberId member, string permissionSet = PermissionSets.Administrator,
        Resources? resources = null,
        Caller? caller = null, TokenProfile? profile = null, string? ttl = null, string? name = null,
        TokenId? id = null,
        TokenBelonging belongsTo = TokenBelonging.Parent)
    {
        profile ??= TokenProfile.Organization;
        id ??= SecretMint.NewTokenId(Clock);
        var pair = SecretMint.Mint(profile, id.Value);
        var answer = await Token(id.Value).Issue(new IssueToken
        {
            Context = Command(caller),
            Profile = profile.Name,
            OrganizationId = organization,
            MemberId = member,
            PermissionSet = permissionSet,
            Resources = resources ?? caller?.Grant.Clauses[0].Resources ?? Resources.All,
            Ttl = ttl,
            Name = name,
            BelongsTo = belongsTo,
            Secrets = pair.ToMinted(),
        });
        return new TestToken(id.Value, pair, answer);
    }

    /// <summary>A fresh organization with an administrator's token.</summary>
    public async Task<TestToken> NewToken(string? ttl = null, TokenProfile? profile = null)
    {
        var (organization, member) = await NewOrganization();
        var token = await NewToken(organization, member, ttl: ttl, profile: profile);
        Assert.Null(token.Answer.Refusal);
        return token;
    }

    public async Task<Verification> Verify(TokenId id, Secret secret, bool refreshToo = false) =>
        await Token(id).Verify(new VerifyToken { Presented = secret.Fingerprint(), RefreshToo = refreshToo });

    public async Task<bool> Accepts(TokenId id, Secret secret) =>
        (await Verify(id, secret, refreshToo: true)).Refusal is null;

    public async Task<Caller> CallerOf(TestToken token) => (await Verify(token.Id, token.Pair.Access)).Caller!;

    /// <summary>A refresh with its next pair; the answer's pair is that or the one it was given again.</summary>
    public async Task<(TokenAnswer Answer, SecretPair? Pair)> Refresh(
        TokenId id, Secret presented, Guid? commandId = null)
    {
        var next = SecretMint.Mint(TokenProfile.Organization, id);
        var answer = await Token(id).Refresh(new RefreshToken
        {
            Context = Command(id: commandId),
            Presented = presented.Fingerprint(),
            Secrets = next.ToMinted(),
            Sealed = SecretMint.SealForHolder(next, presented, id),
        });
        return (answer, answer.Refusal is not null ? null
            : answer.Secrets == AnswerSecrets.SealedForHolder ? SecretMint.OpenForHolder(answer.Sealed!, presented, id)
            : next);
    }

    public static RenewToken Renewal(SecretPair pair, Caller? caller = null, Guid? id = null, DateTimeOffset? deadline = null) =>
        new() { Context = Command(caller, id), Secrets = pair.ToMinted(), Deadline = deadline };

    public static ChangeToken Change(Caller? caller = null, Guid? id = null) => new() { Context = Command(caller, id) };

    /// <summary>Delivers the reminder as the runtime does.</summary>
    public Task Tick(TokenId id) => Token(id).AsReference<IRemindable>().ReceiveReminder("expiry", default);
}

/// <summary>A token with its first pair in clear.</summary>
public sealed record TestToken(TokenId Id, SecretPair Pair, TokenAnswer Answer);

[CollectionDefinition("silo")]
public sealed class SiloCollection : ICollectionFixture<SiloFixture>;
