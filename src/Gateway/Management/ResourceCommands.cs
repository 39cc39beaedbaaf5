using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management;

/// <summary>What a body says a resource is to be, beyond its names.</summary>
/// <param name="Content">what can be seen of it</param>
/// <param name="Secret">what is to be encrypted; null: nothing, or as it was</param>
internal sealed record ResourceInput(ResourceContent Content, ProtectedText? Secret = null);

/// <summary>What a body says of a new resource.</summary>
internal sealed record NewResource(string? Name, string? FullName, ResourceInput Input);

/// <summary>What a body says of a whole resource that is to replace the one there.</summary>
internal sealed record WholeResource(string Name, string FullName, ResourceInput Input);

/// <summary>
/// The steps that operations on every kind of resource share: reading a body, finding, creating, replacing and
/// deleting.
/// </summary>
internal static class ResourceCommands
{
    /// <param name="fields">of the body</param>
    /// <param name="kind">as the wire names it</param>
    /// <param name="content">reads what is not a name; null where something is wrong, which then stands in the fields'
    /// errors</param>
    /// <param name="reserved">names that are taken everywhere</param>
    public static Outcome<NewResource> ReadNew(
        JsonFields fields, string kind, Func<JsonFields, ResourceInput?> content, IReadOnlyCollection<string>? reserved = null)
    {
        var (name, fullname) = SharedFields.Names(fields);
        var input = content(fields);
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0 || input is null)
        {
            return Problems.Invalid(fields.Errors);
        }

