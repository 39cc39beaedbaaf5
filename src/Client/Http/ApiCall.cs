using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TokenActors.Client.Http;

/// <summary>Whether a call whose answer was lost may be made again.</summary>
internal enum RepeatSafety
{
    /// <summary>It changes nothing, or the same twice.</summary>
    Always,

    /// <summary>Under its idempotency key.</summary>
    ByKey,

    /// <summary>A change that comes to the same when it is made twice.</summary>
    Replace,

    /// <summary>A delete without a key: where a repetition finds nothing, the first one did it.</summary>
    Delete,

    /// <summary>Never: the second might do something else.</summary>
    Never,
}

/// <summary>Everything that is sent, so that it can be sent again.</summary>
/// <param name="Method">the HTTP method</param>
/// <param name="Path">below the service, its parts escaped</param>
internal sealed record ApiCall(HttpMethod Method, string Path)
{
    private const string Json = "application/json";

    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    public byte[]? Body { get; init; }

    public string BodyType { get; init; } = Json;

    public string Accept { get; init; } = Json;

    public string? IdempotencyKey { get; init; }

    public string? IfMatch { get; init; }

    /// <summary>In place of what the options give.</summary>
    public Secret? Bearer { get; init; }

    /// <summary>Sends no bearer at all.</summary>
    public bool IsAnonymous { get; init; }

    public RepeatSafety Safety { get; init; }

    public bool IsChange => Safety != RepeatSafety.Always;

    public static ApiCall Get(string path) => new(HttpMethod.Get, path);

    /// <summary>A change under an idempotency key.</summary>
    public static ApiCall Post(string path) => new(HttpMethod.Post, path) { Safety = RepeatSafety.ByKey };

    public static ApiCall Delete(string path) => new(HttpMethod.Delete, path) { Safety = RepeatSafety.Delete };

    /// <summary>A merge patch of what has a tag.</summary>
    public static ApiCall MergePatch(string path, string tag) => new(HttpMethod.Patch, path)
    {
        Safety = RepeatSafety.ByKey, IfMatch = tag, BodyType = "application/merge-patch+json",
    };

    /// <summary>A JSON Patch, which takes no key.</summary>
    public static ApiCall Patch(string path, JsonPatch patch)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return new ApiCall(HttpMethod.Patch, path) { Safety = RepeatSafety.Never }
            .With(patch.Operations, ClientJson.Default.JsonArray);
    }

    public ApiCall With<TBody>(TBody body, JsonTypeInfo<TBody> type) =>
        this with { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <summary>With the parameters of a list.</summary>
    /// <param name="query">what is asked</param>
    /// <param name="after">how this API calls where to go on</param>
    public ApiCall With(ListQuery query, string after)
    {
        List<KeyValuePair<string, string>> parameters = [.. Query];
        parameters.AddRange(query.Filters.Select(filter => KeyValuePair.Create("filter", filter)));
        parameters.AddRange(query.Order.Select(order => KeyValuePair.Create("order", order)));
        if (query.Limit is { } limit)
        {
            parameters.Add(new("limit", limit.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        if (query.After is { } start)
        {
            parameters.Add(new(after, start));
        }

        return this with { Query = parameters };
    }

    public ApiCall With(string name, string? value) =>
        value is null ? this : this with { Query = [.. Query, new(name, value)] };

    /// <summary>Path and query, relative to the service.</summary>
    public string Target()
    {
        var target = new StringBuilder(Path);
        foreach (var (index, (name, value)) in Query.Index())
        {
            target.Append(index == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return target.ToString();
    }
}
