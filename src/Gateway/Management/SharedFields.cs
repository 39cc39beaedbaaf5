using TokenActors.Domain.Grants;
using TokenActors.Domain.Naming;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>Fields that several bodies share.</summary>
internal static class SharedFields
{
    public static (string? Name, string? Fullname) Names(JsonFields fields)
    {
        var name = Name(fields);
        var fullname = fields.Text("fullname", longest: 256) is { Length: > 0 } given ? given : null;
        return (name ?? (fullname is null ? null : Slug.Derive(fullname)), fullname);
    }

    /// <summary>The display name of a whole object: left out it stays, empty it is the name.</summary>
    public static string FullName(JsonFields fields, string current, string? name) =>
        fields.Text("fullname", longest: 256) switch
        {
            null => current,
            "" => name ?? current,
            var given => given,
        };

    /// <param name="fields">of the body</param>
    /// <param name="required">whether there must be one</param>
    /// <param name="current">the name that the resource has, which may stay whatever it is; null for a new one</param>
    public static string? Name(JsonFields fields, bool required = false, string? current = null)
    {
        if (fields.Text("name", required) is not { } name)
        {
            return null;
        }

        if (!Slug.Is(name))
        {
            fields.Reject("name", $"must be 1 to {Slug.MaxLength} letters, digits, -, _ or ~");
        }
        else if (name != current && Guid.TryParse(name, out _))
        {
            // It would be found in place of what has this id.
            fields.Reject("name", "must not have the form of an id");
        }

        return name;
    }

    /// <summary>The URL of a picture, which whoever sees the thing is shown: it holds no user and no
    /// password.</summary>
    /// <param name="fields">of the body</param>
    /// <param name="current">the one that is stored, which may stay whatever it is</param>
    public static string? Picture(JsonFields fields, string? current = null)
    {
        var picture = fields.Text("picture");
        if (picture is not null && picture != current && InlineSecrets.IsUrlWithUser(picture))
        {
            fields.Errors.Add(new RequestError($"{fields.Pointer}/picture", "body", "holds a user or a password"));
        }

        return picture;
    }

    /// <summary>The duration as it was sent, checked against the profile's bounds.</summary>
    public static string? Ttl(JsonFields fields, TokenProfile profile)
    {
        if (fields.Text("token_ttl") is not { } text)
        {
            return null;
        }

        if (!GoDuration.TryParse(text, out var duration, out var problem))
        {
            fields.Reject("token_ttl", problem);
        }
        else if (profile.ProblemWith(duration.Value) is { } outside)
        {
            fields.Reject("token_ttl", outside);
        }

        return text;
    }

    /// <summary>The name of a permission set that is there.</summary>
    public static string? PermissionSet(JsonFields fields)
    {
        var set = fields.Text("permission_set", required: true);
        if (set is not null && !PermissionSets.Exists(set))
        {
            fields.Reject("permission_set", $"must be one of {string.Join(", ", PermissionSets.Names)}");
        }

        return set;
    }

    public static string? Environment(JsonFields fields, bool required = false)
    {
        var environment = fields.Text("environment", required);
        if (environment is not (null or "test" or "prod"))
        {
            fields.Reject("environment", "must be test or prod");
        }

        return environment;
    }
}
