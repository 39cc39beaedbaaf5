using System.Text.Json;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.StoredTokens;

/// <summary>
/// A token's row: JSON in words that lists can filter by, apart from what the columns hold. It holds digests, never
/// secrets. A divided row holds what a refresh changes in <see cref="HotPart"/>, and its JSON as it was when something
/// else was changed last.
/// </summary>
internal static class TokenRow
{
    /// <param name="state">the state to store</param>
    /// <param name="commandId">the command that made it</param>
    /// <param name="dueAt">when its reminder is due</param>
    /// <param name="lastUsed">as it is remembered beside the state</param>
    /// <param name="division">whether and how the row is divided</param>
    public static StoredRecord Of(
        TokenState state, string commandId, DateTimeOffset? dueAt, DateTimeOffset? lastUsed, RowDivision division) => new()
        {
            Key = new RecordKey(Kinds.Token, state.Id.ToString()),
            Version = state.Version,
            CommandId = commandId,
            State = division.Keeps(state)
                ? StoredRecord.Kept
                : Text(division.IsMade ? ColdOf(ToJson(state)) : ToJson(state)),
            Hot = division.IsMade ? HotPart.Of(state) : null,
            OrganizationId = state.OrganizationId.ToString(),
            OwnerId = state.Profile.Listing ?? (state.Within is [var nearest, ..] ? nearest.ToString() : state.OwnerId),
            ParentId = state.ParentId.ToString(),
            BelongsTo = BelongingOf(state),
            MemberId = HangsOnMember(state) ? state.MemberId.ToString() : null,
            Name = state.Profile.IsFacade ? state.FullName : state.Name,
            NameKey = NameKeyOf(state),
            Status = RowWriter.StatusOf(state),
            CreatedAt = state.CreatedAt,
            UpdatedAt = state.UpdatedAt,
            ExpiresAt = state.ExpiresAt,
            DueAt = dueAt,
            PresentedAt = state.PrimaryPresentedAt,
            LastUsedAt = lastUsed,
            Sealed = state.SealedPrimary,
        };

    /// <exception cref="JsonException">the row holds no token</exception>
    /// <exception cref="InvalidDataException">its hot part is not of this row, or of a later program</exception>
    public static TokenState Read(StoredRecord record)
    {
        var stored = JsonSerializer.Deserialize(record.State, TokenJson.Default.StoredToken)
            ?? throw new JsonException($"{record.Key} holds null");
        var state = FromJson(stored);
        return (record.Hot is { } hot ? HotPart.Read(hot, state with { UpdatedAt = record.UpdatedAt }, record.Version) : state) with
        {
            Version = record.Version,
            PrimaryPresentedAt = record.PresentedAt,
            SealedPrimary = record.Sealed,
        };
    }

    /// <summary>
    /// Tokens with a refresh half are listed and found by name, and so are imported keys; single tokens are not. A
    /// delete frees the name.
    /// </summary>
    public static string? NameKeyOf(TokenState state) =>
        state.Profile.IsNamed ? RowWriter.NameKeyOf(state, state.Name) : null;

    /// <summary>
    /// Found where the tokens of its member are. One that may change the member's password does not depend on what the
    /// member may do, but ends with the change.
    /// </summary>
    private static bool HangsOnMember(TokenState state) =>
        !state.Independent || state.Profile == TokenProfile.PasswordChange;

    private static string? BelongingOf(TokenState state) =>
        state.BelongsTo == TokenBelonging.Parent ? null : state.BelongsTo.Word();

    /// <summary>The whole state of a row, whether it is divided or not.</summary>
    public static StoredToken Stored(StoredRecord record) => ToJson(Read(record));

    private static string Text(StoredToken token) => JsonSerializer.Serialize(token, TokenJson.Default.StoredToken);

    /// <summary>Without the digests, of which none stands in both parts: a pepper would never cease to be in
    /// use.</summary>
    private static StoredToken ColdOf(StoredToken token) =>
        token with { Primary = null, Secondary = null, SpentBy = null };

