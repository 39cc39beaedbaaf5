using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Imports;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Imports;

namespace TokenActors.Gateway.Lifecycle.Imports;

/// <summary><c>/lifecycle/v1/import-schemes</c>: how keys look that an organization imports.</summary>
internal static class ImportSchemeRoutes
{
    public static void MapImportSchemes(this RouteGroupBuilder lifecycle)
    {
        var schemes = lifecycle.MapGroup("/import-schemes").WithTags("imports").WithMetadata(new WholeGrant()).CanBePreviewed();
        schemes.MapGet("", List).Needs("organizations:get").WithName("import_schemes_list")
            .WithSummary("List the schemes of imported keys");
        schemes.MapPost("", Create).Needs("organizations:update").WithName("import_schemes_create")
            .WithSummary("Say how imported keys look and are hashed");
        schemes.MapDelete("/{schemeId}", Delete).Needs("organizations:update").WithName("import_schemes_delete")
            .WithSummary("Delete a scheme that no key uses");
    }

    private static async Task<JsonOk<ImportSchemeList>> List(ApiRequest request, IGrainFactory grains) => new(
        new([.. (await Schemes(request, grains).List(request.Aborted)).Select(ImportSchemeWire.From)]), ImportsJson.Wire.ImportSchemeList);

    private static async Task<Results<JsonCreated<ImportSchemeWire>, Refusal>> Create(
        ApiRequest request, Body<NewImportScheme> body, LifecycleApi api, IGrainFactory grains, ImportedKeys keys, TimeProvider time)
    {
        var scheme = body.Value.Scheme with
        {
            Id = request.Idempotent?.DerivedIdFor("import scheme") ?? Guid.CreateVersion7(time.GetUtcNow()),
        };
        var command = new AddImportScheme { Context = request.NewCommand(), Scheme = ImportSchemeView.From(scheme) };
        var answer = await request.Command(() => Schemes(request, grains).Add(command));
        keys.Forget(request.Bearer.OrganizationId);
        return answer.Scheme is { } made
            ? new JsonCreated<ImportSchemeWire>(ImportSchemeWire.From(made), ImportsJson.Wire.ImportSchemeWire)
            : api.Error(ErrorOf(answer));
    }

    /// <summary>Only while no token accepts a key of it: such a key would be found no more.</summary>
    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string schemeId, LifecycleApi api, IGrainFactory grains, ImportedKeys keys)
    {
        if (!Guid.TryParseExact(schemeId, "D", out var id))
        {
            return api.Error(NotFound);
        }

        var command = new RemoveImportScheme { Context = request.NewCommand(request.Idempotent?.Plain), Id = id };
        var answer = await request.Command(() => Schemes(request, grains).Remove(command));
        keys.Forget(request.Bearer.OrganizationId);
        return answer.Refusal is null ? TypedResults.NoContent() : api.Error(ErrorOf(answer));
    }

    private static ApiError NotFound { get; } = new(
        StatusCodes.Status404NotFound, ApiErrorKind.NotFound, "there is no such import scheme");

    private static IImportSchemesGrain Schemes(ApiRequest request, IGrainFactory grains) =>
        grains.GetGrain<IImportSchemesGrain>(request.Bearer.Organization);

    private static ApiError ErrorOf(ImportSchemeAnswer answer) => answer.Refusal switch
    {
        ImportSchemeRefusal.NameTaken => Conflict("another scheme has this name", "/name"),
        ImportSchemeRefusal.PrefixTaken =>
            Conflict("a key could be of another scheme, too: one prefix begins with the other", "/prefix"),
        ImportSchemeRefusal.TooMany =>
            Conflict($"there are {ImportScheme.Most} schemes, which is as many as there may be"),
        ImportSchemeRefusal.InUse => Conflict(
            $"{answer.Tokens} tokens still accept a key of it; rotate or delete them, or remove their secondary, first"),
        ImportSchemeRefusal.UpgradePending =>
            Conflict("a silo of an older release is running, which knows of no imports"),
        ImportSchemeRefusal.BeyondGrant =>
            ApiError.Forbidden("the bearer may not do this to the organization's schemes"),
        ImportSchemeRefusal.KeyReused => new(
            StatusCodes.Status409Conflict, ApiErrorKind.KeyReused, "the idempotency key was used for another request"),
        ImportSchemeRefusal.Invalid => ApiError.Invalid("the scheme is not allowed"),
        _ => NotFound,
    };

    private static ApiError Conflict(string message, string? pointer = null) =>
        new(StatusCodes.Status409Conflict, ApiErrorKind.Conflict, message, pointer)
        {
            Details = pointer is null ? [] : [new RequestError(pointer, "body", message)],
        };
}

/// <summary>Body of a new scheme: its length is given as a whole, or without the prefix.</summary>
/// <param name="Scheme">the scheme, without an id</param>
internal sealed record NewImportScheme(ImportScheme Scheme) : IRequestBody<NewImportScheme>
{
    static Type IRequestBody<NewImportScheme>.Documented => typeof(NewImportSchemeWire);

    public static NewImportScheme? Read(JsonFields fields)
    {
        var name = Management.SharedFields.Name(fields, required: true);
        var prefix = fields.Text("prefix", required: true);
        var (length, random) = (fields.Number("length"), fields.Number("random_characters"));
        var accepts = fields.Flag("accept_low_entropy") ?? false;
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0 || name is null || prefix is null)
        {
            return null;
        }

        if ((length is null) == (random is null))
        {
            fields.Reject("length", "or random_characters must be given, and not both");
            return null;
        }

        var whole = length ?? random + prefix.Length ?? 0;
        if (whole is < 1 or > ImportScheme.LongestKey)
        {
            fields.Reject(
                length is null ? "random_characters" : "length",
                $"must make a key of 1 to {ImportScheme.LongestKey} characters");
            return null;
        }

        var scheme = new ImportScheme(Guid.Empty, name, prefix, (int)whole, accepts, default);
        if (scheme.Problem is var (field, message))
        {
            fields.Reject(field, message);
            return null;
        }

        return new(scheme);
    }
}
