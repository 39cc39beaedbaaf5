using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace TokenActors.WebConsole.Sessions;

/// <summary>
/// Who is signed in, and with what. It lives in the encrypted cookie alone: no gateway keeps any of it.
/// </summary>
public sealed record ConsoleSession
{
    /// <summary>Of the cookie's authentication.</summary>
    internal const string Scheme = "console";

    /// <summary>Names the session, also after the person proved themselves again: forms of open pages stay
    /// good.</summary>
    public required string Id { get; init; }

    /// <summary>The bearer of everything that is asked for the person.</summary>
    public required string Access { get; init; }

    /// <summary>Renews the pair; null for a secret that was pasted.</summary>
    public string? Refresh { get; init; }

    /// <summary>The token whose secrets these are; null for a pasted secret until it is known.</summary>
    public string? TokenId { get; init; }

    /// <summary>When the access secret ends; null where it is not known, or has no end.</summary>
    public DateTimeOffset? AccessExpiresAt { get; init; }

    /// <summary>When the person signed in.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>When the person last proved who they are.</summary>
    public required DateTimeOffset ProvedAt { get; init; }

    /// <summary>As the person gave it, to ask for the password again.</summary>
    public string? Organization { get; init; }

    /// <summary>The member who signed in; null for a secret that was pasted.</summary>
    public string? MemberId { get; init; }

    /// <summary>The name that they signed in with.</summary>
    public string? Member { get; init; }

    /// <summary>The roles that the member had then; none for a secret that was pasted.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What the console calls the person.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The organization's full name, or its name.</summary>
    public string? OrganizationName { get; init; }

    /// <summary>The password has to be changed before anything else.</summary>
    public bool MustChangePassword { get; init; }

    public override string ToString() => $"session of {DisplayName}";

    internal ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, Id),
            new Claim(ClaimTypes.Name, DisplayName),
        ],
        Scheme));

    /// <summary>What the cookie holds. It keeps no nulls: an item that is not there is none.</summary>
    internal AuthenticationProperties ToProperties(DateTimeOffset now, TimeSpan idleLife)
    {
        Dictionary<string, string?> items = new()
        {
            ["id"] = Id,
            ["access"] = Access,
            ["refresh"] = Refresh,
            ["token_id"] = TokenId,
            ["access_expires_at"] = Text(AccessExpiresAt),
            ["began_at"] = Text(BeganAt),
            ["proved_at"] = Text(ProvedAt),
            ["organization"] = Organization,
            ["member_id"] = MemberId,
            ["member"] = Member,
            ["roles"] = Roles.Count > 0 ? string.Join('\n', Roles) : null,
            ["display_name"] = DisplayName,
            ["organization_name"] = OrganizationName,
            ["must_change_password"] = MustChangePassword ? "true" : null,
        };
        return new(items.Where(item => item.Value is not null).ToDictionary())
        {
            IssuedUtc = now,
            ExpiresUtc = now + idleLife,
            AllowRefresh = true,
        };
    }

    /// <summary>Null where the cookie is of a version that wrote something else.</summary>
    internal static ConsoleSession? From(AuthenticationProperties properties)
    {
        string? Item(string name) => properties.Items.TryGetValue(name, out var value) ? value : null;
        return Item("id") is { } id && Item("access") is { } access && Time(Item("began_at")) is { } began
            && Item("display_name") is { } shown
            ? new ConsoleSession
            {
                Id = id,
                Access = access,
                Refresh = Item("refresh"),
                TokenId = Item("token_id"),
                AccessExpiresAt = Time(Item("access_expires_at")),
                BeganAt = began,
                ProvedAt = Time(Item("proved_at")) ?? began,
                Organization = Item("organization"),
                MemberId = Item("member_id"),
                Member = Item("member"),
                Roles = Item("roles")?.Split('\n') ?? [],
                DisplayName = shown,
                OrganizationName = Item("organization_name"),
                MustChangePassword = Item("must_change_password") is not null,
            }
            : null;
    }

    private static string? Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            ? time
            : null;
}
