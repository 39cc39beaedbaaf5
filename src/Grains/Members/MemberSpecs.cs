using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Records;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Members;

/// <summary>From a command that makes a member to what the machine takes.</summary>
internal static class MemberSpecs
{
    /// <param name="id">the new member's id</param>
    /// <param name="command">what is wanted</param>
    /// <param name="lives">how long the organization lets passwords and invitations stand</param>
    /// <param name="peppers">digests the password</param>
    public static MemberSpec Of(MemberId id, CreateMember command, PasswordLives lives, PepperRing peppers) =>
        new()
        {
            Id = id,
            OrganizationId = command.OrganizationId,
            Name = command.Name,
            FullName = command.FullName,
            Nickname = command.Nickname,
            Picture = command.Picture,
            Type = command.Type,
            Status = command.Status,
            RoleBinding = command.RoleBinding,
            Ttl = command.Ttl is { } ttl ? GoDuration.Of(ttl) : null,
            TokenTtl = command.TokenTtl is { } text ? GoDuration.Of(text) : null,
            Password = Verifier(command.Password, peppers),
            Lives = lives,
            PasswordExpired = command.PasswordExpired,
            CreatedBy = command.Context.Idempotency is { } call ? new CreatingCall(call.Key, call.Request) : null,
        };

    public static PasswordVerifier Verifier(DerivedPassword password, PepperRing peppers) =>
        new(password.Salt, password.Iterations, peppers.Digest(password.Derived));
}
