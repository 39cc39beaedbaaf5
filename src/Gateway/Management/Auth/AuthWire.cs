using TokenActors.Gateway.Management.Members;
using TokenActors.Gateway.Management.Organizations;
using TokenActors.Gateway.Management.Tokens;

namespace TokenActors.Gateway.Management.Auth;

/// <summary>Body of <c>POST /v1/auth/logon/{organizationId}</c>.</summary>
internal sealed record LogonRequest(string Name, string Secret)
{
    public override string ToString() => $"log-on of {Name}";
}

/// <summary>Body of <c>POST /v1/auth/change_password</c>.</summary>
internal sealed record ChangePasswordRequest(string OldSecret, string NewSecret)
{
    public override string ToString() => "change of password";
}

/// <summary><c>LogonResponseResult</c>.</summary>
internal sealed record LogonResult(
    string AuthCode, string RefreshTokenId, TokenPairWire Token, OrganizationWire Organization, MemberWire Member);

/// <summary><c>ChangePasswordResponseResult</c>.</summary>
internal sealed record ChangePasswordResult(string AuthCode);
