namespace TokenActors.Gateway.Http;

/// <summary>
/// One API of the gateway: where it lies, and the shape of its errors, also of those outside its handlers.
/// </summary>
internal abstract class Api
{
    public abstract bool Owns(PathString path);

    public abstract Refusal Error(ApiError error);
}
