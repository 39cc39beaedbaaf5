using System.Text.Json.Nodes;
using TokenActors.Client.Http;

namespace TokenActors.Client.Tokens;

/// <summary>What became of a token's secrets.</summary>
/// <param name="TokenId">the token</param>
/// <param name="Kept">false where the operator keeps no hours and networks</param>
/// <param name="From">the first hour that was asked about</param>
/// <param name="Until">now; the last full minute is told</param>
/// <param name="Accepted">how often a secret was accepted in this time</param>
/// <param name="Refused">how often one was refused, by the reason</param>
/// <param name="Hours">the hours in which something was counted</param>
/// <param name="Addresses">the last networks that it was used from, the last first</param>
/// <param name="LastUsed">its last use</param>
public sealed record TokenUsage(
    string TokenId, bool Kept, DateTimeOffset From, DateTimeOffset Until, long Accepted,
    IReadOnlyDictionary<string, long> Refused,
    IReadOnlyList<UsageHour> Hours, IReadOnlyList<UsageAddress> Addresses, LastUse? LastUsed) : IAnswer
{
    bool IAnswer.IsWhole => Hours is not null && Refused is not null;
}

/// <summary>What was counted in an hour.</summary>
/// <param name="Start">its first instant</param>
/// <param name="Accepted">how often a secret was accepted</param>
/// <param name="Refused">how often one was refused, by the reason</param>
public sealed record UsageHour(DateTimeOffset Start, long Accepted, IReadOnlyDictionary<string, long> Refused);

/// <summary>A network that a token was used from.</summary>
/// <param name="Address">its first address and the length of its prefix</param>
/// <param name="Client">the kind of client that was seen there last</param>
/// <param name="FirstAt">the first use from there</param>
/// <param name="LastAt">the last use from there</param>
public sealed record UsageAddress(string Address, string? Client, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>Whether a token may do something, and which clause of its grant says so.</summary>
/// <param name="Allowed">it may</param>
/// <param name="Because"><c>clause</c>, or why not</param>
/// <param name="Clause">that allows it</param>
/// <param name="Action">that was asked about</param>
/// <param name="Resource">that was asked about</param>
public sealed record CanAnswer(bool Allowed, string Because, GrantClause? Clause, string Action, string Resource)
    : IAnswer
{
    bool IAnswer.IsWhole => Because is not null;
}

/// <summary>A part of a grant that allows something.</summary>
/// <param name="Number">its place</param>
/// <param name="Actions">what it allows</param>
/// <param name="Resources">where</param>
/// <param name="Addresses">from where</param>
public sealed record GrantClause(
    int Number, IReadOnlyList<string> Actions, Resources? Resources, IReadOnlyList<string>? Addresses);

/// <summary>What introspection (RFC 7662) says of a secret.</summary>
/// <param name="Active">it is accepted now; nothing else is told of one that is not</param>
/// <param name="Scope">words, with blanks between</param>
/// <param name="Exp">its end, in seconds since 1970</param>
/// <param name="Iat">its begin, in seconds since 1970</param>
/// <param name="Sub">whom it stands for</param>
/// <param name="Jti">the token</param>
/// <param name="Username">the name of whom it stands for</param>
/// <param name="ClientId">of integrations, their id</param>
/// <param name="TokenUse"><c>access</c> or <c>refresh</c></param>
/// <param name="Slot"><c>primary</c> or <c>secondary</c></param>
/// <param name="Profile">the kind of token</param>
/// <param name="OrganizationId">whose it is</param>
/// <param name="Permissions">what it may do</param>
/// <param name="Claims">what is said of it beyond that</param>
/// <param name="Aud">of MCP tokens, the server that it is for</param>
public sealed record Introspection(
    bool Active, string? Scope, long? Exp, long? Iat, string? Sub, string? Jti, string? Username, string? ClientId,
    string? TokenUse,
    string? Slot, string? Profile, string? OrganizationId, JsonObject? Permissions, JsonObject? Claims,
    string? Aud = null);

/// <summary>What the stream of revocations says.</summary>
/// <param name="Kind"><c>revoked</c>, <c>all</c> or <c>heartbeat</c></param>
/// <param name="TokenId">of <c>revoked</c>, the token</param>
/// <param name="UpTo">of <c>heartbeat</c>, until when everything was told</param>
/// <param name="Cursor">of <c>heartbeat</c>, where to go on after the connection was lost</param>
public sealed record RevocationEvent(string Kind, string? TokenId, DateTimeOffset? UpTo, string? Cursor);

internal sealed record RevokedData(string TokenId);

internal sealed record HeartbeatData(DateTimeOffset UpTo);
