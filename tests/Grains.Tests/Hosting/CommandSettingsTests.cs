using CsCheck;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>Settings may stand anywhere on a command line, beside a program's own words.</summary>
public sealed class CommandSettingsTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("pepper list", "", "pepper list")]
    [InlineData("--TokenActors:Storage:Provider PostgreSql migrate", "--TokenActors:Storage:Provider PostgreSql", "migrate")]
    [InlineData("migrate --TokenActors:Storage:Provider=PostgreSql", "--TokenActors:Storage:Provider=PostgreSql", "migrate")]
    [InlineData("--tokenactors:storage:provider x", "--tokenactors:storage:provider x", "")]
    [InlineData("--Logging:LogLevel:Default Warning --dry-run", "--Logging:LogLevel:Default Warning", "--dry-run")]
    [InlineData("--Kestrel:Limits:MaxRequestBodySize=1", "--Kestrel:Limits:MaxRequestBodySize=1", "")]
    [InlineData("--urls http://127.0.0.1:0 --data d", "--urls http://127.0.0.1:0", "--data d")]
    [InlineData("--urls=http://127.0.0.1:0", "--urls=http://127.0.0.1:0", "")]
    [InlineData("--urlsx http://127.0.0.1:0", "", "--urlsx http://127.0.0.1:0")]
    [InlineData("verify-audit --since a --TokenActors:X y --to b", "--TokenActors:X y", "verify-audit --since a --to b")]
    [InlineData("--TokenActors:Offset -5", "--TokenActors:Offset -5", "")]
    public void Settings_are_told_from_the_rest(string line, string settings, string rest)
    {
        var (found, commands, problem) = CommandSettings.Split(Words(line), "--urls");
        Assert.Null(problem);
        Assert.Equal(Words(settings), found);
        Assert.Equal(Words(rest), commands);
    }

    [Theory]
    [InlineData("--TokenActors:Storage:Provider", "--TokenActors:Storage:Provider")]
    [InlineData("--urls", "--urls")]
    [InlineData("migrate --Logging:LogLevel:Default --dry-run", "--Logging:LogLevel:Default")]
    [InlineData("--urls --TokenActors:X y", "--urls")]
    public void A_setting_without_a_value_is_named(string line, string setting)
    {
        var (settings, commands, problem) = CommandSettings.Split(Words(line), "--urls");
        Assert.Equal($"'{setting}' needs a value", problem);
        Assert.Empty(settings);
        Assert.Empty(commands);
    }

    [Fact]
    public void No_word_is_lost_and_each_side_keeps_its_order()
    {
        var words = Gen.OneOf(
            "a", "b", "--flag", "--TokenActors:X", "--TokenActors:Y=1", "--urls", "--urls=u", "-5", "");
        words.Array[0, 9].HoldsForAll(3_000, line =>
        {
            var (settings, commands, problem) = CommandSettings.Split(line, "--urls");
            if (problem is null)
            {
                Assert.Equal(
                    line.Order(StringComparer.Ordinal), settings.Concat(commands).Order(StringComparer.Ordinal));
                Assert.True(IsWithin(settings, line) && IsWithin(commands, line));
                Assert.Equal(settings, CommandSettings.Split(settings, "--urls").Settings);
                Assert.DoesNotContain(commands, word => word.StartsWith("--TokenActors:", StringComparison.Ordinal));
            }
        });
    }

    private static bool IsWithin(string[] part, string[] whole)
    {
        var place = 0;
        foreach (var word in whole)
        {
            place += place < part.Length && part[place] == word ? 1 : 0;
        }

        return place == part.Length;
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
