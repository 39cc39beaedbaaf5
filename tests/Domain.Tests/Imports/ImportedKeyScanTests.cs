using TokenActors.Domain.Imports;

namespace TokenActors.Domain.Tests.Imports;

/// <summary>Imported keys where nobody meant to put one.</summary>
public sealed class ImportedKeyScanTests
{
    private const string Random = "0123456789abcdefghijklmnopqrWXYZ";
    private const string Key = "acme_" + Random;

    private static readonly ImportedKeyScan Keys = new(
    [
        new(Guid.NewGuid(), "acme", "acme_", Key.Length, false, DateTimeOffset.UnixEpoch),
        new(Guid.NewGuid(), "pin", "pin_", 6, true, DateTimeOffset.UnixEpoch),
    ]);

    [Theory]
    [InlineData(Key, "acme_…WXYZ")]
    [InlineData("/lifecycle/v1/tokens/" + Key + "/reset", "/lifecycle/v1/tokens/acme_…WXYZ/reset")]
    [InlineData("curl/8 (" + Key + ") " + Key + "-old", "curl/8 (acme_…WXYZ) acme_…WXYZ-old")]
    [InlineData("/x/%61cme_" + Random, "/x/acme_…WXYZ")]
    [InlineData("/x/%2561cme_" + Random, "/x/acme_…WXYZ")]
    [InlineData("a pin_42, say", "a pin_…2, say")]
    public void A_key_is_masked(string text, string masked) => Assert.Equal(masked, Keys.Mask(text));

    [Theory]
    [InlineData("acme_backup")]
    [InlineData("x" + Key)]
    [InlineData(Key + "0")]
    [InlineData("acme_01234567 9abcdefghijklmnopqrWXYZ")]
    [InlineData("ACME_" + Random)]
    [InlineData("pin_421")]
    [InlineData("50%")]
    [InlineData("")]
    public void What_is_none_stays(string text)
    {
        Assert.Null(Keys.SchemeIn(text));
        Assert.Equal(text, Keys.Mask(text));
    }
}
