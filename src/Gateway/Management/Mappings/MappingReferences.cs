using System.Globalization;
using System.Text.Json;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Mappings;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Mappings;

/// <summary>
/// What names a mapping: its id or name, alone or with a version, as in <c>0198…:3</c>. A version is that number of
/// changes; only the last one is kept.
/// </summary>
internal static class MappingReferences
{
    public const string Unknown = "names no mapping";

    /// <summary>404 where there is no such mapping, or it is at another version by now.</summary>
    public static async Task<Outcome<Resource>> Find(
        ApiRequest request, IGrainFactory grains, string reference, string verb)
    {
        var (name, version) = Split(reference);
        var found = await ResourceCommands.Find<IMappingGrain>(request, grains, MappingKind.Kind, name, verb);
        return found.IsSuccess && version is { } wanted && wanted != found.Value.Version
            ? Problems.NotFound(MappingKind.Kind, reference)
            : found;
    }

    /// <summary>
    /// The first mapping in chains that leads nowhere; null where all lead somewhere. Those that were there before are
    /// not asked for again, since they may be gone since.
    /// </summary>
    /// <param name="request">the request</param>
    /// <param name="grains">the cluster</param>
    /// <param name="chains">as they are to be</param>
    /// <param name="current">as they are</param>
    public static async Task<RequestError?> ProblemWith(
        ApiRequest request, IGrainFactory grains, string? chains, string? current)
    {
        var known = Of(current).Select(reference => reference.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var (pointer, text) in Of(chains))
        {
            if (known.Add(text) && !await Exists(request, grains, Split(text).Name))
            {
                return new RequestError(pointer, "body", Unknown);
            }
        }

        return null;
    }

    /// <summary>Whoever asks: what it does with the mapping is asked of what refers to it.</summary>
    private static async Task<bool> Exists(ApiRequest request, IGrainFactory grains, string name)
    {
        var organization = request.Bearer.OrganizationId;
        return await grains.FindResource(organization, MappingKind.Kind, name) is { } id
            && (await grains.GetGrain<IMappingGrain>(id.ToString())
                .Get(new ReadResource { OrganizationId = organization }, request.Aborted)).Resource is not null;
    }

    private static IEnumerable<(string Pointer, string Text)> Of(string? chains)
    {
        using var document = JsonDocument.Parse(chains ?? "[]");
        return
        [
            .. document.RootElement.EnumerateArray().SelectMany((chain, i) => chain.GetProperty("mappings")
                .EnumerateArray().Select((mapping, j) => ($"/mappings/{i}/mappings/{j}", mapping.GetString() ?? ""))),
        ];
    }

    private static (string Name, long? Version) Split(string reference)
    {
        var colon = reference.LastIndexOf(':');
        return colon > 0 && long.TryParse(
            reference.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? (reference[..colon], version)
            : (reference, null);
    }
}