    private static StoredToken ToJson(TokenState s) => new()
    {
        Id = s.Id.Value,
        OrganizationId = s.OrganizationId.Value,
        MemberId = s.MemberId.Value,
        OwnerType = s.OwnerType.ToString().ToLowerInvariant(),
        OwnerId = s.OwnerId,
        Profile = s.Profile.Name,
        TokenType = s.Profile.TokenType,
        Name = s.Name,
        FullName = s.FullName,
        ParentId = s.ParentId.Value,
        BelongsTo = BelongingOf(s),
        Ancestors = s.Ancestors.IsEmpty ? null : [.. s.Ancestors.Select(a => a.Value)],
        Roles = s.Binding is GrantBinding.Roles roles ? [.. RoleReference.NamesOf(roles.Names)] : null,
        RoleIds = s.Binding is GrantBinding.Roles bound && RoleReference.IdsOf(bound.Names) is { } ids
            ? [.. ids]
            : null,
        PermissionSet = (s.Binding as GrantBinding.Adhoc)?.PermissionSet,
        Actions = s.Binding is GrantBinding.Listed listed ? [.. listed.Actions.Names()] : null,
        Resources = s.Binding switch
        {
            GrantBinding.Adhoc adhoc => StoredResources.From(adhoc.Resources),
            GrantBinding.Listed own => StoredResources.From(own.Resources),
            _ => null,
        },
        Claims = s.Claims,
        AccountId = s.AccountId,
        Description = s.Notes.Description,
        Labels = s.Notes.Labels.IsEmpty ? null : [.. s.Notes.Labels],
        Contact = s.Notes.Contact,
        Addresses = s.Addresses.Texts is { } addresses ? [.. addresses] : null,
        Uses = s.Limits.Uses,
        UsesLeft = s.Limits.Uses is null ? null : s.UsesLeft,
        PerSecond = s.Limits.PerSecond,
        Burst = s.Limits.Burst,
        TokenTtl = s.Ttl.Text,
        LongestTtl = s.LongestTtl,
        Independent = s.Independent,
        SecretVersion = s.SecretVersion == 1 ? null : s.SecretVersion,
        CreatedAt = s.CreatedAt,
        UpdatedAt = s.UpdatedAt,
        ExpiresAt = s.ExpiresAt,
        EndsBy = s.EndsBy,
        Disabled = !s.Enabled,
        DeletedAt = s.DeletedAt,
        CascadePending = s.CascadePending,
        ExpiringNoted = s.NoticedDays is not null,
        NoticedDays = s.NoticedDays,
        PrimaryByRefresh = s.PrimaryByRefresh,
        ExpiryNoted = s.ExpiryNoted,
        LifeSetAt = s.LifeSetAt,
        Version = s.Version,
        Primary = s.Primary,
        Secondary = s.Secondary,
        SpentBy = StoredSpent.From(s.Spent),
        Answers = s.Answers.IsEmpty ? null : [.. s.Answers.Select(ToJson)],
    };

    private static StoredAnswer ToJson(IdempotencyRecord record) =>
        new(record.Key, record.Request, record.Sealed, record.At, ToJson(record.Answer));

    private static TokenState FromJson(StoredToken s) => new()
    {
        Id = new TokenId(s.Id),
        OrganizationId = new OrganizationId(s.OrganizationId),
        MemberId = new MemberId(s.MemberId),
        OwnerType = Enum.Parse<TokenOwnerType>(s.OwnerType, ignoreCase: true),
        OwnerId = s.OwnerId,
        Profile = TokenProfile.Named(s.Profile),
        Name = s.Name,
        FullName = s.FullName,
        ParentId = new TokenId(s.ParentId),
        BelongsTo = s.BelongsTo is { } word
            ? TokenBelongings.Of(word) ?? throw new JsonException($"token {s.Id} belongs to '{word}'")
            : TokenBelonging.Parent,
        Ancestors = [.. (s.Ancestors ?? []).Select(a => new TokenId(a))],
        Binding = BindingOf(s),
        Claims = s.Claims,
        AccountId = s.AccountId,
        Notes = s is { Description: null, Labels: null, Contact: null }
            ? TokenNotes.None
            : new TokenNotes(s.Description, [.. s.Labels ?? []], s.Contact),
        Addresses = AddressRanges.Of(s.Addresses),
        Limits = s is { Uses: null, PerSecond: null }
            ? TokenLimits.None
            : new TokenLimits(s.Uses, s.PerSecond, s.Burst),
        UsesLeft = s.UsesLeft ?? 0,
        Ttl = GoDuration.Of(s.TokenTtl),
        LongestTtl = s.LongestTtl,
        Independent = s.Independent,
        SecretVersion = s.SecretVersion ?? 1,
        CreatedAt = s.CreatedAt,
        UpdatedAt = s.UpdatedAt,
        ExpiresAt = s.ExpiresAt,
        EndsBy = s.EndsBy,
        Enabled = !s.Disabled,
        DeletedAt = s.DeletedAt,
        CascadePending = s.CascadePending,
        NoticedDays = s.NoticedDays ?? (s.ExpiringNoted ? 1 : null),
        PrimaryByRefresh = s.PrimaryByRefresh,
        ExpiryNoted = s.ExpiryNoted,
        LifeSetAt = s.LifeSetAt,
        Version = s.Version,
        Primary = s.Primary,
        Secondary = s.Secondary,
        Spent = [.. s.Spent ?? [], .. (s.SpentBy ?? []).SelectMany(group => group.Secrets())],
        Answers = [.. (s.Answers ?? []).Select(FromJson)],
    };

    private static IdempotencyRecord FromJson(StoredAnswer stored) =>
        new(stored.Key, stored.Request, stored.Sealed, stored.At, FromJson(stored.Answer));

    private static GrantBinding BindingOf(StoredToken s)
    {
        var resources = s.Resources?.ToResources() ?? Resources.All;
        return s switch
        {
            { PermissionSet: { } set } => new GrantBinding.Adhoc(set, resources),
            { Actions: { } actions } => new GrantBinding.Listed(ActionSet.Of(actions), resources),
            _ => new GrantBinding.Roles(
                RoleReference.From([.. s.Roles ?? []], s.RoleIds is { } ids ? [.. ids] : null)),
        };
    }
}
