using TokenActors.Domain.Members;

namespace TokenActors.Domain.Tests.Members;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("a\u0308bc", "\u00e4bc")]
    [InlineData("\u00e4bc", "\u00e4bc")]
    [InlineData("a\u00a0b\u3000c", "a b c")]
    [InlineData("\ud800half", "\ud800half")]
    public void A_password_has_one_form(string given, string prepared) =>
        Assert.Equal(prepared, PasswordRules.Prepare(given));

    private const string Member = "Someone@example.com";
    private const string TooCommon = "is one of the most common passwords";
    private const string OwnName = "must not be the member's name";

    [Theory]
    [InlineData("correct horse battery", null)]
    [InlineData("8letters", null)]
    [InlineData("        ", null)]
    [InlineData("пароль-пароль", null)]
    [InlineData("password-but-longer", null)]
    [InlineData("someone@example.co", null)]
    [InlineData("", "must have 8 to 71 characters")]
    [InlineData("short12", "must have 8 to 71 characters")]
    [InlineData("password", TooCommon)]
    [InlineData("password1", TooCommon)]
    [InlineData("PassWord123", TooCommon)]
    [InlineData("QWERTYUIOP", TooCommon)]
    [InlineData("12345678", TooCommon)]
    [InlineData("Someone@example.com", OwnName)]
    [InlineData("someone@EXAMPLE.com", OwnName)]
    [InlineData("half \ud800 a letter", null)]
    [InlineData("with a\u0007bell", "must not hold control characters")]
    public void Weak_passwords_are_refused(string password, string? problem) =>
        Assert.Equal(problem, PasswordRules.ProblemWith(password, Member));

    /// <summary>However a keyboard composes it.</summary>
    [Theory]
    [InlineData("jose\u0301@example.com", "jos\u00e9@example.com")]
    [InlineData("JOS\u00c9@example.com", "jose\u0301@example.com")]
    [InlineData("a\u00a0long\u00a0name", "a long name")]
    public void The_members_name_is_no_password_in_any_of_its_forms(string password, string name) =>
        Assert.Equal(OwnName, PasswordRules.ProblemWith(password, name));

    [Theory]
    [InlineData(8, 7, false)]
    [InlineData(8, 8, true)]
    [InlineData(8, 71, true)]
    [InlineData(8, 72, false)]
    [InlineData(20, 19, false)]
    [InlineData(20, 20, true)]
    [InlineData(71, 70, false)]
    [InlineData(71, 71, true)]
    [InlineData(71, 72, false)]
    public void An_organization_may_ask_for_longer_ones(int shortest, int length, bool allowed) => Assert.Equal(
        allowed ? null : $"must have {shortest} to 71 characters",
        PasswordRules.ProblemWith(new string('x', length), Member, shortest));
}
