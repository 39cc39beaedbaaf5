using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management;

namespace TokenActors.Gateway.OAuth;

/// <summary>
/// The endpoints of RFC 7662 and RFC 7009. A request that cannot be read is answered in their shape, all else as by the
/// Management API.
/// </summary>
internal sealed class OAuthApi(ManagementApi management) : Api
{
    public override bool Owns(PathString path) => path.StartsWithSegments("/oauth2");

    public override Refusal Error(ApiError error) => error.Kind == ApiErrorKind.Invalid
        ? OAuthError.Answer(error.Status, "invalid_request", "the request cannot be read")
        : management.Error(error);
}
