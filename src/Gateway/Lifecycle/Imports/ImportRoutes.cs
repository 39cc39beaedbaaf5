using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Audit;
using TokenActors.Grains.Abstractions.Imports;

namespace TokenActors.Gateway.Lifecycle.Imports;

/// <summary>
/// <c>POST /lifecycle/v1/tokens/import</c> and <c>/lifecycle/v1/imports</c>: keys that something else issued become
/// tokens, by their hashes, in a job that outlives its request, its bearer and every process.
/// </summary>
internal static class ImportRoutes
{
    private const string Making = "tokens:create";
    private const string Receiving = "receiving";
    private const int LargestBody = 32 * 1024 * 1024;
    private const int MostRefusalsShown = 100;
    private const int MostResults = 1_000;
    private const int ForeseenAtOnce = 4;

    /// <summary>After which time one whose organization has too many imports may ask again.</summary>
    private static readonly TimeSpan UntilOneEnds = TimeSpan.FromSeconds(30);

    public static void MapImports(this RouteGroupBuilder lifecycle)
    {
        lifecycle.MapPost("/tokens/import", Import).Needs(Making)
            .WithMetadata(
                new WholeGrant(), new PreviewedRoute(), new BodyOfLines(), new RequestSizeLimitAttribute(LargestBody))
            .ReadsLines<ImportLineWire>().WithName("lifecycle_tokens_import").WithTags("imports")
            .WithSummary("Import keys that something else issued, by their hashes, in a job").Also(
                StatusCodes.Status413PayloadTooLarge);
        lifecycle.MapGet("/imports/{importId}", Get).Needs(Making).WithName("imports_get").WithTags("imports")
            .WithSummary("Read the progress of an import");
        lifecycle.MapDelete("/imports/{importId}", Stop).Needs(Making).WithName("imports_stop").WithTags("imports")
            .WithSummary("Stop an import");
        lifecycle.MapGet("/imports/{importId}/results", Results).Needs(Making).WithName("imports_results").WithTags("imports")
            .WithSummary("List what became of the lines of an import")
            .Asks("state", JsonSchemaType.String, "refused: only lines that were refused")
            .Asks("limit", JsonSchemaType.Integer, $"how many lines, at most {MostResults}; 100 where it is left out")
            .Asks("cursor", JsonSchemaType.String, "the next_cursor of the page before");
    }

    /// <summary>
    /// Nothing is written where a line is wrong. The lines are handed over, and then the import begins. What is known
    /// by its idempotency key is answered before anything is read or counted: it is the same import, whatever changed
    /// since.
    /// </summary>
    private static async Task<Results<ImportStarted, JsonOk<ImportPlanWire>, Refusal>> Import(
        ApiRequest request, LifecycleApi api, IGrainFactory grains, ImportGate gate, TimeProvider time)
    {
        var id = request.Idempotent?.DerivedIdFor("import") ?? Guid.CreateVersion7(time.GetUtcNow());
        if (request.Idempotent is not null)
        {
            var known = await Job(grains, id).Find(
                new FindImportJob { Context = request.NewCommand(), Request = NameOf(request) });
            if (known is { Job.Status: not Receiving } or { Refusal: not (null or ImportJobRefusal.NotFound) })
            {
                return known.Job is { } before ? new ImportStarted(before) : api.Error(ErrorOf(known.Refusal));
            }
        }

        using var pass = gate.Enter(request.Bearer.OrganizationId);
        if (!pass.IsAcquired)
        {
            return api.Error(ApiError.TooManyRequests(ImportGate.Wait));
        }

        var body = await request.Body();
        var schemes = await grains.GetGrain<IImportSchemesGrain>(request.Bearer.Organization).List(request.Aborted);
        var file = new ImportFile(new ImportLineReader(
            [.. schemes.Select(scheme => scheme.ToScheme())], request.Bearer.Caller.Grant, time.GetUtcNow()));
        file.Read(body);
        if (file.Errors.Count > 0)
        {
            return api.Error(file.IsBeyondGrant
                ? ApiError.Forbidden("lines ask for more than the bearer itself may do") with { Details = file.Errors }
                : ApiError.Invalid(file.Errors));
        }

        if (request.IsPreview)
        {
            return new JsonOk<ImportPlanWire>(
                await Foresee(request, file.Lines, grains), ImportsJson.Wire.ImportPlanWire);
        }

        var answer = await HandOver(request, Job(grains, id), file.Lines, NameOf(request));
        return answer.Job is { } job ? new ImportStarted(job) : api.Error(ErrorOf(answer.Refusal));
    }

    /// <summary>
    /// What tells a repetition from another request under its key. It is stored, so that it is no hash that whoever has
    /// the database can try keys by; without a key nothing is ever compared with it.
    /// </summary>
    private static byte[] NameOf(ApiRequest request) => request.Idempotent is { } call
        ? AnswerSeal.NameFor(call.Bearer, $"import:{Convert.ToHexString(call.Request)}")
        : RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    private static async Task<ImportJobAnswer> HandOver(
        ApiRequest request, IImportJobGrain job, List<ImportLine> lines, byte[] hash)
    {
        var make = new MakeImportJob { Context = request.NewCommand(), Total = lines.Count, Request = hash };
        var answer = await request.Command(() => job.Make(make));
        for (var from = 0; from < lines.Count && answer.Refusal is null; from += AppendImportLines.MostLines)
        {
            var append = new AppendImportLines
            {
                Context = request.NewCommand(), From = from, Lines = [.. lines.Skip(from).Take(AppendImportLines.MostLines)],
            };
            answer = await request.Command(() => job.Append(append));
        }

        var start = request.NewCommand();
        return answer.Refusal is null ? await request.Command(() => job.Start(start)) : answer;
    }

