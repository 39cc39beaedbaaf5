using System.Text.Json.Serialization.Metadata;

namespace TokenActors.Client.Http;

/// <summary>What the groups of calls share.</summary>
internal sealed class ApiGroup(ApiConnection connection)
{
    /// <summary>The path of the Lifecycle API.</summary>
    public const string Lifecycle = "lifecycle/v1";

    /// <summary>The path of the Management API.</summary>
    public const string Management = "v1";

    public static ClientJson Json => ClientJson.Default;

    public ApiConnection Connection => connection;

    /// <summary>A part of a path.</summary>
    public static string Part(string text) =>
        // An address folds dots, however they are written.
        text is "" or "." or ".."
            ? throw new ArgumentException($"'{text}' names nothing.", nameof(text))
            : Uri.EscapeDataString(text);

    /// <summary>What the Management API answers, out of its envelope.</summary>
    public async Task<T> Result<T>(ApiCall call, JsonTypeInfo<Envelope<T>> type, CancellationToken cancellation) =>
        (await connection.Read(call, type, cancellation).ConfigureAwait(false)).Result;

    /// <summary>A list of the Lifecycle API.</summary>
    public Listing<T> Listing<T>(ApiCall call, ListQuery? query, JsonTypeInfo<Page<T>> type) => new(
        query ?? ListQuery.Everything,
        async (asked, cancellation) =>
        {
            var page = await connection.Read(call.With(asked, "cursor"), type, cancellation).ConfigureAwait(false);
            return new(page.Items, page.NextCursor);
        });

    /// <summary>A change that cannot be previewed.</summary>
    public Change<T> Change<T>(ApiCall call, JsonTypeInfo<T> type) =>
        new PlainChange<T>(call, (sent, cancellation) => connection.Read(sent, type, cancellation));

    /// <summary>A change with a preview.</summary>
    public Change<T, Preview> Previewed<T>(ApiCall call, JsonTypeInfo<T> type) =>
        Previewed(call, (sent, cancellation) => connection.Read(sent, type, cancellation));

    /// <summary>A change with a preview, whose answer is read in a way of its own.</summary>
    public Change<T, Preview> Previewed<T>(ApiCall call, Func<ApiCall, CancellationToken, Task<T>> send) =>
        new(call, send, (asked, cancellation) => connection.Read(asked, Json.Preview, cancellation));

    /// <summary>A change with a preview and an answer without a body.</summary>
    public Change<Done, Preview> Removal(ApiCall call) => Previewed(call, RunDone);

    /// <summary>A change without a preview and an answer without a body.</summary>
    public Change<Done> Command(ApiCall call) => new PlainChange<Done>(call, RunDone);

    private async Task<Done> RunDone(ApiCall call, CancellationToken cancellation)
    {
        await connection.Run(call, cancellation).ConfigureAwait(false);
        return Done.Instance;
    }
}
