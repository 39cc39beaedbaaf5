using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Capabilities;

/// <summary>What may be asked of a route beyond what it tells anyway.</summary>
internal interface IExpandable
{
    static abstract IReadOnlyList<string> Words { get; }
}

/// <summary><c>expand</c>, repeatable: words of <typeparamref name="T"/>, or <c>all</c>.</summary>
internal sealed class ExpandWords<T> : IRequestPart, IListQuery, IBindableFromHttpContext<ExpandWords<T>>, IEndpointParameterMetadataProvider
    where T : IExpandable
{
    private const string All = "all";

    private IReadOnlyList<string> _words = [];

    private sealed record Metadata : IQueryMetadata
    {
        public IEnumerable<QueryParameter> Parameters =>
            [new("expand", JsonSchemaType.String, $"{string.Join(", ", T.Words)} or all", Many: true)];
    }

    public bool Holds(string word) => _words.Contains(word) || _words.Contains(All);

    public static ValueTask<ExpandWords<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        new(new ExpandWords<T>());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new Metadata());

    public ValueTask<ApiError?> Read(ApiRequest request)
    {
        _words = QueryValues.Of(request.Http.Request.Query, "expand");
        return new(_words.FirstOrDefault(word => word != All && !T.Words.Contains(word)) is { } strange
            ? ApiError.Invalid(
                [new RequestError("expand", "query", $"must be {string.Join(", ", T.Words)} or all", strange)])
            : null);
    }
}
