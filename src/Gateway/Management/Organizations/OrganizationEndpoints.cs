using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Organizations;

/// <summary><c>/v1/organization</c>: the bearer's own organization. Its state cannot be written here.</summary>
internal static class OrganizationEndpoints
{
    private const string Kind = "organization";

    private static readonly string[] ServerSet = ["created_at", "updated_at", "refresh_token_id", "organization_type", "state", "end_date"];

    public static void MapOrganization(this RouteGroupBuilder v1)
    {
        var organization = v1.MapResource("/organization", "organization").CanBePreviewed();
        organization.MapGet("", Get).Needs("organizations:get").WithName("organization_get");
        organization.MapPut("", Update).Needs("organizations:update").WithName("organization_update");
        organization.MapPatch("", Patch).Needs("organizations:patch").WithName("organization_patch");
    }

    private static async Task<Results<JsonOk<Envelope<OrganizationWire>>, Refusal>> Get(
        ApiRequest request, IGrainFactory grains)
    {
        var organization = await Find(request, grains);
        return organization.IsSuccess ? Show(organization.Value) : organization.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<OrganizationWire>>, Refusal>> Update(
        ApiRequest request, ObjectBody<OrganizationWire> body, IGrainFactory grains)
    {
        var organization = await Find(request, grains);
        return organization.IsSuccess
            ? await Replace(request, organization.Value, body.Fields, grains, expectedVersion: null)
                ?? ResourceCommands.Changed(Kind, "")
            : organization.Refusal;
    }

    private static Task<Results<JsonOk<Envelope<OrganizationWire>>, Refusal>> Patch(
        ApiRequest request, JsonPatch patch, IGrainFactory grains) =>
        patch.Apply(
            () => Find(request, grains), OrganizationWire.From, OrganizationJson.Wire.OrganizationWire,
            (organization, fields) => Replace(request, organization, fields, grains, organization.Version),
            ResourceCommands.Changed(Kind, ""));

    /// <summary>Null where the organization was changed since it was read.</summary>
    private static async Task<Results<JsonOk<Envelope<OrganizationWire>>, Refusal>?> Replace(
        ApiRequest request, OrganizationView current, JsonFields fields, IGrainFactory grains, long? expectedVersion)
    {
        ResourceFields.SameAs(fields, "id", current.Id.ToString());
        foreach (var field in ServerSet)
        {
            fields.Any(field);
        }

        var name = SharedFields.Name(fields, required: true, current.Name);
        var fullname = SharedFields.FullName(fields, current.FullName, name);
        var contact = fields.Text("contact");
        var replyTo = fields.Text("reply_to");
        var picture = SharedFields.Picture(fields, current.Picture);
        var options = fields.Object("options") is { } o ? OrganizationOptionsWire.Read(o) : null;
        fields.RefuseUnknown();
        if (name is null || fields.Errors.Count > 0)
        {
            return Problems.Invalid(fields.Errors);
        }

        var command = new ReplaceOrganization
        {
            Context = request.NewCommand(),
            Name = name,
            FullName = fullname,
            Contact = contact,
            ReplyTo = replyTo,
            Picture = picture,
            InviteDuration = options?.InviteDuration,
            ForgotDuration = options?.ForgotDuration,
            PasswordDuration = options?.PasswordDuration,
            MinimumPasswordLength = options?.MinimumPasswordLength,
            ExpectedVersion = expectedVersion,
        };
        var answer = await request.Command(() => Grain(grains, current.Id).Replace(command));
        return answer switch
        {
            { Refusal: ResourceRefusal.ChangedMeanwhile } => null,
            { Refusal: { } refusal } => ResourceRefusals.ToProblem(refusal, Kind, name),
            { Organization: { } organization } => Show(organization),
            _ => Problems.NotFound(Kind, name),
        };
    }

    private static async Task<Outcome<OrganizationView>> Find(ApiRequest request, IGrainFactory grains)
    {
        var id = request.Bearer.OrganizationId;
        return await Grain(grains, id).Get() is { } organization
            ? organization
            : Problems.NotFound(Kind, id.ToString());
    }

    private static IOrganizationGrain Grain(IGrainFactory grains, OrganizationId id) =>
        grains.GetGrain<IOrganizationGrain>(id.ToString());

    private static JsonOk<Envelope<OrganizationWire>> Show(OrganizationView organization) =>
        new(new(OrganizationWire.From(organization)), OrganizationJson.Wire.EnvelopeOrganizationWire);
}
