using Microsoft.Extensions.Configuration;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>The section <c>TokenActors:Cluster:Tls</c>.</summary>
public sealed class TlsSettingsTests
{
    private const string Needed = "TLS needs a certificate to show and an authority to believe";

    [Fact]
    public void A_cluster_without_the_section_is_without_tls() => Assert.Null(Read(out _));

    [Fact]
    public void All_four_settings_are_read_and_known()
    {
        var tls = Read(out var problems, ("Certificate", "c"), ("Key", "k"), ("Password", "p"), ("Authority", "a"));
        Assert.Empty(problems);
        Assert.Equal(("c", "k", "p", "a"), (tls?.Certificate, tls?.Key, tls?.Password, tls?.Authority));
    }

    [Theory]
    [InlineData("Certificate", "c", $"TokenActors:Cluster:Tls:Authority is missing; {Needed}")]
    [InlineData("Authority", "a", $"TokenActors:Cluster:Tls:Certificate is missing; {Needed}")]
    [InlineData("Key", "k", $"TokenActors:Cluster:Tls:Certificate is missing; {Needed}")]
    [InlineData("Password", "hunter2", $"TokenActors:Cluster:Tls:Authority is missing; {Needed}")]
    [InlineData("Certificate", "", "TokenActors:Cluster:Tls:Certificate is ''; it must be the path of a file")]
    [InlineData("Authority", " ", "TokenActors:Cluster:Tls:Authority is ' '; it must be the path of a file")]
    [InlineData("Key", "", "TokenActors:Cluster:Tls:Key is ''; it must be the path of a file, or be left out for PFX")]
    [InlineData("Certificat", "c", "TokenActors:Cluster:Tls:Certificat is not a setting")]
    public void A_section_that_is_there_by_halves_is_a_problem_and_never_a_plain_cluster(
        string key, string value, string expected)
    {
        Assert.NotNull(Read(out var problems, (key, value)));
        Assert.Contains(problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(problems, problem => problem.Contains("hunter2"));
    }

    private static TlsSettings? Read(out IReadOnlyList<string> problems, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(s => KeyValuePair.Create($"TokenActors:Cluster:Tls:{s.Key}", (string?)s.Value)))
            .Build();
        (var options, problems) = SettingsReader.Check(configuration, new ServiceRules());
        return options.Cluster.Tls;
    }
}
