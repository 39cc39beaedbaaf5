using TokenActors.Domain.Members;
using TokenActors.Grains.Abstractions.Members;

namespace TokenActors.Gateway.Management.Members;

/// <summary><c>Member</c>.</summary>
internal sealed record MemberWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string State { get; init; }

    public required DateTimeOffset LastLogon { get; init; }

    public required string Fullname { get; init; }

    public string? Nickname { get; init; }

    public string? Picture { get; init; }

    public required string Ttl { get; init; }

    public required string TokenTtl { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required DateTimeOffset PinExpires { get; init; }

    public required IReadOnlyList<string> RoleBinding { get; init; }

    public required string Type { get; init; }

    public static MemberWire From(MemberView view) => new()
    {
        Name = view.Name,
        CreatedAt = view.CreatedAt,
        UpdatedAt = view.UpdatedAt,
        Id = view.Id.ToString(),
        State = view.Status.ToString().ToLowerInvariant(),
        LastLogon = view.LastLogon,
        Fullname = view.FullName,
        Nickname = view.Nickname,
        Picture = view.Picture,
        Ttl = view.Ttl,
        TokenTtl = view.TokenTtl,
        Expires = view.ExpiresAt,
        PinExpires = view.PinExpiresAt,
        RoleBinding = view.RoleBinding,
        Type = view.Type == MemberType.Service ? "service" : "personal",
    };
}
