namespace TokenActors.Domain.Identity;

/// <summary>
/// Id of a refresh token: the long-lived record that owns a primary and a secondary pair. Shown as a lower-case UUID.
/// </summary>
public readonly record struct TokenId(Guid Value)
{
    /// <summary>Accepts the canonical 36-character form only, in any letter case.</summary>
    public static bool TryParse(string? text, out TokenId id)
    {
        var ok = Guid.TryParseExact(text, "D", out var value);
        id = new TokenId(value);
        return ok;
    }

    public static TokenId Parse(string text) => new(Guid.ParseExact(text, "D"));

    public override string ToString() => Value.ToString("D");
}

/// <summary>Id of an organization, the boundary that no data crosses.</summary>
public readonly record struct OrganizationId(Guid Value)
{
    /// <inheritdoc cref="TokenId.TryParse"/>
    public static bool TryParse(string? text, out OrganizationId id)
    {
        var ok = Guid.TryParseExact(text, "D", out var value);
        id = new OrganizationId(value);
        return ok;
    }

    public static OrganizationId Parse(string text) => new(Guid.ParseExact(text, "D"));

    public override string ToString() => Value.ToString("D");
}

/// <summary>Id of a member: the person or service behind a token.</summary>
public readonly record struct MemberId(Guid Value)
{
    public static MemberId Parse(string text) => new(Guid.ParseExact(text, "D"));

    public override string ToString() => Value.ToString("D");
}
