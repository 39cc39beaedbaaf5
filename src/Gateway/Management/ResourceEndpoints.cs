using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management;

/// <summary>What a body says a resource is to be.</summary>
/// <param name="Content">what can be seen of it</param>
/// <param name="Secret">what is to be encrypted; null: nothing, or as it was</param>
internal sealed record ResourceInput(ResourceContent Content, ProtectedText? Secret = null)
{
    public static implicit operator ResourceInput?(ResourceContent? content) => content is null ? null : new(content);
}

/// <summary>What the six operations on a kind of resource share. A kind says how it is written and read.</summary>
/// <param name="kind">of its grains</param>
/// <param name="schema">of its list</param>
/// <param name="grains">where its grains are</param>
/// <param name="time">the clock</param>
internal abstract class ResourceEndpoints<TGrain, TWire>(string kind, ListSchema schema, IGrainFactory grains, TimeProvider time)
    where TGrain : IResourceGrain
    where TWire : class
{
    private const int MostAttempts = 4;

    protected IGrainFactory Grains => grains;

    protected abstract JsonTypeInfo<TWire> WireType { get; }

    protected abstract JsonTypeInfo<Envelope<TWire>> OneType { get; }

    protected abstract JsonTypeInfo<ListEnvelope<TWire>> ListType { get; }

    /// <summary>Lists of this kind take <c>total</c>.</summary>
    protected virtual bool Counts => true;

    protected abstract TWire ToWire(Resource resource);

    /// <summary>Reads what a body says beyond names; null where something is wrong, which then stands in the fields' errors.</summary>
    protected abstract ResourceInput? ReadContent(HttpContext http, JsonFields fields, Resource? current);

    /// <summary>The name and, where there are more, the other fields that the server sets, which a whole object may carry.</summary>
    protected virtual IReadOnlyList<string> ServerSet => ["created_at", "updated_at"];

    public async Task<IResult> List(HttpContext http) => await List(http, ownerId: null);

    public async Task<IResult> Create(HttpContext http)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var (call, mistake) = await IdempotentCall.Read(http, http.Bearer().Secret);
        if (mistake is not null)
        {
            return ProblemResults.Invalid(http, IdempotentCall.Header, "header", mistake);
        }

        http.Features.Set(call);
        var (name, fullname) = SharedFields.Names(fields!);
        var input = ReadContent(http, fields!, null);
        fields!.RefuseUnknown();
        if (fields.Errors.Count > 0 || input is null)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        if (name is not null && ReservedNames.Contains(name))
        {
            return ProblemResults.Conflict(http, "name-taken", $"There is a {kind} of this name.", kind, name);
        }

        if (await Check(http) is { } broken)
        {
            return broken;
        }

        var id = call?.DerivedId.Value ?? Guid.CreateVersion7(time.GetUtcNow());
        var command = new CreateResource
        {
            Context = http.NewCommand(call is null ? null : new Idempotency { Key = call.Name, Request = call.Request, Sealed = [] }),
            OrganizationId = http.Bearer().OrganizationId,
            Name = name,
            FullName = fullname,
            Content = input.Content,
            Secret = input.Secret,
        };
        return await Make(http, id, command, call);
    }

    public async Task<IResult> Get(HttpContext http, string id)
    {
        var (resource, problem) = await Find(http, id, "get");
        return problem ?? Show(ToWire(resource!));
    }

    public async Task<IResult> Update(HttpContext http, string id)
    {
        var (fields, problem) = await ManagementBody.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        var (current, missing) = await Find(http, id, "update");
        return missing ?? await Replace(http, id, "update", current!, fields!, expectedVersion: null) ?? Changed(http, id);
    }

    /// <summary>The patch is applied to the object as it is shown, and stored only on the version that it was made from.</summary>
    public async Task<IResult> Patch(HttpContext http, string id)
    {
        var (patch, problem) = await PatchRequest.Read(http);
        if (problem is not null)
        {
            return problem;
        }

        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var (current, missing) = await Find(http, id, "patch");
            if (missing is not null)
            {
                return missing;
            }

            var (patched, failed) = patch!.ApplyTo(http, JsonSerializer.SerializeToNode(ToWire(current!), WireType)!.AsObject());
            if (failed is not null)
            {
                return failed;
            }

            var fields = new JsonFields("", JsonSerializer.SerializeToElement<JsonNode>(patched!), []);
            if (await Replace(http, id, "patch", current!, fields, current!.Version) is { } answer)
            {
                return answer;
            }
        }

        return Changed(http, id);
    }

    public async Task<IResult> Delete(HttpContext http, string id)
    {
        var (current, problem) = await Find(http, id, "delete");
        if (problem is not null)
        {
            return problem;
        }

        var command = new DeleteResource { Context = http.NewCommand() };
        var answer = await http.Command(() => Grain(current!.Id).Delete(command));
        return answer.Refusal is { } refusal ? ResourceRefusals.ToProblem(http, refusal, kind, id, answer.Details) : TypedResults.NoContent();
    }

    /// <summary>After a body is read: whether what it refers to is there. Null, or what to answer instead.</summary>
    protected virtual Task<IResult?> Check(HttpContext http) => Task.FromResult<IResult?>(null);

    /// <summary>The answer to an update or a patch.</summary>
    protected virtual Task<IResult> Replaced(HttpContext http, Resource resource) => Task.FromResult(Show(ToWire(resource)));

    /// <summary>Names that are taken everywhere.</summary>
    protected virtual IReadOnlyCollection<string> ReservedNames => [];

    /// <summary>Carries a create out and answers it.</summary>
    protected virtual async Task<IResult> Make(HttpContext http, Guid id, CreateResource command, IdempotentCall? call)
    {
        var answer = await http.Command(() => Grain(id).Create(command));
        return answer.Refusal is { } refusal
            ? ResourceRefusals.ToProblem(http, refusal, kind, command.Name ?? "", answer.Details)
            : Created(ToWire(answer.Resource!));
    }

    /// <summary>Carries an update or a patch out.</summary>
    protected virtual Task<ResourceAnswer> Store(HttpContext http, Guid id, UpdateResource command) =>
        http.Command(() => Grain(id).Update(command));

    protected virtual IResult Created(TWire wire) => TypedResults.Json(new Envelope<TWire>(wire), OneType, statusCode: StatusCodes.Status201Created);

    protected virtual IResult Show(TWire wire) => TypedResults.Json(new Envelope<TWire>(wire), OneType);

    protected TGrain Grain(Guid id) => grains.GetGrain<TGrain>(id.ToString());

    protected async Task<IResult> List(HttpContext http, string? ownerId, string verb = "list")
    {
        var query = ListParameters.Read(http, schema, Counts);
        if (query.Problem is { } problem)
        {
            return problem;
        }

        var page = await grains.GetGrain<ICatalogGrain>("0").ListResources(query.ToRequest(http.Bearer(), kind, ownerId, verb));
        return page.Resources is { } resources
            ? TypedResults.Json(new ListEnvelope<TWire>(await ToWires(http, resources), page.Total), ListType)
            : ListParameters.NoStart(http);
    }

    protected virtual Task<IReadOnlyList<TWire>> ToWires(HttpContext http, IReadOnlyList<Resource> resources) =>
        Task.FromResult<IReadOnlyList<TWire>>([.. resources.Select(ToWire)]);

    /// <summary>By id first, then by name; what the caller may not see is not there.</summary>
    protected virtual async Task<(Resource? Resource, IResult? Problem)> Find(HttpContext http, string idOrName, string verb)
    {
        var organization = http.Bearer().OrganizationId;
        if (await grains.FindResource(organization, kind, idOrName) is not { } id)
        {
            return (null, ProblemResults.NotFound(http, kind, idOrName));
        }

        var answer = await Grain(id).Get(new ReadResource { OrganizationId = organization, Caller = http.Bearer().Caller, Verb = verb });
        return (answer.Resource, answer.Refusal is { } refusal ? ResourceRefusals.ToProblem(http, refusal, kind, idOrName) : null);
    }

    /// <summary>Null where the resource was changed since it was looked at.</summary>
    private async Task<IResult?> Replace(HttpContext http, string id, string verb, Resource current, JsonFields fields, long? expectedVersion)
    {
        ResourceFields.SameAs(fields, "id", current.Id.ToString());
        foreach (var field in ServerSet)
        {
            fields.Any(field);
        }

        var name = SharedFields.Name(fields, required: true);
        var fullname = fields.Text("fullname", required: true, longest: 256);
        var input = ReadContent(http, fields, current);
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0 || input is null)
        {
            return ProblemResults.Invalid(http, fields.Errors);
        }

        if (await Check(http) is { } broken)
        {
            return broken;
        }

        if (name != current.Name && ReservedNames.Contains(name))
        {
            return ProblemResults.Conflict(http, "name-taken", $"There is a {kind} of this name.", kind, name!);
        }

        var command = new UpdateResource
        {
            Context = http.NewCommand(),
            Verb = verb,
            Name = name!,
            FullName = fullname!,
            Content = input.Content,
            Secret = input.Secret,
            ExpectedVersion = expectedVersion,
        };
        var answer = await Store(http, current.Id, command);
        return answer.Refusal switch
        {
            null => await Replaced(http, answer.Resource!),
            ResourceRefusal.ChangedMeanwhile => null,
            ResourceRefusal.NameTaken => ResourceRefusals.ToProblem(http, ResourceRefusal.NameTaken, kind, name!),
            { } refusal => ResourceRefusals.ToProblem(http, refusal, kind, id, answer.Details),
        };
    }

    private IResult Changed(HttpContext http, string id) => ResourceRefusals.ToProblem(http, ResourceRefusal.ChangedMeanwhile, kind, id);
}