    private static async Task<ImportPlanWire> Foresee(ApiRequest request, List<ImportLine> lines, IGrainFactory grains)
    {
        var context = request.NewCommand();
        List<ImportLineResult> refused = [];
        await Parallel.ForEachAsync(
            lines.Chunk(AppendImportLines.MostLines),
            new ParallelOptions { MaxDegreeOfParallelism = ForeseenAtOnce, CancellationToken = request.Aborted },
            async (some, cancellation) =>
            {
                var foreseen = await grains.GetGrain<IImportedKeysGrain>("0").Foresee(
                    new ForeseeImport { Context = context, Lines = ImmutableArray.Create(some) }, cancellation);
                lock (refused)
                {
                    refused.AddRange(foreseen);
                }
            });
        await grains.GetGrain<IAuditGrain>("0").Previewed(context);
        return new(
            true, lines.Count, lines.Count - refused.Count, refused.Count,
            [.. refused.OrderBy(line => line.Number).Take(MostRefusalsShown).Select(ImportResultWire.From)]);
    }

    private static async Task<Results<JsonOk<ImportWire>, Refusal>> Get(
        ApiRequest request, string importId, LifecycleApi api, IGrainFactory grains) => Show(
            api, Guid.TryParseExact(importId, "D", out var id) ? await Job(grains, id).Get(request.NewCommand()) : new());

    private static async Task<Results<JsonOk<ImportWire>, Refusal>> Stop(
        ApiRequest request, string importId, LifecycleApi api, IGrainFactory grains)
    {
        var command = request.NewCommand();
        return Show(
            api, Guid.TryParseExact(importId, "D", out var id) ? await request.Command(() => Job(grains, id).Stop(command)) : new());
    }

    /// <summary>What became of the lines that had their turn, by their numbers.</summary>
    private static async Task<Results<JsonOk<ImportResultPage>, Refusal>> Results(
        ApiRequest request, string importId, LifecycleApi api, IGrainFactory grains)
    {
        var query = request.Http.Request.Query;
        List<RequestError> errors = [];
        var limit = NumberOf(query["limit"].ToString(), 100, 1, MostResults, "limit", errors);
        var after = NumberOf(query["cursor"].ToString(), 0, 0, int.MaxValue, "cursor", errors);
        var state = query["state"].ToString();
        if (state is not ("" or "refused"))
        {
            errors.Add(new RequestError("state", "query", "must be refused, or left out"));
        }

        if (errors.Count > 0)
        {
            return api.Error(ApiError.Invalid(errors));
        }

        var read = new ReadImportResults
        {
            Context = request.NewCommand(), After = after, Limit = limit, RefusedOnly = state == "refused",
        };
        var page = Guid.TryParseExact(importId, "D", out var id)
            ? await Job(grains, id).Results(read)
            : new ImportResults { Refusal = ImportJobRefusal.NotFound };
        return page.Refusal is { } refusal
            ? api.Error(ErrorOf(refusal))
            : new JsonOk<ImportResultPage>(
                new([.. page.Lines.Select(ImportResultWire.From)], page.Next?.ToString(CultureInfo.InvariantCulture)),
                ImportsJson.Wire.ImportResultPage);
    }

    private static int NumberOf(string text, int otherwise, int least, int most, string name, List<RequestError> errors)
    {
        if (text.Length == 0)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most)
        {
            return number;
        }

        errors.Add(new RequestError(
            name, "query",
            name == "cursor" ? "must be the next_cursor of a page" : $"must lie between {least} and {most}"));
        return otherwise;
    }

    private static IImportJobGrain Job(IGrainFactory grains, Guid id) =>
        grains.GetGrain<IImportJobGrain>(id.ToString());

    private static Results<JsonOk<ImportWire>, Refusal> Show(LifecycleApi api, ImportJobAnswer answer) => answer.Job is { } job
        ? new JsonOk<ImportWire>(ImportWire.From(job), ImportsJson.Wire.ImportWire)
        : api.Error(ErrorOf(answer.Refusal));

    private static ApiError ErrorOf(ImportJobRefusal? refusal) => refusal switch
    {
        ImportJobRefusal.IdTaken => new(
            StatusCodes.Status409Conflict, ApiErrorKind.KeyReused, "the idempotency key was used for another request"),
        ImportJobRefusal.UpgradePending => new(
            StatusCodes.Status409Conflict, ApiErrorKind.Conflict, "a silo of an older release is running, which knows of no imports"),
        ImportJobRefusal.TooMany => ApiError.TooManyRequests(UntilOneEnds),
        ImportJobRefusal.Incomplete => new(
            StatusCodes.Status409Conflict, ApiErrorKind.Conflict, "the import was stopped while its lines were handed over"),
        _ => new(StatusCodes.Status404NotFound, ApiErrorKind.NotFound, "there is no such import"),
    };
}

/// <summary>202 with the import, and where its progress is.</summary>
internal sealed class ImportStarted(ImportJobView job)
    : JsonAnswer<ImportWire>(ImportWire.From(job), ImportsJson.Wire.ImportWire, StatusCodes.Status202Accepted), IEndpointMetadataProvider
{
    public override Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.Location = $"{LifecycleApi.Path}/imports/{job.Id}";
        return base.ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(
        new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(ImportWire), ["application/json"]));
}
