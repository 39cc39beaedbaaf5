using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>Keys of partners, issuers, times and addresses of webhooks: what an operator is told about them.</summary>
public sealed class MoreSettingsTests
{
    private const string PublicKey = "must be a public key of the curve P-256, as PEM or its SubjectPublicKeyInfo in base64";

    private static (ServiceOptions Options, IReadOnlyList<string> Problems) Check(params (string Key, string? Value)[] settings) =>
        SettingsReader.Check(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"TokenActors:{s.Key}", s.Value))).Build(),
            new ServiceRules());

    public static TheoryData<string, string> WrongKeys
    {
        get
        {
            using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            using var rsa = RSA.Create(2048);
            return new()
            {
                { "nothing", "" },
                { "no base64", "not a key" },
                { "other bytes", Convert.ToBase64String(RandomNumberGenerator.GetBytes(91)) },
                { "another curve", p384.ExportSubjectPublicKeyInfoPem() },
                { "another kind", rsa.ExportSubjectPublicKeyInfoPem() },
                { "the private key", p256.ExportPkcs8PrivateKeyPem() },
                { "the private key in base64", Convert.ToBase64String(p256.ExportPkcs8PrivateKey()) },
                { "a cut key", Convert.ToBase64String(p256.ExportSubjectPublicKeyInfo()[..60]) },
            };
        }
    }

    /// <summary>Whatever was given may be the private key, so that it is not shown.</summary>
    [Theory]
    [MemberData(nameof(WrongKeys))]
    public void A_partners_key_that_is_none_is_refused_and_not_shown(string what, string key)
    {
        var problem = Assert.Single(Check(("Leaks:Keys:0:Id", "p"), ("Leaks:Keys:0:Key", key)).Problems);
        Assert.StartsWith("TokenActors:Leaks:Keys:0:Key ", problem, StringComparison.Ordinal);
        Assert.Contains(PublicKey, problem, StringComparison.Ordinal);
        Assert.True(key.Length == 0 || !problem.Contains(key, StringComparison.Ordinal), what);
    }

    [Fact]
    public void A_partners_key_is_taken_in_both_forms()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var bytes = key.ExportSubjectPublicKeyInfo();
        var (options, problems) = Check(
            ("Leaks:Keys:0:Id", "pem"), ("Leaks:Keys:0:Key", key.ExportSubjectPublicKeyInfoPem()),
            ("Leaks:Keys:1:Id", "der"), ("Leaks:Keys:1:Key", Convert.ToBase64String(bytes)));
        Assert.Empty(problems);
        Assert.All(options.Leaks.Keys, one => Assert.Equal(bytes, one.ToPublicKey()));
        Assert.Equal(["pem", "der"], options.Leaks.Keys.Select(one => one.Id));
    }

    [Fact]
    public void Every_key_of_a_partner_has_an_id()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportSubjectPublicKeyInfoPem();
        Assert.Equal(
            ["TokenActors:Leaks:Keys:0:Id is missing; every key needs an id of its own"],
            Check(("Leaks:Keys:0:Key", pem)).Problems);
        Assert.Contains(
            "TokenActors:Leaks:Keys:0:Id is ''",
            Assert.Single(Check(("Leaks:Keys:0:Id", ""), ("Leaks:Keys:0:Key", pem)).Problems));
        Assert.Contains("Leaks:Keys:0:Key is missing", Assert.Single(Check(("Leaks:Keys:0:Id", "p")).Problems));
    }

    /// <summary>RFC 8414 2: a URL without query and fragment.</summary>
    [Theory]
    [InlineData("https://tokens.example.com", true)]
    [InlineData("https://tokens.example.com:8443", true)]
    [InlineData("https://example.com/tokens", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("https://tokens.example.com/", false)]
    [InlineData("https://tokens.example.com/a/", false)]
    [InlineData("https://tokens.example.com?a=b", false)]
    [InlineData("https://tokens.example.com#a", false)]
    [InlineData("https://user@tokens.example.com", false)]
    [InlineData("tokens.example.com", false)]
    [InlineData("ftp://tokens.example.com", false)]
    [InlineData("/tokens", false)]
    [InlineData("", false)]
    public void An_issuer_is_a_url_and_nothing_behind_it(string issuer, bool good)
    {
        var problems = Check(("Issuer", issuer)).Problems;
        Assert.Equal(
            good ? [] : [$"TokenActors:Issuer is '{issuer}'; it must be a URL such as https://tokens.example.com, without a query or a slash at its end"],
            problems);
    }

    [Theory]
    [InlineData("Webhooks:Delays:0", "soon", "TokenActors:Webhooks:Delays:0 is 'soon'; it is not a duration")]
    [InlineData("Webhooks:Delays:1", "-1s", "TokenActors:Webhooks:Delays:1 is '-1s'; it is negative")]
    [InlineData("Webhooks:SweepEvery", "2h", "TokenActors:Webhooks:SweepEvery is '2h'; it must be at most 1h")]
    [InlineData("Webhooks:AllowedNetworks:0", "10.0.0.0/33", "TokenActors:Webhooks:AllowedNetworks:0 is '10.0.0.0/33'; it must be a network such as 10.1.0.0/16")]
    [InlineData("Webhooks:AllowedNetworks:2", "internal", "TokenActors:Webhooks:AllowedNetworks:2 is 'internal'; it must be a network such as 10.1.0.0/16")]
    [InlineData("Webhooks:AllowHttp", "maybe", "TokenActors:Webhooks:AllowHttp is 'maybe'; it must be true or false")]
    [InlineData("Webhooks:AllowHttp", "1", "TokenActors:Webhooks:AllowHttp is '1'; it must be true or false")]
    [InlineData("Console:Enabled", "", "TokenActors:Console:Enabled is ''; it must be true or false")]
    [InlineData("Mcp:Enabled", "on", "TokenActors:Mcp:Enabled is 'on'; it must be true or false")]
    [InlineData("Webhooks:Retries", "3", "TokenActors:Webhooks:Retries is not a setting; look for a typing error")]
    [InlineData("Access:Organization", "acme", "TokenActors:Access:Organization is 'acme'; it must be an id such as 0195f3c2-5c0b-7a7f-8f2e-0242ac120002")]
    public void What_webhooks_and_proxies_cannot_use_is_named(string key, string value, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Check((key, value)).Problems), StringComparison.Ordinal);

    /// <summary>The schedule of the guide, where the operator has none.</summary>
    [Fact]
    public void Deliveries_are_attempted_as_the_guide_says()
    {
        var standard = new WebhookSettings().ToDelivery();
        Assert.Equal(
            [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
            standard.Delays.Select(delay => delay.TotalSeconds));
        Assert.Equal(TimeSpan.FromDays(5), standard.DisableAfter);
        Assert.Equal(
            [1, 2],
            new WebhookSettings { Delays = ["1s", "2s"] }.ToDelivery().Delays.Select(delay => delay.TotalSeconds));
    }

    /// <summary>Whatever the machine's language is, numbers and times are written in one way.</summary>
    [Fact]
    public void A_program_has_the_invariant_culture_in_every_thread()
    {
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        var (defaultCulture, defaultUi) = (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("1,5", $"{1.5}");
            ProgramCulture.SetInvariant();
            Assert.Equal("1.5", $"{1.5}");
            var elsewhere = "";
            var thread = new Thread(() => elsewhere = $"{1.5} {CultureInfo.CurrentUICulture.Name}");
            thread.Start();
            thread.Join();
            Assert.Equal("1.5 ", elsewhere);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
            (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (defaultCulture, defaultUi);
        }
    }
}
