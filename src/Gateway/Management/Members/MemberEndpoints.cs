using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Members;

/// <summary>
/// <c>/v1/members</c>. The roles of a member, before and after a change, lie within what the bearer may do.
/// </summary>
internal sealed class MemberEndpoints : IListSchema
{
    private const string Kind = "member";

    public static ListSchema Schema => MemberList.Schema;

    public static void Map(RouteGroupBuilder v1)
    {
        var members = v1.MapResource("/members", "members").CanBePreviewed();
        members.MapGet("", List).Needs("members:list").WithName("members_list");
        members.MapPost("", Create).Needs("members:create").WithMetadata(new IdempotentRoute()).WithName("members_create");
        members.MapGet("/{memberId}", Get).Needs("members:get").WithName("members_get");
        members.MapPut("/{memberId}", Update).Needs("members:update").WithName("members_update");
        members.MapPatch("/{memberId}", Patch).Needs("members:patch").WithName("members_patch");
        members.MapDelete("/{memberId}", Delete).Needs("members:delete").WithName("members_delete");
    }

    private static async Task<Results<JsonList<ListEnvelope<MemberWire>>, Refusal>> List(
        ApiRequest request, ListQuery<MemberEndpoints> query, IGrainFactory grains)
    {
        var page = await grains.GetGrain<ICatalogGrain>("0")
            .ListMembers(query.ToRequest(request.Bearer), request.Aborted);
        return page.Members is { } members
            ? new JsonList<ListEnvelope<MemberWire>>(
                new([.. members.Select(MemberWire.From)]), MemberJson.Wire.ListEnvelopeMemberWire)
            : ListQueries.NoStart();
    }

    private static async Task<Results<JsonCreated<Envelope<CreatedMember>>, Refusal>> Create(
        ApiRequest request, ObjectBody<CreateMemberRequest> body, IGrainFactory grains,
        PasswordHashing hashing, TimeProvider time)
    {
        var organization = request.Bearer.OrganizationId;
        var shortest = (await grains.GetGrain<IOrganizationGrain>(organization.ToString()).Get())?.MinimumPasswordLength;
        var wanted = CreateMemberRequest.Read(body.Fields, shortest ?? PasswordRules.MinLength);
        body.Fields.RefuseUnknown();
        if (wanted is null || body.Fields.Errors.Count > 0)
        {
            return Problems.Invalid(body.Fields.Errors);
        }

        var id = new MemberId(request.Idempotent?.DerivedIdFor("member") ?? Guid.CreateVersion7(time.GetUtcNow()));
        var command = await wanted.ToCommand(request, request.NewCommand(KeyOf(request)), organization, hashing);
        var answer = await request.Command(() => grains.GetGrain<IMemberGrain>(id.ToString()).Add(command));
        return answer is { Refusal: null, Member: { } member }
            ? new JsonCreated<Envelope<CreatedMember>>(
                new(new(MemberWire.From(member))), MemberJson.Wire.EnvelopeCreatedMember)
            : ToProblem(answer, wanted.Name);
    }

    /// <summary>
    /// The request has a password in it: what tells it from another one is stored, so that it is no hash that whoever
    /// has the database can try passwords by.
    /// </summary>
    private static Idempotency? KeyOf(ApiRequest request) => request.Idempotent is { } call
        ? new Idempotency
        {
            Key = call.Name, Request = AnswerSeal.NameFor(call.Bearer, $"member:{Convert.ToHexString(call.Request)}"), Sealed = [],
        }
        : null;

    private static async Task<Results<JsonOk<Envelope<MemberWire>>, Refusal>> Get(
        ApiRequest request, string memberId, IGrainFactory grains)
    {
        var member = await Find(request, memberId, grains);
        return member.IsSuccess ? Show(member.Value) : member.Refusal;
    }

    private static async Task<Results<JsonOk<Envelope<MemberWire>>, Refusal>> Update(
        ApiRequest request, string memberId, ObjectBody<MemberWire> body, IGrainFactory grains)
    {
        var member = await Find(request, memberId, grains);
        return member.IsSuccess
            ? await Replace(request, memberId, member.Value, body.Fields, grains, expectedVersion: null)
                ?? ResourceCommands.Changed(Kind, memberId)
            : member.Refusal;
    }

