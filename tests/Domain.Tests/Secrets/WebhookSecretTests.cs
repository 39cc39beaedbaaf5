using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Secrets;

namespace TokenActors.Domain.Tests.Secrets;

/// <summary>Signing secrets as Standard Webhooks 1.0.0 has them: <c>whsec_</c> and base64 of 24 to 64 bytes.</summary>
public sealed class WebhookSecretTests
{
    [Fact]
    public void A_secret_has_a_prefix_and_random_bytes_of_a_length_that_the_standard_allows()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSecret.New()).ToList();
        Assert.All(secrets, secret =>
        {
            Assert.StartsWith("whsec_", secret.Reveal(), StringComparison.Ordinal);
            Assert.InRange(Convert.FromBase64String(secret.Reveal()["whsec_".Length..]).Length, 24, 64);
        });
        Assert.Equal(100, secrets.Select(secret => secret.Reveal()).Distinct().Count());
    }

    /// <summary>The example of the standard's libraries: secret, id, time and body, and the signature of
    /// them.</summary>
    [Fact]
    public void The_bytes_that_sign_are_those_of_the_standards_example()
    {
        var key = WebhookSecret.KeyOf(new ProtectedText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        var signed = HMACSHA256.HashData(
            key, Encoding.UTF8.GetBytes("""msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"""));
        Assert.Equal("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", Convert.ToBase64String(signed));
    }

    [Fact]
    public void Nothing_shows_a_secret_by_mistake()
    {
        var secret = WebhookSecret.New();
        Assert.DoesNotContain(secret.Reveal()[^12..], $"{secret}", StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(1), WebhookSecret.PreviousLife);
    }
}
