using Microsoft.AspNetCore.Http;

namespace TokenActors.WebConsole.InProcess;

/// <summary>The gateway's own pipeline, once it is built.</summary>
internal sealed class Pipeline
{
    private RequestDelegate? _handle;

    public RequestDelegate Handle
    {
        get => _handle ?? throw new InvalidOperationException("the pipeline is not built; call UseConsole");
        set => _handle = value;
    }
}
