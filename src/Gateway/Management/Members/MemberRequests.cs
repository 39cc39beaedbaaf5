using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Time;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;

namespace TokenActors.Gateway.Management.Members;

/// <summary>Fields of members that several bodies share.</summary>
internal static class MemberFields
{
    public const int LongestName = 254;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>An email address for a person; any word for a service.</summary>
    /// <param name="fields">of the body</param>
    /// <param name="type">of the member</param>
    /// <param name="current">the name that the member has, which may stay whatever it is; null for a new one</param>
    public static string? Name(JsonFields fields, MemberType type, string? current = null)
    {
        var name = fields.Text("name", required: true, longest: LongestName);
        if (name is null || name == current)
        {
            return name;
        }

        if (MemberNames.Plain(name) is not { } plain)
        {
            fields.Reject("name", "holds characters that look like others, or like nothing");
            return name;
        }

        if (plain.Length == 0 || plain.Any(char.IsWhiteSpace) || (type == MemberType.Personal && !IsAddress(plain)))
        {
            fields.Reject("name", type == MemberType.Personal ? "must be an email address" : "must be one word");
        }
        else if (Guid.TryParse(plain, out _))
        {
            fields.Reject("name", "must not have the form of an id");
        }

        return plain;
    }

    public static string? Duration(
        JsonFields fields, string field, TimeSpan least, TimeSpan most, bool required = false)
    {
        if (fields.Text(field, required) is not { } text)
        {
            return null;
        }

        if (!GoDuration.TryParse(text, out var duration, out var problem))
        {
            fields.Reject(field, problem);
        }
        else if (duration.Value < least || duration.Value > most)
        {
            fields.Reject(field, $"must lie between {GoDuration.Shown(least)} and {GoDuration.Shown(most)}");
        }

        return text;
    }

    public static string? Ttl(JsonFields fields, bool required = false) =>
        Duration(fields, "ttl", Day, 3650 * Day, required);

    public static string? TokenTtl(JsonFields fields, MemberType type, bool required = false) =>
        Duration(fields, "token_ttl", TimeSpan.FromMinutes(1), type == MemberType.Service ? 90 * Day : Day, required);

    public static IReadOnlyList<string>? Roles(JsonFields fields, bool required) =>
        fields.Texts("role_binding", required, allowEmpty: true);

    private static bool IsAddress(string text)
    {
        var at = text.IndexOf('@');
        return at > 0 && at == text.LastIndexOf('@') && at < text.Length - 1;
    }
}

/// <summary>Body of create.</summary>
internal sealed record CreateMemberRequest
{
    public required string Name { get; init; }

    public string? Fullname { get; init; }

    public string? Nickname { get; init; }

    public string? Picture { get; init; }

    public required string Secret { get; init; }

    public IReadOnlyList<string>? RoleBinding { get; init; }

    public MemberOptionsWire? Options { get; init; }

    public string? Type { get; init; }

    public override string ToString() => $"creation of {Name}";

    /// <summary>Null where something is wrong, which then stands in the fields' errors.</summary>
    public static CreateMemberRequest? Read(JsonFields fields, int shortestPassword)
    {
        var type = fields.Text("type");
        if (type is not (null or "personal" or "service"))
        {
            fields.Reject("type", "must be personal or service");
        }

        var kind = type == "service" ? MemberType.Service : MemberType.Personal;
        var name = MemberFields.Name(fields, kind);
        var secret = fields.Text("secret", required: true);
        if (secret is not null && PasswordRules.ProblemWith(secret, name ?? "", shortestPassword) is { } weakness)
        {
            fields.Reject("secret", weakness);
        }

        var fullname = fields.Text("fullname", longest: 256) is { Length: > 0 } shown ? shown : null;
        var nickname = fields.Text("nickname", longest: 256);
        var picture = SharedFields.Picture(fields);
        var roles = MemberFields.Roles(fields, required: false);
        var options = fields.Object("options") is { } given ? MemberOptionsWire.Read(given, kind) : null;
        if (name is null || secret is null || fields.Errors.Count > 0)
        {
            return null;
        }

        return new CreateMemberRequest
        {
            Name = name,
            Secret = secret,
            Type = type,
            Fullname = fullname,
            Nickname = nickname,
            Picture = picture,
            RoleBinding = roles,
            Options = options,
        };
    }

