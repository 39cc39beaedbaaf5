using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace TokenActors.Domain.Members;

/// <summary>
/// 8 to under 72 characters, and none of the passwords that guessing begins with (NIST SP 800-63B 5.1.1.2).
/// </summary>
public static class PasswordRules
{
    public const int MinLength = 8;
    public const int MaxLength = 71;

    /// <summary>PBKDF2-HMAC-SHA256 iterations for new passwords (OWASP's figure).</summary>
    public const int Iterations = 600_000;
    public const int SaltBytes = 16;
    public const int HashBytes = 32;

    /// <summary>How long a password lasts where its organization does not say: 4320h.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(180);

    private static readonly FrozenSet<string> Common = new[]
    {
        "password", "passw0rd", "password1", "password12", "password123", "password1234", "12345678",
        "123456789", "1234567890", "87654321", "qwertyui", "qwertyuiop", "qwerty123", "qwerty12345",
        "1q2w3e4r", "1q2w3e4r5t", "1qaz2wsx", "zaq12wsx", "q1w2e3r4", "iloveyou", "sunshine", "princess",
        "football", "baseball", "superman", "starwars", "whatever", "trustno1", "letmein1", "welcome1",
        "welcome123", "admin123", "administrator", "changeme", "changeme1", "changeit", "default1",
        "secret123", "abcd1234", "abc12345", "a1b2c3d4", "aa123456", "asdfghjk", "asdfghjkl", "zxcvbnm1",
        "11111111", "00000000", "88888888", "99999999", "11223344", "12341234", "computer", "internet",
        "michelle", "jennifer", "corvette", "mercedes", "maverick", "midnight",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The one form of a password, however a keyboard composes its letters: NFC, every blank U+0020 (RFC 8265 4.2).
    /// What cannot be composed, as half a character, stays as it is: no password that was set is like it.
    /// </summary>
    public static string Prepare(string password)
    {
        var spaced = password.Any(IsOtherSpace)
            ? string.Concat(password.Select(letter => IsOtherSpace(letter) ? ' ' : letter))
            : password;
        try
        {
            return spaced.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return spaced;
        }
    }

    /// <summary>Null where the password may be used, else what is wrong with it.</summary>
    /// <param name="password">to be used</param>
    /// <param name="memberName">whose it is to be</param>
    /// <param name="shortest">what its organization asks for</param>
    public static string? ProblemWith(string password, string memberName, int shortest = MinLength) =>
        Prepare(password) switch
        {
            var prepared when prepared.Length < shortest || prepared.Length > MaxLength =>
                $"must have {shortest} to {MaxLength} characters",
            var prepared when prepared.Any(char.IsControl) => "must not hold control characters",
            var prepared when Common.Contains(prepared) => "is one of the most common passwords",
            var prepared when prepared.Equals(Prepare(memberName), StringComparison.OrdinalIgnoreCase) =>
                "must not be the member's name",
            _ => null,
        };

    private static bool IsOtherSpace(char letter) =>
        letter != ' ' && char.GetUnicodeCategory(letter) == UnicodeCategory.SpaceSeparator;
}
