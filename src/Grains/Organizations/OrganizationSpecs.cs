using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.Organizations;

/// <summary>From commands about organizations to what the machine takes.</summary>
internal static class OrganizationSpecs
{
    public static OrganizationSpec Of(OrganizationId id, CreateOrganization command) => new()
    {
        Id = id,
        Type = command.Type,
        Name = command.Name,
        FullName = command.FullName,
        Contact = command.Contact,
        ReplyTo = command.ReplyTo,
        Picture = command.Picture,
        ParentId = command.ParentId,
        RefreshTokenId = command.RefreshTokenId,
    };

    public static OrganizationEdit Of(ReplaceOrganization command) => new(
        command.Name,
        command.FullName,
        command.Contact,
        command.ReplyTo,
        command.Picture,
        new OrganizationOptions
        {
            InviteDuration = command.InviteDuration,
            ForgotDuration = command.ForgotDuration,
            PasswordDuration = command.PasswordDuration,
            MinimumPasswordLength = command.MinimumPasswordLength,
        });
}
