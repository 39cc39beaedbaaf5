using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Members;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Members;

/// <summary><c>/v1/members</c>. The roles of a member, before and after a change, lie within what the bearer may do.</summary>
internal static class MemberEndpoints
{
    private const string Kind = "member";
    private const int MostAttempts = 4;

    public static void Map(RouteGroupBuilder v1)
    {
        var members = v1.MapResource("/members", "members");
        members.MapGet("", List).Needs("members:list").WithName("members_list").AsksForList().Produces<ListEnvelope<MemberWire>>();
        members.MapPost("", Create).Needs("members:create").WithName("members_create")
            .Accepts<CreateMemberRequest>("application/json").Produces<Envelope<CreatedMember>>(StatusCodes.Status201Created);
        members.MapGet("/{memberId}", Get).Needs("members:get").WithName("members_get").Produces<Envelope<MemberWire>>();
        members.MapPut("/{memberId}", Update).Needs("members:update").WithName("members_update")
            .Accepts<MemberWire>("application/json").Produces<Envelope<MemberWire>>();
        members.MapPatch("/{memberId}", Patch).Needs("members:patch").WithName("members_patch")
            .Reads<IReadOnlyList<PatchOperation>>().Produces<Envelope<MemberWire>>();
        members.MapDelete("/{memberId}", Delete).Needs("members:delete").WithName("members_delete").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> List(HttpContext http, IGrainFactory grains)
    {
        var query = ListParameters.Read(http, MemberList.Schema, counts: false);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var page = await grains.GetGrain<ICatalogGrain>("0").ListMembers(new ListRequest
        {
            OrganizationId = http.Bearer().OrganizationId,
            Limit = query.Limit,
            StartAfter = query.StartAfter,
            Orders = [.. query.Orders],
            Filters = [.. query.Filters],
        });
        return page.Members is { } members
            ? TypedResults.Json(new ListEnvelope<MemberWire>([.. members.Select(MemberWire.From)]), MemberJson.Wire.ListEnvelopeMemberWire)
            : ListParameters.NoStart(http);
    }

    private static async Task<IResult> Create(HttpContext http, IGrainFactory grains, TimeProvider time)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var organization = http.Bearer().OrganizationId;
        var shortest = (await grains.GetGrain<IOrganizationGrain>(organization.ToString()).Get())?.MinimumPasswordLength;
        var request = CreateMemberRequest.Read(fields!, shortest ?? PasswordRules.MinLength);
        fields!.RefuseUnknown();
        if (request is null || fields.Errors.Count > 0)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        var id = new MemberId(Guid.CreateVersion7(time.GetUtcNow()));
        var command = await request.ToCommand(http.NewCommand(), organization);
        var answer = await http.Command(() => grains.GetGrain<IMemberGrain>(id.ToString()).Add(command));
        return answer.Refusal is { } refusal
            ? ToProblem(http, refusal, request.Name, answer.Details)
            : TypedResults.Json(
                new Envelope<CreatedMember>(new(MemberWire.From(answer.Member!))), MemberJson.Wire.EnvelopeCreatedMember, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Get(HttpContext http, string memberId, IGrainFactory grains) =>
        await Find(http, memberId, grains) is { } member ? Show(member) : NotFound(http, memberId);

    private static async Task<IResult> Update(HttpContext http, string memberId, IGrainFactory grains)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        return await Find(http, memberId, grains) is { } member
            ? await Replace(http, memberId, member, fields!, grains, expectedVersion: null) ?? ToProblem(http, ResourceRefusal.ChangedMeanwhile, memberId, [])
            : NotFound(http, memberId);
    }

    private static async Task<IResult> Patch(HttpContext http, string memberId, IGrainFactory grains)
    {
        var (patch, problem) = await PatchRequest.Read(http);
        for (var attempt = 0; problem is null && attempt < MostAttempts; attempt++)
        {
            if (await Find(http, memberId, grains) is not { } member)
            {
                return NotFound(http, memberId);
            }

            var shown = JsonSerializer.SerializeToNode(MemberWire.From(member), MemberJson.Wire.MemberWire)!.AsObject();
            var (patched, failed) = patch!.ApplyTo(http, shown);
            if (failed is not null)
            {
                return failed;
            }

            var fields = new JsonFields("", JsonSerializer.SerializeToElement<JsonNode>(patched!), []);
            if (await Replace(http, memberId, member, fields, grains, member.Version) is { } answer)
            {
                return answer;
            }
        }

        return problem ?? ToProblem(http, ResourceRefusal.ChangedMeanwhile, memberId, []);
    }

    private static async Task<IResult> Delete(HttpContext http, string memberId, IGrainFactory grains)
    {
        if (await Find(http, memberId, grains) is not { } member)
        {
            return NotFound(http, memberId);
        }

        var command = new DeleteResource { Context = http.NewCommand() };
        var answer = await http.Command(() => grains.GetGrain<IMemberGrain>(member.Id.ToString()).Delete(command));
        return answer.Refusal is { } refusal ? ToProblem(http, refusal, memberId, answer.Details) : TypedResults.NoContent();
    }

    /// <summary>Null where the member was changed since it was looked at.</summary>
    private static async Task<IResult?> Replace(
        HttpContext http, string memberId, MemberView current, JsonFields fields, IGrainFactory grains, long? expectedVersion)
    {
        var wanted = ReplaceMemberRequest.Read(fields, current);
        fields.RefuseUnknown();
        if (wanted is null || fields.Errors.Count > 0)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        var command = wanted.ToCommand(http.NewCommand(), expectedVersion);
        var answer = await http.Command(() => grains.GetGrain<IMemberGrain>(current.Id.ToString()).Replace(command));
        return answer.Refusal switch
        {
            null => Show(answer.Member!),
            ResourceRefusal.ChangedMeanwhile => null,
            { } refusal => ToProblem(http, refusal, memberId, answer.Details),
        };
    }

    private static async Task<MemberView?> Find(HttpContext http, string idOrName, IGrainFactory grains)
    {
        var organization = http.Bearer().OrganizationId;
        var id = Guid.TryParseExact(idOrName, "D", out var parsed) ? parsed
            : idOrName.Length > MemberFields.LongestName || !StorableText.Is(idOrName) ? (Guid?)null
            : await grains.GetGrain<ICatalogGrain>("0").FindResource(organization, Kind, idOrName);
        return id is null ? null
            : await grains.GetGrain<IMemberGrain>(id.Value.ToString()).Get() is { } member && member.OrganizationId == organization ? member
            : null;
    }

    private static IResult Show(MemberView member) => TypedResults.Json(new Envelope<MemberWire>(MemberWire.From(member)), MemberJson.Wire.EnvelopeMemberWire);

    private static IResult NotFound(HttpContext http, string id) => ProblemResults.NotFound(http, Kind, id);

    private static IResult ToProblem(HttpContext http, ResourceRefusal refusal, string id, ImmutableArray<string> details) =>
        refusal == ResourceRefusal.InvalidReference
            ? ProblemResults.Invalid(http, "/role_binding", "body", $"names roles that do not exist: {string.Join(", ", details)}")
            : ResourceRefusals.ToProblem(http, refusal, Kind, id, details);
}