        return name is not null && reserved?.Contains(name, StringComparer.OrdinalIgnoreCase) == true
            ? ResourceRefusals.NameTaken(kind, name)
            : new NewResource(name, fullname, input);
    }

    /// <param name="fields">of the body, or of a patched resource</param>
    /// <param name="current">the resource that is to be replaced</param>
    /// <param name="kind">as the wire names it</param>
    /// <param name="serverSet">fields that the server sets, which a whole object may carry</param>
    /// <param name="content">reads what is not a name; null where something is wrong, which then stands in the fields'
    /// errors</param>
    /// <param name="reserved">names that are taken everywhere</param>
    public static Outcome<WholeResource> ReadWhole(
        JsonFields fields, Resource current, string kind, IReadOnlyList<string> serverSet,
        Func<JsonFields, ResourceInput?> content,
        IReadOnlyCollection<string>? reserved = null)
    {
        ResourceFields.SameAs(fields, "id", current.Id.ToString());
        foreach (var field in serverSet)
        {
            fields.Any(field);
        }

        var name = SharedFields.Name(fields, required: true, current.Name);
        var fullname = SharedFields.FullName(fields, current.FullName, name);
        var input = content(fields);
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0 || name is null || input is null)
        {
            return Problems.Invalid(fields.Errors);
        }

        return name != current.Name && reserved?.Contains(name, StringComparer.OrdinalIgnoreCase) == true
            ? ResourceRefusals.NameTaken(kind, name)
            : new WholeResource(name, fullname, input);
    }

    /// <summary>
    /// By id first, then by name, which is the organization's or that of what hangs on an owner; what the caller may
    /// not see is not there.
    /// </summary>
    public static async Task<Outcome<Resource>> Find<TGrain>(
        ApiRequest request, IGrainFactory grains, string kind, string idOrName, string verb, Guid? owner = null)
        where TGrain : IResourceGrain
    {
        var organization = request.Bearer.OrganizationId;
        var found = owner is { } within
            ? await grains.FindOwned(organization, kind, idOrName, within)
            : await grains.FindResource(organization, kind, idOrName);
        if (found is not { } id)
        {
            return Problems.NotFound(kind, idOrName);
        }

        var read = new ReadResource { OrganizationId = organization, Caller = request.Bearer.Caller, Verb = verb };
        return Read(await grains.GetGrain<TGrain>(id.ToString()).Get(read, request.Aborted), kind, idOrName);
    }

    /// <summary>One page of a list; only what the bearer may see is on it.</summary>
    public static async Task<Outcome<ResourcePage>> List<TList>(
        ApiRequest request, ListQuery<TList> query, IGrainFactory grains, string kind, string? ownerId = null, string verb = "list")
        where TList : IListSchema
    {
        var page = await grains.GetGrain<ICatalogGrain>("0")
            .ListResources(query.ToRequest(request.Bearer, kind, ownerId, verb), request.Aborted);
        return page.Resources is null ? ListQueries.NoStart() : page;
    }

    /// <summary>The command that makes a resource. A repetition under the same key makes nothing twice.</summary>
    public static CreateResource ToCreate(ApiRequest request, NewResource resource) => new()
    {
        Context = request.NewCommand(
            request.Idempotent is { } call
                ? new Idempotency { Key = call.Name, Request = call.Request, Sealed = [] }
                : null),
        OrganizationId = request.Bearer.OrganizationId,
        Name = resource.Name,
        FullName = resource.FullName,
        Content = resource.Input.Content,
        Secret = resource.Input.Secret,
    };

    /// <summary>The id of a resource that is about to be made: derived from the idempotency key, or new.</summary>
    public static Guid NewId(ApiRequest request, TimeProvider time) =>
        request.Idempotent?.DerivedId.Value ?? Guid.CreateVersion7(time.GetUtcNow());

    public static async Task<Outcome<Resource>> Create<TGrain>(
        ApiRequest request, IGrainFactory grains, TimeProvider time, string kind, NewResource resource)
        where TGrain : IResourceGrain
    {
        var id = NewId(request, time);
        var command = ToCreate(request, resource);
        return Read(
            await request.Command(() => grains.GetGrain<TGrain>(id.ToString()).Create(command)), kind,
            command.Name ?? "");
    }

    /// <param name="request">the request</param>
    /// <param name="resource">what it is to be</param>
    /// <param name="verb">update or patch, as the action table names it</param>
    /// <param name="expectedVersion">the version that it was made from; null: whatever is there</param>
    public static UpdateResource ToUpdate(ApiRequest request, WholeResource resource, string verb, long? expectedVersion) => new()
    {
        Context = request.NewCommand(),
        Verb = verb,
        Name = resource.Name,
        FullName = resource.FullName,
        Content = resource.Input.Content,
        Secret = resource.Input.Secret,
        ExpectedVersion = expectedVersion,
    };

    /// <summary>The answer to an update or a patch; null where the resource was changed since it was read.</summary>
    /// <param name="answer">of the grain</param>
    /// <param name="kind">as the wire names it</param>
    /// <param name="id">id or name in the path</param>
    /// <param name="name">that the resource was to get</param>
    public static Outcome<Resource>? Replaced(ResourceAnswer answer, string kind, string id, string name) =>
        answer.Refusal switch
        {
            ResourceRefusal.ChangedMeanwhile => (Outcome<Resource>?)null,
            ResourceRefusal.NameTaken => ResourceRefusals.NameTaken(kind, name),
            _ => Read(answer, kind, id),
        };

    public static async Task<Outcome<Resource>> Delete<TGrain>(
        ApiRequest request, IGrainFactory grains, string kind, string idOrName, Resource resource)
        where TGrain : IResourceGrain
    {
        var command = new DeleteResource { Context = request.NewCommand() };
        var answer = await request.Command(() => grains.GetGrain<TGrain>(resource.Id.ToString()).Delete(command));
        return answer.Refusal is { } refusal
            ? ResourceRefusals.ToProblem(refusal, kind, idOrName, answer.Details)
            : resource;
    }

    public static Refusal Changed(string kind, string idOrName) =>
        ResourceRefusals.ToProblem(ResourceRefusal.ChangedMeanwhile, kind, idOrName);

    public static Outcome<Resource> Read(ResourceAnswer answer, string kind, string id) => answer switch
    {
        { Refusal: { } refusal } => ResourceRefusals.ToProblem(refusal, kind, id, answer.Details),
        { Resource: { } resource } => resource,
        _ => Problems.NotFound(kind, id),
    };
}
