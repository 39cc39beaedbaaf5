using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Identity;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Organizations;

/// <summary><c>/v1/organization</c>: the bearer's own organization. Its state cannot be written here.</summary>
internal static class OrganizationEndpoints
{
    private const string Kind = "organization";
    private const int MostAttempts = 4;

    private static readonly string[] ServerSet = ["created_at", "updated_at", "refresh_token_id", "organization_type", "state", "end_date"];

    public static void MapOrganization(this RouteGroupBuilder v1)
    {
        var organization = v1.MapResource("/organization", "organization");
        organization.MapGet("", Get).Needs("organizations:get").WithName("organization_get").Produces<Envelope<OrganizationWire>>();
        organization.MapPut("", Update).Needs("organizations:update").WithName("organization_update")
            .Accepts<OrganizationWire>("application/json").Produces<Envelope<OrganizationWire>>();
        organization.MapPatch("", Patch).Needs("organizations:patch").WithName("organization_patch")
            .Reads<IReadOnlyList<PatchOperation>>().Produces<Envelope<OrganizationWire>>();
    }

    private static async Task<IResult> Get(HttpContext http, IGrainFactory grains) => await Find(http, grains) is { } organization
        ? Show(organization)
        : ProblemResults.NotFound(http, Kind, http.Bearer().OrganizationId.ToString());

    private static async Task<IResult> Update(HttpContext http, IGrainFactory grains)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        return problem
            ?? (await Find(http, grains) is { } current ? await Replace(http, current, fields!, grains, expectedVersion: null) : null)
            ?? ResourceRefusals.ToProblem(http, ResourceRefusal.ChangedMeanwhile, Kind, "");
    }

    private static async Task<IResult> Patch(HttpContext http, IGrainFactory grains)
    {
        var (patch, problem) = await PatchRequest.Read(http);
        for (var attempt = 0; problem is null && attempt < MostAttempts && await Find(http, grains) is { } current; attempt++)
        {
            var shown = JsonSerializer.SerializeToNode(OrganizationWire.From(current), OrganizationJson.Wire.OrganizationWire)!.AsObject();
            var (patched, failed) = patch!.ApplyTo(http, shown);
            var answer = failed ?? await Replace(
                http, current, new JsonFields("", JsonSerializer.SerializeToElement<JsonNode>(patched!), []), grains, current.Version);
            if (answer is not null)
            {
                return answer;
            }
        }

        return problem ?? ResourceRefusals.ToProblem(http, ResourceRefusal.ChangedMeanwhile, Kind, "");
    }

    /// <summary>Null where the organization was changed since it was looked at.</summary>
    private static async Task<IResult?> Replace(HttpContext http, OrganizationView current, JsonFields fields, IGrainFactory grains, long? expectedVersion)
    {
        ResourceFields.SameAs(fields, "id", current.Id.ToString());
        foreach (var field in ServerSet)
        {
            fields.Any(field);
        }

        var name = SharedFields.Name(fields, required: true);
        var fullname = fields.Text("fullname", required: true, longest: 256);
        var contact = fields.Text("contact");
        var replyTo = fields.Text("reply_to");
        var picture = fields.Text("picture");
        var options = fields.Object("options") is { } o ? OrganizationOptionsWire.Read(o) : null;
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        var command = new ReplaceOrganization
        {
            Context = http.NewCommand(),
            Name = name!,
            FullName = fullname!,
            Contact = contact,
            ReplyTo = replyTo,
            Picture = picture,
            InviteDuration = options?.InviteDuration,
            ForgotDuration = options?.ForgotDuration,
            PasswordDuration = options?.PasswordDuration,
            MinimumPasswordLength = options?.MinimumPasswordLength,
            ExpectedVersion = expectedVersion,
        };
        var answer = await http.Command(() => Grain(grains, current.Id).Replace(command));
        return answer.Refusal switch
        {
            null => Show(answer.Organization!),
            ResourceRefusal.ChangedMeanwhile => null,
            { } refusal => ResourceRefusals.ToProblem(http, refusal, Kind, name!),
        };
    }

    private static Task<OrganizationView?> Find(HttpContext http, IGrainFactory grains) => Grain(grains, http.Bearer().OrganizationId).Get();

    private static IOrganizationGrain Grain(IGrainFactory grains, OrganizationId id) => grains.GetGrain<IOrganizationGrain>(id.ToString());

    private static IResult Show(OrganizationView organization) =>
        TypedResults.Json(new Envelope<OrganizationWire>(OrganizationWire.From(organization)), OrganizationJson.Wire.EnvelopeOrganizationWire);
}
