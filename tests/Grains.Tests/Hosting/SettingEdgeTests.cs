using TokenActors.Hosting.Configuration;
using TokenActors.Storage;
using static TokenActors.Grains.Tests.Hosting.CheckedSettings;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>The last value that is taken and the first that is not; sections and lists in a wrong form.</summary>
public sealed class SettingEdgeTests
{
    private const string Key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string Organization = "0195f3c2-5c0b-7a7f-8f2e-0242ac120002";

    [Theory]
    [InlineData("Cluster:SiloPort", "65535")]
    [InlineData("Cluster:GatewayPort", "1")]
    [InlineData("Cluster:Gateways:0", "silos.example:65535")]
    [InlineData("Cluster:Gateways:0", "[2001:db8::1]:30000")]
    [InlineData("Cluster:AdvertisedAddress", "2001:db8::1")]
    [InlineData("Tokens:RefreshGrace", "24h")]
    [InlineData("Tokens:RefreshGrace", "0s")]
    [InlineData("Tokens:ChildLife", "PARENT")]
    [InlineData("Tokens:MostLiveTokens", "2147483647")]
    [InlineData("RateLimits:GuessesPerScheme", "0")]
    [InlineData("Webhooks:Timeout", "100ms")]
    [InlineData("Webhooks:Timeout", "5m")]
    [InlineData("Webhooks:DisableAfter", "1s")]
    [InlineData("Webhooks:SweepEvery", "1h")]
    [InlineData("Webhooks:AllowedNetworks:0", "fd00::/8")]
    [InlineData("Webhooks:AllowedNetworks:0", "10.1.2.3/32")]
    [InlineData("ForwardedHeaders:KnownNetworks:0", "0.0.0.0/0")]
    [InlineData("Access:Organization", "0195f3c25c0b7a7f8f2e0242ac120002")]
    [InlineData("Cors:Origins:0", "https://app.example.com:8443")]
    [InlineData("Usage:Enabled", "FALSE")]
    public void The_last_value_that_a_rule_allows_is_taken(string key, string value) =>
        Assert.Empty(Problems((key, value)));

    [Theory]
    [InlineData("Cluster:Gateways:0", "silos:65536", "a host and a port")]
    [InlineData("Cluster:Gateways:0", "silos:30000 ", "a host and a port")]
    [InlineData("Cluster:Gateways:0", "::1", "a host and a port")]
    [InlineData("Cluster:SiloPort", "1.0", "a whole number of at least 1")]
    [InlineData("Cluster:SiloPort", "1,000", "a whole number of at least 1")]
    [InlineData("Tokens:RefreshGrace", "24h1s", "at most 24h")]
    [InlineData("Tokens:ChildLife", "Longer", "one of Own, Parent")]
    [InlineData("Tokens:ChildLife", "0", "one of Own, Parent")]
    [InlineData("Webhooks:Timeout", "99ms", "at least 100ms")]
    [InlineData("Webhooks:Timeout", "5m1ms", "at most 5m")]
    [InlineData("Webhooks:DisableAfter", "999ms", "at least 1s")]
    [InlineData("Webhooks:SweepEvery", "1h1s", "at most 1h")]
    [InlineData("Webhooks:AllowedNetworks:0", "10.1.0.0", "a network such as 10.1.0.0/16")]
    [InlineData("ForwardedHeaders:KnownProxies:0", "10.0.0.0/8", "an IP address")]
    [InlineData("Cors:Origins:0", "https://APP.example.com", "an origin such as https://app.example.com")]
    [InlineData("Cors:Origins:0", "https://app.example.com:443", "an origin such as https://app.example.com")]
    [InlineData("Cors:Origins:0", "https://u:p@app.example.com", "an origin such as https://app.example.com")]
    [InlineData("Cors:Origins:0", "*", "an origin such as https://app.example.com")]
    [InlineData("Cors:Origins:0", "null", "an origin such as https://app.example.com")]
    [InlineData("Usage:Enabled", "yes", "true or false")]
    [InlineData("Usage:Enabled", "0", "true or false")]
    public void The_first_value_that_a_rule_forbids_is_named_with_the_rule(string key, string value, string rule) =>
        Assert.StartsWith(
            $"TokenActors:{key} is '{value}'; it must be {rule}", Assert.Single(Problems((key, value))),
            StringComparison.Ordinal);

    [Fact]
    public void A_name_has_at_most_100_characters()
    {
        Assert.Empty(Problems(("Cluster:ServiceId", new string('s', 100))));
        Assert.Contains(
            "it must have 1 to 100 characters", Assert.Single(Problems(("Cluster:ServiceId", new string('s', 101)))));
    }

    /// <summary>A value where a group of settings belongs is a typing error, and no program falls over it.</summary>
    [Theory]
    [InlineData("Secrets:Peppers:0")]
    [InlineData("Leaks:Keys:0")]
    [InlineData("Cloudflare:Zones:0")]
    [InlineData("Cluster:Tls")]
    [InlineData("Secrets:Peppers")]
    [InlineData("Webhooks")]
    public void A_value_in_place_of_a_section_is_named_and_read_as_nothing(string key) =>
        Assert.Contains($"TokenActors:{key} is not a setting; look for a typing error", Problems((key, "x")));