    /// <summary>The password is derived here, so that no grain sees it.</summary>
    /// <param name="request">the call</param>
    /// <param name="context">names the command</param>
    /// <param name="organization">the member's</param>
    /// <param name="hashing">derives the password</param>
    public async Task<CreateMember> ToCommand(
        ApiRequest request, CallContext context, OrganizationId organization, PasswordHashing hashing) => new()
        {
            Context = context,
            OrganizationId = organization,
            Name = Name,
            FullName = Fullname,
            Nickname = Nickname,
            Picture = Picture,
            Type = Type == "service" ? MemberType.Service : MemberType.Personal,
            RoleBinding = [.. RoleBinding ?? [BuiltinRoles.Member]],
            Ttl = Options?.Ttl,
            TokenTtl = Options?.TokenTtl,
            Status = Options?.Status ?? MemberStatus.Enabled,
            PasswordExpired = Options?.Options?.Contains("expired") == true,
            Password = await hashing.Derive(Secret, request.Aborted),
        };
}

/// <summary><c>MemberOptions</c>.</summary>
internal sealed record MemberOptionsWire(string? Ttl, IReadOnlyList<string>? Options, string? TokenTtl)
{
    private static readonly string[] Words = ["disabled", "expired", "forgotten", "invited", "locked"];

    internal MemberStatus Status =>
        Options?.FirstOrDefault(option => option != "expired") is { } state
            ? Enum.Parse<MemberStatus>(state, ignoreCase: true)
            : MemberStatus.Enabled;

    public static MemberOptionsWire Read(JsonFields fields, MemberType type)
    {
        var options = fields.Texts("options", allowEmpty: true);
        if (options?.Any(option => !Words.Contains(option)) == true)
        {
            fields.Reject("options", $"must hold some of {string.Join(", ", Words)}");
            options = null;
        }

        var read = new MemberOptionsWire(MemberFields.Ttl(fields), options, MemberFields.TokenTtl(fields, type));
        fields.RefuseUnknown();
        return read;
    }
}

/// <summary>What a whole member says; what the server sets is read over.</summary>
internal sealed record ReplaceMemberRequest(
    string Name, string Fullname, string? Nickname, string? Picture, MemberStatus Status, IReadOnlyList<string> RoleBinding, string Ttl, string TokenTtl)
{
    private static readonly string[] ServerSet = ["created_at", "updated_at", "last_logon", "expires", "pin_expires"];

    public static ReplaceMemberRequest? Read(JsonFields fields, MemberView current)
    {
        ResourceFields.SameAs(fields, "id", current.Id.ToString());
        ResourceFields.SameAs(fields, "type", current.Type == MemberType.Service ? "service" : "personal");
        foreach (var field in ServerSet)
        {
            fields.Any(field);
        }

        var status = MemberStatus.Enabled;
        if (fields.Text("state", required: true) is { } state
            && (!Enum.TryParse(state, ignoreCase: true, out status) || state.Any(c => !char.IsAsciiLetterLower(c))))
        {
            fields.Reject("state", "must be enabled, disabled, forgotten, invited or locked");
        }

        var name = MemberFields.Name(fields, current.Type, current.Name);
        var fullname = SharedFields.FullName(fields, current.FullName, name);
        var nickname = fields.Text("nickname", longest: 256);
        var picture = SharedFields.Picture(fields, current.Picture);
        var roles = MemberFields.Roles(fields, required: true);
        var ttl = MemberFields.Ttl(fields, required: true);
        var tokenTtl = MemberFields.TokenTtl(fields, current.Type, required: true);
        return name is null || roles is null || ttl is null || tokenTtl is null
            ? null
            : new(name, fullname, nickname, picture, status, roles, ttl, tokenTtl);
    }

    public ReplaceMember ToCommand(CallContext context, long? expectedVersion) => new()
    {
        Context = context,
        Name = Name,
        FullName = Fullname,
        Nickname = Nickname,
        Picture = Picture,
        Status = Status,
        RoleBinding = [.. RoleBinding],
        Ttl = Ttl,
        TokenTtl = TokenTtl,
        ExpectedVersion = expectedVersion,
    };
}

internal sealed record CreatedMember(MemberWire Member);
