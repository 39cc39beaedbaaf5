using System.Globalization;
using TokenActors.Domain.Organizations;
using TokenActors.Gateway.Authentication;
using TokenActors.Gateway.Json;
using TokenActors.Gateway.Problems;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Gateway.Organizations;

/// <summary>The bearer's own organization.</summary>
internal static class OrganizationEndpoints
{
    public static void MapOrganization(this RouteGroupBuilder v1) =>
        v1.MapGet("/organization", Get).AddEndpointFilter<BearerFilter>().Needs("organizations:get")
            .WithTags("organization").WithName("organization_get").Produces<Envelope<OrganizationWire>>();

    private static async Task<IResult> Get(HttpContext http, IGrainFactory grains)
    {
        var id = http.Bearer().OrganizationId.ToString();
        return await grains.GetGrain<IOrganizationGrain>(id).Get() is { } organization
            ? TypedResults.Json(new Envelope<OrganizationWire>(OrganizationWire.From(organization)), WireJson.Wire.EnvelopeOrganizationWire)
            : ProblemResults.NotFound(http, "organization", id);
    }
}

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
