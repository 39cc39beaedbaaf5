using TokenActors.Domain.Tokens;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.StoredTokens;

/// <summary>Bytes that another hand, or a disk, has changed: an operator is told of the token, and of nothing
/// else.</summary>
public sealed class DamagedHotPartTests
{
    private const long Version = 10;

    private static readonly byte[] Whole = Convert.FromHexString(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "token-hot-1.hex")).ReplaceLineEndings(""));

    private static readonly TokenState Token =
        SampleToken.Of(Version, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    /// <summary>Digits become letters, or nines that no time has; lengths become longer than what follows.</summary>
    [Theory]
    [InlineData(0x01)]
    [InlineData(0x09)]
    [InlineData(0x0F)]
    [InlineData(0x40)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void A_byte_that_is_another_gives_a_token_or_says_which_is_damaged(int change)
    {
        var damaged = 0;
        for (var place = 0; place < Whole.Length; place++)
        {
            byte[] hot = [.. Whole];
            hot[place] ^= (byte)change;
            damaged += IsRead(hot, $"byte {place} ^ {change:x2}") ? 0 : 1;
        }

        // The first byte is the form, and the mark has two; what is within digests nobody can tell.
        Assert.InRange(damaged, 3, Whole.Length - 1);
    }

    [Fact]
    public void Bytes_that_are_gone_or_too_many_give_a_token_or_say_which_is_damaged()
    {
        for (var place = 1; place < Whole.Length; place++)
        {
            IsRead([.. Whole[..place], .. Whole[(place + 1)..]], $"without byte {place}");
            IsRead([.. Whole[..place], 0xFF, .. Whole[place..]], $"with another before byte {place}");
        }
    }

    /// <summary>Ticks are read as numbers of 64 bits; the calendar ends long before those do.</summary>
    [Theory]
    [InlineData("9999999999999999999")]
    [InlineData("9223372036854775807")]
    [InlineData("2534023008000000000")]
    [InlineData("-000000000000000001", true)]
    [InlineData("0000000000000000000", true)]
    [InlineData("                   ")]
    [InlineData("12345678901234567 x")]
    public void Digits_that_are_no_time_are_damage_and_no_end(string digits, bool isNone = false)
    {
        // The fifth time is the end of the former secrets, which there need not be.
        var at = StoredRecord.PlaceOfHotTime(4) - 1;
        byte[] hot = [.. Whole[..at], .. System.Text.Encoding.ASCII.GetBytes(digits), .. Whole[(at + digits.Length)..]];
        if (isNone)
        {
            Assert.Null(HotPart.Read(hot, Token, Version).Secondary!.Deadline);
            return;
        }

        Assert.Throws<InvalidDataException>(() => HotPart.Read(hot, Token, Version));
    }

    /// <returns>false where it is refused as damaged, which names the token</returns>
    private static bool IsRead(byte[] hot, string what)
    {
        try
        {
            HotPart.Read(hot, Token, Version);
            return true;
        }
        catch (Exception e)
        {
            Assert.True(e is InvalidDataException, $"{what}: {e}");
            Assert.Contains($"token {Token.Id}", e.Message, StringComparison.Ordinal);
            return false;
        }
    }
}
