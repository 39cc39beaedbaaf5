using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Tests.Identity;

/// <summary>Keys that stand where the name of a client belongs.</summary>
public sealed class ClientKeyTests
{
    [Theory]
    [InlineData("acme_0123456789abcdefghijklmnopqrWXYZ", null)]
    [InlineData("0123456789abcdefghij/1.0", null)]
    [InlineData("MicrosoftPowerShellCore/7", "MicrosoftPowerShellCore")]
    [InlineData("kube-controller-manager-v128/1", "kube-controller-manager-v128")]
    [InlineData("curl/8.5.0", "curl")]
    public void A_key_is_no_name_of_a_client(string userAgent, string? family) =>
        Assert.Equal(family, ClientFamily.Of(userAgent));
}
