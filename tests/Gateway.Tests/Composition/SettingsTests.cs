using System.Diagnostics;
using System.Security.Cryptography;
using TokenActors.Gateway.Composition;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Tests.Composition;

/// <summary>Where the gateway's settings come from, and what it demands of them.</summary>
public sealed class SettingsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Settings_of_the_environment_and_of_the_command_line_are_told_together_and_secrets_are_not_shown()
    {
        using var program = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "tokenactors.dll"), "--TokenActors:Tokens:RefreshGrace=never",
                "--TokenActors:RateLimits:PerToken", "2", "--TokenActors:Storage:Conection", "x",
            ])
        {
            RedirectStandardError = true,
            Environment =
            {
                ["TokenActors__Storage__Provider"] = "Oracle",
                ["TokenActors__RateLimits__PerToken"] = "many",
                ["TOKENACTORS__CLUSTER__SILOPORT"] = "0",
                ["TokenActors__Secrets__Peppers__0__Id"] = "p",
                ["TokenActors__Secrets__Peppers__0__Key"] = "hunter2",
            },
        }) ?? throw new InvalidOperationException("the program was not started");
        using var patience = new CancellationTokenSource(Patience);
        var said = await program.StandardError.ReadToEndAsync(patience.Token);
        await program.WaitForExitAsync(patience.Token);
        Assert.Equal(ExitCodes.Failed, program.ExitCode);
        Assert.StartsWith("TokenActors cannot start. The settings cannot be used:\n", said);
        foreach (var problem in new[]
        {
            "Storage:Provider is 'Oracle'", "Tokens:RefreshGrace is 'never'", "Storage:Conection is not a setting",
            "Secrets:Peppers:0:Key (not shown)",
        })
        {
            Assert.Contains($"\n  TokenActors:{problem}", said);
        }

        Assert.Contains("SILOPORT is '0'", said, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("many", said);
        Assert.DoesNotContain("hunter2", said);
    }

    [Theory]
    [InlineData("no key")]
    [InlineData("AAAA")]
    [InlineData("private")]
    [InlineData("P-384")]
    [InlineData("RSA")]
    public async Task The_key_of_a_partner_must_be_a_public_one_of_its_curve_and_is_not_shown(string what)
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var text = what switch
        {
            "private" => p256.ExportPkcs8PrivateKeyPem(),
            "P-384" => p384.ExportSubjectPublicKeyInfoPem(),
            "RSA" => rsa.ExportSubjectPublicKeyInfoPem(),
            _ => what,
        };
        var problem = await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.Build(
            ["--TokenActors:Leaks:Keys:0:Id", "one", "--TokenActors:Leaks:Keys:0:Key", text], TimeProvider.System));
        Assert.Equal(
            ["TokenActors:Leaks:Keys:0:Key (not shown) must be a public key of the curve P-256, as PEM or its SubjectPublicKeyInfo in base64"],
            problem.Problems);
    }

    [Fact]
    public async Task What_is_found_by_an_id_has_one_of_its_own()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (zone, organization) = (Guid.NewGuid(), Guid.NewGuid().ToString());
        var problem = await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.Build(
            [
                .. Key(0, "one"), .. Key(1, "two"), .. Key(2, "one"), .. Zone(0, zone.ToString("N")),
                .. Zone(1, zone.ToString("D")),
            ],
            TimeProvider.System));
        Assert.Equal(
            [
                "TokenActors:Leaks:Keys:2:Id is 'one', which another key has; they must differ",
                $"TokenActors:Cloudflare:Zones:1:Zone is '{zone:D}', which another zone has; they must differ",
            ],
            problem.Problems);

        string[] Key(int i, string id) =>
        [
            $"--TokenActors:Leaks:Keys:{i}:Id", id, $"--TokenActors:Leaks:Keys:{i}:Key",
            key.ExportSubjectPublicKeyInfoPem(),
        ];

        string[] Zone(int i, string id) =>
        [
            $"--TokenActors:Cloudflare:Zones:{i}:Zone", id, $"--TokenActors:Cloudflare:Zones:{i}:Organization",
            organization,
        ];
    }

    [Fact]
    public async Task A_client_must_know_a_silo_and_needs_no_database()
    {
        var problem = await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.Build(
            ["--TokenActors:Cluster:Mode", "Client", "--TokenActors:Storage:Provider", "PostgreSql"], TimeProvider.System));
        Assert.Equal(
            ["TokenActors:Cluster:Gateways is empty; a client needs at least one host:port of a silo's gateway"], problem.Problems);
    }
}
