using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;

namespace TokenActors.Domain.Tests.Secrets;

public sealed class SecretScanTests
{
    private static string NewSecret(string prefix) =>
        SecretFormat.Compose(prefix, new TokenId(Guid.NewGuid()), System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)).Reveal();

    [Theory]
    [InlineData("ta_org_")]
    [InlineData("ta_mcp_")]
    [InlineData("cfast_")]
    [InlineData("api-")]
    [InlineData("bfg_")]
    public void A_secret_is_masked_wherever_it_stands(string prefix)
    {
        for (var i = 0; i < 50; i++)
        {
            var secret = NewSecret(prefix);
            var mask = $"{prefix}…{secret[^4..]}";
            Assert.Equal(mask, SecretScan.Mask(secret));
            Assert.Equal($"/v1/tokens/{mask}/info", SecretScan.Mask($"/v1/tokens/{secret}/info"));
            Assert.Equal($"?a={mask}&b={mask}", SecretScan.Mask($"?a={secret}&b={secret}"));
            Assert.DoesNotContain(secret[^40..], SecretScan.Mask($"agent{secret}"));
            Assert.DoesNotContain(secret[^40..], SecretScan.Mask($"x_{secret}zz"));
            Assert.True(SecretScan.Holds($"name {secret}"));

            // Whoever reads a note may decode it, once or more often.
            var encoded = $"/v1/tokens/%{(int)secret[0]:X2}{secret[1..]}";
            Assert.DoesNotContain(secret[^40..], SecretScan.Mask(encoded));
            Assert.DoesNotContain(
                secret[^40..], SecretScan.Mask(encoded.Replace("%", "%25", StringComparison.Ordinal)));
            Assert.Equal(
                [secret, secret], SecretScan.Find($"?a={secret}&b=agent{secret}").Select(found => found.Reveal()));
        }
    }

    /// <summary>One that is seen at once does not hide another that is encoded more often.</summary>
    [Theory]
    [InlineData("{0}&b={1}", 1)]
    [InlineData("{1}&b={0}", 1)]
    [InlineData("{0}&b={1}", 2)]
    [InlineData("{0}&b={1}", 3)]
    [InlineData("{1}&b={1}", 5)]
    public void Every_secret_is_masked_however_often_each_is_encoded(string text, int times)
    {
        string plain = NewSecret("ta_org_"), hidden = NewSecret("ta_mcp_"), encoded = hidden.Replace(
            "_", "%5F", StringComparison.Ordinal);
        for (var i = 1; i < times; i++)
        {
            encoded = encoded.Replace("%", "%25", StringComparison.Ordinal);
        }

        var masked = SecretScan.Mask(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, text, plain, encoded));
        Assert.DoesNotContain(plain[^40..], masked);
        Assert.DoesNotContain(hidden[^40..], masked);
        var found = SecretScan.FindEncoded(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, plain, encoded)).Select(secret => secret.Reveal());
        Assert.Equal(
            text.Contains("{0}", StringComparison.Ordinal) ? [hidden, plain] : [hidden],
            found.Distinct().OrderBy(secret => secret == plain));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/v1/tokens/0195f3c2-5c0b-7a7f-8f2e-0242ac120002/info")]
    [InlineData("ta_org_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("curl/8.5.0")]
    public void Anything_else_stays_as_it_is(string text)
    {
        Assert.Equal(text, SecretScan.Mask(text));
        Assert.Empty(SecretScan.Find(text));
        Assert.False(SecretScan.Holds(text));
    }

    [Fact]
    public void A_secret_with_a_wrong_checksum_is_none()
    {
        var secret = NewSecret("ta_org_");
        var other = secret[..^1] + (secret[^1] == 'a' ? 'b' : 'a');
        Assert.Equal(other, SecretScan.Mask(other));
    }
}
