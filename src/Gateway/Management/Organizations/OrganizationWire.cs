using System.Globalization;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Members;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Gateway.Management.Organizations;

/// <summary><c>Organization</c>.</summary>
internal sealed record OrganizationWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string RefreshTokenId { get; init; }

    public required string OrganizationType { get; init; }

    public required string Fullname { get; init; }

    public string? Contact { get; init; }

    public string? ReplyTo { get; init; }

    public string? Picture { get; init; }

    public OrganizationOptionsWire? Options { get; init; }

    public required string State { get; init; }

    public string? EndDate { get; init; }

    public static OrganizationWire From(OrganizationView view) => new()
    {
        Name = view.Name,
        CreatedAt = view.CreatedAt,
        UpdatedAt = view.UpdatedAt,
        Id = view.Id.ToString(),
        RefreshTokenId = view.RefreshTokenId.ToString(),
        OrganizationType = view.Type == Domain.Organizations.OrganizationType.Root ? "root" : "standard",
        Fullname = view.FullName,
        Contact = view.Contact,
        ReplyTo = view.ReplyTo,
        Picture = view.Picture,
        Options = OrganizationOptionsWire.From(view),
        State = view.Status switch
        {
            OrganizationStatus.Enabled => "enabled",
            OrganizationStatus.Disabled => "disabled",
            OrganizationStatus.Pov => "pov",
            OrganizationStatus.Plg => "plg",
            _ => throw new ArgumentOutOfRangeException(nameof(view), view.Status, null),
        },
        EndDate = view.EndDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    };
}

/// <summary><c>OrganizationOptions</c>.</summary>
internal sealed record OrganizationOptionsWire(
    string? InviteDuration, string? ForgotDuration, string? PasswordDuration, int? MinimumPasswordLength)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromHours(168);
    private static readonly TimeSpan Year = TimeSpan.FromHours(8760);

    public static OrganizationOptionsWire? From(OrganizationView view)
    {
        var options = new OrganizationOptionsWire(
            view.InviteDuration, view.ForgotDuration, view.PasswordDuration, view.MinimumPasswordLength);
        return options == new OrganizationOptionsWire(null, null, null, null) ? null : options;
    }

    public static OrganizationOptionsWire Read(JsonFields fields)
    {
        var shortest = fields.Number("minimum_password_length");
        if (shortest is < PasswordRules.MinLength or > PasswordRules.MaxLength)
        {
            fields.Reject(
                "minimum_password_length", $"must lie between {PasswordRules.MinLength} and {PasswordRules.MaxLength}");
        }

        var options = new OrganizationOptionsWire(
            MemberFields.Duration(fields, "invite_duration", Day, Week), MemberFields.Duration(
                fields, "forgot_duration", Day, Week),
            MemberFields.Duration(fields, "password_duration", Day, Year), (int?)shortest);
        fields.RefuseUnknown();
        return options;
    }
}
