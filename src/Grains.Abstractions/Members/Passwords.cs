using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;

namespace TokenActors.Grains.Abstractions.Members;

/// <summary>
/// Derives passwords on the caller's side (PBKDF2-HMAC-SHA256, RFC 8018), so that no grain ever sees one.
/// </summary>
public static class Passwords
{
    /// <summary>For a new password: fresh salt, today's iterations.</summary>
    public static DerivedPassword Derive(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(PasswordRules.SaltBytes);
        return new DerivedPassword
        {
            Salt = salt,
            Iterations = PasswordRules.Iterations,
            Derived = Derive(password, salt, PasswordRules.Iterations),
        };
    }

    /// <summary>
    /// For a proof, with the salt and iterations of the challenge. Costs some tenths of a second of one core, on
    /// purpose.
    /// </summary>
    public static SecretFingerprint Derive(string password, byte[] salt, int iterations) => SecretFingerprint.Of(
        Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(PasswordRules.Prepare(password)), salt, iterations, HashAlgorithmName.SHA256, PasswordRules.HashBytes));
}
