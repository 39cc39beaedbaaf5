using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using TokenActors.Hosting.Configuration;
using TokenActors.Storage;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>What an operator is told about settings: the path, the value where it is no secret, and the rule.</summary>
public sealed class SettingsTests
{
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string WholeNumber = "it must be a whole number of at least";
    private const string Address = "it must be an IP address";
    private const string HostAndPort = "it must be a host and a port, such as silos:30000";
    private const string Origin = "it must be an origin such as https://app.example.com";
    private const string Unknown = "is not a setting; look for a typing error";

    [Theory]
    [InlineData("Storage:Provider", "Oracle", "it must be one of Sqlite, PostgreSql, SqlServer")]
    [InlineData("Storage:Provider", "1", "it must be one of Sqlite, PostgreSql, SqlServer")]
    [InlineData("Storage:Provider", "", "it must be one of Sqlite, PostgreSql, SqlServer")]
    [InlineData("Cluster:Mode", "Cloud", "it must be one of Embedded, Client")]
    [InlineData("Cluster:ClusterId", " ", "it must have 1 to 100 characters")]
    [InlineData("Cluster:ServiceId", "", "it must have 1 to 100 characters")]
    [InlineData("Cluster:AdvertisedAddress", "silo-0", Address)]
    [InlineData("Cluster:AdvertisedAddress", "", Address)]
    [InlineData("Cluster:SiloPort", "0", $"{WholeNumber} 1")]
    [InlineData("Cluster:SiloPort", "65536", "it must be at most 65535")]
    [InlineData("Cluster:SiloPort", "99999999999", $"{WholeNumber} 1")]
    [InlineData("Cluster:SiloPort", "0x10", $"{WholeNumber} 1")]
    [InlineData("Cluster:GatewayPort", "http", $"{WholeNumber} 1")]
    [InlineData("Cluster:GatewayPort", "70000", "it must be at most 65535")]
    [InlineData("Cluster:Gateways:0", "silos", HostAndPort)]
    [InlineData("Cluster:Gateways:1", "silos:", HostAndPort)]
    [InlineData("Cluster:Gateways:1", ":30000", HostAndPort)]
    [InlineData("Cluster:Gateways:1", "silos:0", HostAndPort)]
    [InlineData("Cluster:Gateways:1", "silos:65536", HostAndPort)]
    [InlineData("Cluster:Gateways:1", "silos:+1", HostAndPort)]
    [InlineData("Cluster:Gateways:1", "si los:30000", HostAndPort)]
    [InlineData("Cluster:Gateways:1", "", HostAndPort)]
    [InlineData("Tokens:RefreshGrace", "-5s", "it is negative")]
    [InlineData("Tokens:RefreshGrace", "60", "it is not a duration; write numbers with the units h, m, s, ms, us or ns, such as 1h30m")]
    [InlineData("Tokens:RefreshGrace", "", "it is empty; write a duration such as 10m, 1h30m or 24h")]
    [InlineData("Tokens:RefreshGrace", "25h", "it must be at most 24h")]
    [InlineData("Webhooks:SweepEvery", "0s", "it must be at least 100ms")]
    [InlineData("Webhooks:Timeout", "0s", "it must be at least 100ms")]
    [InlineData("Webhooks:Timeout", "1h", "it must be at most 5m")]
    [InlineData("Webhooks:DisableAfter", "0s", "it must be at least 1s")]
    [InlineData("Tokens:ReuseDetection", "Ignore", "it must be one of Refuse, Disable")]
    [InlineData("Tokens:ReuseDetection", "Refuse,Disable", "it must be one of Refuse, Disable")]
    [InlineData("Tokens:MostLiveTokens", "-1", $"{WholeNumber} 0")]
    [InlineData("RateLimits:PerToken", "many", $"{WholeNumber} 0")]
    [InlineData("RateLimits:FailuresPerAddress", "1.5", $"{WholeNumber} 0")]
    [InlineData("RateLimits:LogonsPerName", "", $"{WholeNumber} 0")]
    [InlineData("RateLimits:GuessesPerScheme", "-1", $"{WholeNumber} 0")]
    [InlineData("ForwardedHeaders:KnownProxies:0", "proxy", Address)]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "10.0.0.0/33", "it must be a network such as 10.1.0.0/16")]
    [InlineData("Cors:Origins:0", "app.example.com", Origin)]
    [InlineData("Cors:Origins:0", "https://app.example.com/", Origin)]
    [InlineData("Cors:Origins:3", "ftp://app.example.com", Origin)]
    [InlineData("Cluster:Tls:Key", " ", "it must be the path of a file, or be left out for PFX")]
    public void A_value_that_cannot_be_used_is_named_with_its_rule(string key, string value, string rule) =>
        Assert.Contains($"TokenActors:{key} is '{value}'; {rule}", Problems((key, value)));

    [Theory]
    [InlineData("Storage:Conection")]
    [InlineData("Storag:Provider")]
    [InlineData("Storage")]
    [InlineData("Storage:Provider:Name")]
    [InlineData("Cluster:Gateways")]
    [InlineData("Cluster:Gateways:0:Host")]
    [InlineData("Cluster:DeploymentId")]
    [InlineData("Secrets:Peppers:0:Name")]
    [InlineData("Tokens:RefreshGraze")]
    [InlineData("DataDirectory:0")]
    public void A_setting_that_does_not_exist_is_named(string key) =>
        Assert.Contains($"TokenActors:{key} {Unknown}", Problems((key, "x")));

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() => Assert.Equal(
        [
            "TokenActors:Cluster:SiloPort is 'x'; it must be a whole number of at least 1",
            "TokenActors:Nothing:At:All is not a setting; look for a typing error",
            "TokenActors:Storage:Provider is 'Oracle'; it must be one of Sqlite, PostgreSql, SqlServer",
            "TokenActors:Tokens:RefreshGrace is '1 hour'; it is not a duration; write numbers with the units h, m, s, ms, us or ns, such as 1h30m",
            "TokenActors:Storage:ConnectionString (not shown) cannot be read by Sqlite",
        ],
        Problems(
            ("Cluster:SiloPort", "x"), ("Nothing:At:All", "x"), ("Storage:Provider", "Oracle"),
            ("Tokens:RefreshGrace", "1 hour"),
            ("Storage:ConnectionString", "hunter2")));

    [Fact]
    public void Peppers_are_told_apart_by_id_and_their_keys_are_never_shown()
    {
        Assert.Equal(
            ["TokenActors:Secrets:Peppers:0:Key (not shown) must be 32 bytes in base64"],
            Problems(("Secrets:Peppers:0:Id", "p"), ("Secrets:Peppers:0:Key", "hunter2")));
        Assert.Equal(
            ["TokenActors:Secrets:Peppers:0:Id is missing; every pepper needs an id of its own"], Problems(("Secrets:Peppers:0:Key", Key)));
        Assert.Equal(
            ["TokenActors:Secrets:Peppers:0:Key is missing; it must be 32 bytes in base64"], Problems(("Secrets:Peppers:0:Id", "p")));
        Assert.Equal(
            ["TokenActors:Secrets:Peppers:0:Id is ''; it must not be empty; every pepper needs an id of its own"],
            Problems(("Secrets:Peppers:0:Id", ""), ("Secrets:Peppers:0:Key", Key)));
        Assert.Equal(
            ["TokenActors:Secrets:Peppers:1:Id is 'p', which another pepper has; ids must differ"],
            Problems([.. Pepper(0, "p"), .. Pepper(1, "p"), .. Pepper(2, "q")]));
    }

    [Theory]
    [InlineData("PostgreSql", null, "is empty; PostgreSql needs one, such as Host=localhost;Database=tokenactors;Username=tokenactors")]
    [InlineData("SqlServer", "", "is empty; SqlServer needs one, such as Server=localhost;Database=tokenactors;User Id=tokenactors;Password=...")]
    [InlineData("PostgreSql", "Host=x;Colour=blue", "(not shown) cannot be read by PostgreSql")]
    [InlineData("SqlServer", "Host=hunter2", "(not shown) cannot be read by SqlServer")]
    public void A_connection_string_must_be_one_of_the_database(string provider, string? text, string rule) => Assert.Equal(
        [$"TokenActors:Storage:ConnectionString {rule}"], Problems(("Storage:Provider", provider), ("Storage:ConnectionString", text)));

    [Fact]
    public void A_silo_of_a_cluster_needs_a_shared_database_and_peppers()
    {
        Assert.Equal(
            [
                "TokenActors:Storage:Provider is 'Sqlite'; a cluster needs a database that its silos share",
                "TokenActors:Secrets:Peppers is empty; all silos of a cluster need the same pepper (see --help: pepper add)",
            ],
            Check(new SiloRules()).Problems);
        (string, string?)[] database = [("Storage:Provider", "PostgreSql"), ("Storage:ConnectionString", "Host=x")];
        Assert.Empty(Check(new SiloRules(), [.. database, .. Pepper(0, "p")]).Problems);
        Assert.Contains("TokenActors:Tokens:Nothing is not a setting", Assert.Throws<SettingsException>(
            () => SettingsReader.Read(Configuration(("Tokens:Nothing", "1")), new SiloRules())).Message);
    }

    [Fact]
    public void All_settings_are_read_with_words_in_any_letter_case()
    {
        var (options, problems) = Check(
            new ServiceRules(),
            [
                ("dataDirectory", "d"), ("STORAGE:Provider", "postgresql"), ("Storage:ConnectionString", "Host=x"),
                ("Cluster:Mode", "CLIENT"),
                ("Cluster:ClusterId", "c"), ("Cluster:ServiceId", "s"), ("Cluster:AdvertisedAddress", "10.0.0.1"),
                ("Cluster:SiloPort", "1"),
                ("Cluster:GatewayPort", "65535"), ("Cluster:Gateways:0", "silos:30000"),
                ("Cluster:Gateways:1", "[::1]:1"),
                ("Tokens:RefreshGrace", "1m30s"), ("Tokens:ReuseDetection", "disable"), ("Tokens:MostLiveTokens", "7"),
                ("RateLimits:PerToken", "1"), ("RateLimits:FailuresPerAddress", "2"), ("RateLimits:LogonsPerName", "0"),
                ("ForwardedHeaders:KnownProxies:0", "10.0.0.2"), ("ForwardedHeaders:KnownProxies:1", "::1"),
                ("Access:SingleHeader", "h"),
                ("Cors:Origins:0", "http://localhost:3000"), .. Pepper(0, "p"), .. Pepper(1, "q"),
            ]);
        Assert.Empty(problems);
        Assert.Equal(
            ("d", DatabaseProvider.PostgreSql, "Host=x"),
            (options.DataDirectory, options.Storage.Provider, options.Storage.ConnectionString));
        var cluster = options.Cluster;
        Assert.Equal((ClusterMode.Client, "s/c", "10.0.0.1", 1, 65535),
            (cluster.Mode, cluster.DeploymentId, cluster.AdvertisedAddress, cluster.SiloPort, cluster.GatewayPort));
        Assert.Equal([("silos", 30000), ("::1", 1)], cluster.EndPoints.Select(e => (e.Host, e.Port)));
        Assert.Equal(
            ("1m30s", ReuseDetection.Disable, 7),
            (options.Tokens.RefreshGrace, options.Tokens.ReuseDetection, options.Tokens.MostLiveTokens));
        Assert.Equal(
            (1, 2, 0),
            (options.RateLimits.PerToken, options.RateLimits.FailuresPerAddress, options.RateLimits.LogonsPerName));
        Assert.Equal(["10.0.0.2", "::1"], options.ForwardedHeaders.KnownProxies);
        Assert.Equal("h", options.Access.SingleHeader);
        Assert.Equal(["http://localhost:3000"], options.Cors.Origins);
        Assert.Equal(["p", "q"], options.Secrets.Peppers.Select(pepper => pepper.ToPepper().Id));
    }

    [Fact]
    public void Without_settings_the_service_keeps_a_file_in_its_data_directory()
    {
        var (options, problems) = Check(new ServiceRules());
        Assert.Empty(problems);
        Assert.Equal(Path.Combine("data", "tokenactors.db"), StoreFactory.FileOf(options.Storage));
        Assert.Equal(
            ("60s", ReuseDetection.Refuse, 0),
            (options.Tokens.RefreshGrace, options.Tokens.ReuseDetection, options.Tokens.MostLiveTokens));
        Assert.Equal(
            Path.Combine("a;b", "tokenactors.db"),
            StoreFactory.FileOf(Check(new ServiceRules(), ("DataDirectory", "a;b")).Options.Storage));
    }

    private static (string, string?)[] Pepper(int place, string id) =>
        [($"Secrets:Peppers:{place}:Id", id), ($"Secrets:Peppers:{place}:Key", Key)];

    private static IReadOnlyList<string> Problems(params (string Key, string? Value)[] settings) =>
        Check(new ServiceRules(), settings).Problems;

    private static (ServiceOptions Options, IReadOnlyList<string> Problems) Check(
        IValidateOptions<ServiceOptions> rules, params (string Key, string? Value)[] settings) =>
        SettingsReader.Check(Configuration(settings), rules);

    private static IConfiguration Configuration(params (string Key, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"TokenActors:{s.Key}", s.Value)))
        .Build();
}