    /// <summary>An empty variable of the environment stands for a list of nothing.</summary>
    [Theory]
    [InlineData("Cluster:Gateways")]
    [InlineData("Cors:Origins")]
    [InlineData("Webhooks:Delays")]
    [InlineData("Secrets:Peppers")]
    [InlineData("Cloudflare:Zones")]
    public void An_empty_list_is_a_list_of_nothing(string key)
    {
        var (options, problems) = Check((key, ""));
        Assert.Empty(problems);
        Assert.Empty(options.Cluster.Gateways);
        Assert.Empty(options.Secrets.Peppers);
        Assert.Equal(10, options.Webhooks.ToDelivery().Delays.Count);
    }

    [Theory]
    [InlineData("Zone", "Organization is missing; a zone stands for an organization")]
    [InlineData("Organization", "Zone is missing; a zone has an id of 32 hexadecimal digits")]
    public void Half_a_zone_is_named_by_what_it_lacks(string given, string problem) => Assert.Equal(
        [$"TokenActors:Cloudflare:Zones:0:{problem}"], Problems(($"Cloudflare:Zones:0:{given}", Organization)));

    [Fact]
    public void What_is_wrong_with_one_of_several_is_named_by_its_place()
    {
        Assert.Equal(
            [$"TokenActors:Cloudflare:Zones:1:Zone is 'z'; it must be an id such as {Organization}"],
            Problems(
                ("Cloudflare:Zones:0:Zone", Organization), ("Cloudflare:Zones:0:Organization", Organization),
                ("Cloudflare:Zones:1:Zone", "z"), ("Cloudflare:Zones:1:Organization", Organization)));
        Assert.Equal(
            ["TokenActors:Secrets:Peppers:2:Id is 'a', which another pepper has; ids must differ"],
            Problems([.. "aba".Select((id, i) => ($"Secrets:Peppers:{i}:Id", $"{id}")), .. Keys(3)]));
    }

    /// <summary>Ids are compared as they are stored with every secret: letter by letter.</summary>
    [Fact]
    public void Ids_of_peppers_differ_by_the_case_of_their_letters() => Assert.Empty(
        Problems([("Secrets:Peppers:0:Id", "a"), ("Secrets:Peppers:1:Id", "A"), .. Keys(2)]));

    /// <summary>A value that cannot be used leaves its default, so that all the others can be read.</summary>
    [Fact]
    public void Beside_a_value_that_cannot_be_used_the_others_are_read()
    {
        var (options, problems) = Check(
            ("Cluster:SiloPort", "x"), ("Cluster:GatewayPort", "7"), ("Tokens:ChildLife", "x"),
            ("Usage:Enabled", "x"), ("Storage:Provider", "x"), ("Tokens:MostLiveTokens", "9"));
        Assert.Equal(4, problems.Count);
        Assert.Equal((11111, 7), (options.Cluster.SiloPort, options.Cluster.GatewayPort));
        Assert.Equal((ChildLife.Own, 9), (options.Tokens.ChildLife, options.Tokens.MostLiveTokens));
        Assert.Equal((true, DatabaseProvider.Sqlite), (options.Usage.Enabled, options.Storage.Provider));
    }

    /// <summary>No property is left behind that nobody can set.</summary>
    [Fact]
    public void Every_setting_can_be_set_and_is_bound_to_its_property()
    {
        var flags = Leaves(typeof(ServiceOptions), "").Where(leaf => leaf.Type == typeof(bool)).ToList();
        Assert.NotEmpty(flags);
        foreach (var (path, _) in flags)
        {
            Assert.NotEqual(Value(Check((path, "true")).Options, path), Value(Check((path, "false")).Options, path));
        }

        var numbers = Leaves(typeof(ServiceOptions), "").Where(leaf => leaf.Type == typeof(int)).ToList();
        Assert.NotEmpty(numbers);
        Assert.All(numbers, leaf => Assert.Equal(4_711, Value(Check((leaf.Path, "4711")).Options, leaf.Path)));
        Assert.All(numbers, leaf => Assert.Single(Problems((leaf.Path, "-1"))));
    }

    private static IEnumerable<(string Path, Type Type)> Leaves(Type type, string above) => type.GetProperties()
        .Where(property => property.CanWrite)
        .SelectMany(property => property.PropertyType is { IsClass: true } section && IsOurs(section)
            ? Leaves(section, $"{above}{property.Name}:")
            : [(above + property.Name, property.PropertyType)]);

    private static bool IsOurs(Type type) =>
        type.Namespace?.StartsWith("TokenActors", StringComparison.Ordinal) == true;

    private static object? Value(object options, string path) => path.Split(':').Aggregate(
        (object?)options, (holder, name) => holder?.GetType().GetProperty(name)?.GetValue(holder));

    private static (string Key, string? Value)[] Keys(int count) =>
        [.. Enumerable.Range(0, count).Select(i => ($"Secrets:Peppers:{i}:Key", (string?)Key))];
}
