using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Leaks;

/// <summary>
/// <c>POST /lifecycle/v1/leaks</c>: a scanner reports secrets that it found. Those of the bearer's organization are
/// revoked; of a report that a partner signed (<see cref="SignedReportFilter"/>), those of every organization. Always
/// 202, without a word on which of them lived.
/// </summary>
internal static class LeakRoutes
{
    /// <summary>Grains that are asked at a time for one report.</summary>
    private const int AskedAtOnce = 16;

    public static void MapLeaks(this RouteGroupBuilder lifecycle) =>
        lifecycle.MapPost("/leaks", Report).Needs("tokens:delete").WithMetadata(new WholeGrant())
            .WithName("tokens_leaks").WithTags("tokens")
            .WithSummary("Report secrets that were found where they should not be; by a bearer, or signed by a partner").TakesNoKey()
            .WithMetadata(
                new RequestHeader(
                    SignedReportFilter.KeyHeader, "in place of a bearer: which of the configured keys signed the body"),
                new RequestHeader(
                    SignedReportFilter.SignatureHeader,
                    "ECDSA on P-256 with SHA-256 over the body, ASN.1 DER in base64"));

    private static async Task<Results<ReportTaken, Refusal>> Report(
        ApiRequest request, Body<LeakReport> body, TokenGrains tokens, ImportedKeys imported)
    {
        await Revoke(request, tokens, body.Value.Secrets);
        foreach (var text in body.Value.Secrets)
        {
            await foreach (var (id, key) in imported.FindIn(request.Bearer.OrganizationId, text, request.Aborted))
            {
                await Revoke(request, tokens, id, key);
            }
        }

        return new ReportTaken();
    }

    /// <summary>Revokes what texts hold of our own secrets, as far as the caller is of their organization or
    /// nobody.</summary>
    public static Task Revoke(ApiRequest request, TokenGrains tokens, IEnumerable<string> texts)
    {
        var found = texts.SelectMany(SecretScan.Find).DistinctBy(secret => secret.Reveal());
        return Parallel.ForEachAsync(
            found,
            new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = request.Aborted },
            async (secret, _) =>
            {
                if (SecretFormat.TryParse(secret.Reveal(), out var id))
                {
                    await Revoke(request, tokens, id, secret);
                }
            });
    }

    private static Task<TokenAnswer> Revoke(ApiRequest request, TokenGrains tokens, TokenId id, Secret secret)
    {
        var command = new RevokeToken { Context = request.NewCommand(), Presented = secret.Fingerprint(), Leaked = true };
        return request.Command(() => tokens[id].Revoke(command));
    }
}

/// <summary>202 without a body.</summary>
internal sealed class ReportTaken : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status202Accepted;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(void)));
}

/// <summary>Body of a report.</summary>
/// <param name="Secrets">what was found, alone or within other text</param>
internal sealed record LeakReport(IReadOnlyList<string> Secrets) : IRequestBody<LeakReport>
{
    public static LeakReport? Read(JsonFields fields)
    {
        var secrets = fields.Texts("secrets", required: true, mayRepeat: true);
        fields.RefuseUnknown();
        return secrets is null ? null : new(secrets);
    }
}

/// <summary>The shapes of this folder, for the document.</summary>
[JsonSerializable(typeof(LeakReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class LeakJson : JsonSerializerContext;
