using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.Organizations;

/// <summary>What may be shown of an organization.</summary>
internal static class OrganizationViews
{
    public static OrganizationView Of(OrganizationState state) => new()
    {
        Id = state.Id,
        Type = state.Type,
        Name = state.Name,
        FullName = state.FullName,
        RefreshTokenId = state.RefreshTokenId,
        Contact = state.Contact,
        ReplyTo = state.ReplyTo,
        Picture = state.Picture,
        Status = state.Status,
        EndDate = state.EndDate,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        ParentId = state.ParentId,
        InviteDuration = state.Options.InviteDuration,
        ForgotDuration = state.Options.ForgotDuration,
        PasswordDuration = state.Options.PasswordDuration,
        MinimumPasswordLength = state.Options.MinimumPasswordLength,
        Version = state.Version,
    };
}