    private static Task<Results<JsonOk<Envelope<MemberWire>>, Refusal>> Patch(
        ApiRequest request, string memberId, JsonPatch patch, IGrainFactory grains) => patch.Apply(
            () => Find(request, memberId, grains), MemberWire.From, MemberJson.Wire.MemberWire,
            (member, fields) => Replace(request, memberId, member, fields, grains, member.Version),
            ResourceCommands.Changed(Kind, memberId));

    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string memberId, IGrainFactory grains)
    {
        var member = await Find(request, memberId, grains);
        if (!member.IsSuccess)
        {
            return member.Refusal;
        }

        var command = new DeleteResource { Context = request.NewCommand() };
        var answer = await request.Command(
            () => grains.GetGrain<IMemberGrain>(member.Value.Id.ToString()).Delete(command));
        return answer.Refusal is null ? TypedResults.NoContent() : ToProblem(answer, memberId);
    }

    /// <summary>Null where the member was changed since it was read.</summary>
    private static async Task<Results<JsonOk<Envelope<MemberWire>>, Refusal>?> Replace(
        ApiRequest request, string memberId, MemberView current, JsonFields fields, IGrainFactory grains, long? expectedVersion)
    {
        var wanted = ReplaceMemberRequest.Read(fields, current);
        fields.RefuseUnknown();
        if (wanted is null || fields.Errors.Count > 0)
        {
            return Problems.Invalid(fields.Errors);
        }

        var command = wanted.ToCommand(request.NewCommand(), expectedVersion);
        var answer = await request.Command(() => grains.GetGrain<IMemberGrain>(current.Id.ToString()).Replace(command));
        return answer switch
        {
            { Refusal: ResourceRefusal.ChangedMeanwhile } => null,
            { Refusal: null, Member: { } member } => Show(member),
            _ => ToProblem(answer, memberId),
        };
    }

    /// <summary>By id first, then by name, which is longer than other resources' names.</summary>
    private static async Task<Outcome<MemberView>> Find(ApiRequest request, string idOrName, IGrainFactory grains)
    {
        var bearer = request.Bearer;
        if (await FindId(bearer.OrganizationId, idOrName, grains) is not { } id)
        {
            return Problems.NotFound(Kind, idOrName);
        }

        // Who may change members is whole in the organization: it finds all of them, whether it may look at them or
        // not.
        var caller = HttpMethods.IsGet(request.Http.Request.Method) ? bearer.Caller : null;
        var query = new ReadResource { OrganizationId = bearer.OrganizationId, Caller = caller };
        return (await grains.GetGrain<IMemberGrain>(id.ToString()).See(query)).Member is { } member
            ? member
            : Problems.NotFound(Kind, idOrName);
    }

    /// <summary>
    /// Names are kept with letters and accents in one character; those of before they were may be in two.
    /// </summary>
    private static async ValueTask<Guid?> FindId(OrganizationId organization, string idOrName, IGrainFactory grains)
    {
        if (await grains.FindResource(organization, Kind, idOrName, MemberFields.LongestName) is { } id)
        {
            return id;
        }

        return MemberNames.Composed(idOrName) is { } composed && composed != idOrName
            ? await grains.FindResource(organization, Kind, composed, MemberFields.LongestName)
            : null;
    }

    private static JsonOk<Envelope<MemberWire>> Show(MemberView member) =>
        new(new(MemberWire.From(member)), MemberJson.Wire.EnvelopeMemberWire);

    private static Refusal ToProblem(MemberAnswer answer, string id) => answer.Refusal switch
    {
        ResourceRefusal.InvalidReference =>
            Problems.Invalid(
                "/role_binding", "body", $"names roles that do not exist: {string.Join(", ", answer.Details)}"),
        { } refusal => ResourceRefusals.ToProblem(refusal, Kind, id, answer.Details),
        null => Problems.NotFound(Kind, id),
    };
}
