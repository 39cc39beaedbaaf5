using System.Diagnostics;
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

    [Fact]
    public async Task A_client_must_know_a_silo_and_needs_no_database()
    {
        var problem = await Assert.ThrowsAsync<SettingsException>(() => GatewayHost.Build(
            ["--TokenActors:Cluster:Mode", "Client", "--TokenActors:Storage:Provider", "PostgreSql"], TimeProvider.System));
        Assert.Equal(
            ["TokenActors:Cluster:Gateways is empty; a client needs at least one host:port of a silo's gateway"], problem.Problems);
    }
}
