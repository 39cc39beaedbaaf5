using TokenActors.Domain.Members;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Members;
using TokenActors.Gateway.Management.Organizations;
using TokenActors.Gateway.Management.Tokens;

namespace TokenActors.Gateway.Management.Auth;

/// <summary>Body of <c>POST /v1/auth/logon/{organizationId}</c>.</summary>
internal sealed record LogonRequest(string Name, string Secret) : IRequestBody<LogonRequest>
{
    public static LogonRequest? Read(JsonFields fields)
    {
        var name = fields.Text("name", required: true, longest: MemberFields.LongestName, mayHoldSecret: true);
        var secret = fields.Text("secret", required: true);
        fields.RefuseUnknown();
        return name is null || secret is null ? null : new LogonRequest(name, secret);
    }

    public override string ToString() => $"log-on of {Name}";
}

/// <summary>Body of <c>POST /v1/auth/change_password</c>. <c>revoke_tokens</c> is this service's own.</summary>
internal sealed record ChangePasswordRequest(string OldSecret, string NewSecret, bool? RevokeTokens)
{
    /// <summary>Null where something is wrong, which then stands in the fields' errors.</summary>
    /// <param name="fields">of the body</param>
    /// <param name="name">of the member, which a password may not hold</param>
    /// <param name="shortest">length of a password in the member's organization</param>
    public static ChangePasswordRequest? Read(JsonFields fields, string name, int shortest)
    {
        var oldSecret = fields.Text("old_secret", required: true);
        var newSecret = fields.Text("new_secret", required: true);
        if (newSecret is not null && PasswordRules.ProblemWith(newSecret, name, shortest) is { } weakness)
        {
            fields.Reject("new_secret", weakness);
        }
        else if (oldSecret is not null && newSecret is not null && PasswordRules.Prepare(oldSecret) == PasswordRules.Prepare(newSecret))
        {
            fields.Reject("new_secret", "must be another one than the old");
        }

        var revokes = fields.Flag("revoke_tokens");
        fields.RefuseUnknown();
        return oldSecret is null || newSecret is null || fields.Errors.Count > 0
            ? null
            : new ChangePasswordRequest(oldSecret, newSecret, revokes);
    }

    public override string ToString() => "change of password";
}

/// <summary><c>LogonResponseResult</c>.</summary>
internal sealed record LogonResult(
    string AuthCode, string? AuthMsg, string RefreshTokenId, TokenPairWire Token, OrganizationWire Organization, MemberWire Member);

/// <summary><c>ChangePasswordResponseResult</c>.</summary>
internal sealed record ChangePasswordResult(string AuthCode);
