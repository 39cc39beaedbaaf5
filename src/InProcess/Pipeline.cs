using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TokenActors.InProcess;

/// <summary>The gateway's own pipeline, once it is built.</summary>
internal sealed class Pipeline
{
    private RequestDelegate? _handle;

    public RequestDelegate Handle
    {
        get => _handle ?? throw new InvalidOperationException("the pipeline is not built; call UsePipeline");
        set => _handle = value;
    }
}

internal static class PipelineHosting
{
    public static void AddPipeline(this IServiceCollection services) => services.AddSingleton<Pipeline>();

    /// <summary>
    /// Remembers the pipeline from here on. Call it where the client's address is known and before routing.
    /// </summary>
    public static void UsePipeline(this IApplicationBuilder app) => app.Use(next =>
    {
        app.ApplicationServices.GetRequiredService<Pipeline>().Handle = next;
        return next;
    });
}
