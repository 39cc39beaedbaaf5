using TokenActors.Domain.Grants;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tokens;

/// <summary>From <see cref="EditToken"/> to what the machine takes.</summary>
internal static class TokenEdits
{
    /// <summary>The changes; null where the life is no duration.</summary>
    public static TokenChanges? Of(EditToken command)
    {
        GoDuration? life = null;
        if (command.Life is { } text && !GoDuration.TryParseLife(text, out life, out _))
        {
            return null;
        }

        return new TokenChanges
        {
            FullName = command.FullName,
            Claims = command.Claims,
            Binding = BindingOf(command),
            Notes = command.Notes?.ToNotes(),
            Limits = command.Limits?.ToLimits(),
            Addresses = command.Addresses is { } addresses
                ? AddressRanges.Of(addresses.IsEmpty ? null : addresses)
                : null,
            Life = life,
            Enabled = command.Enabled,
            SecretVersion = command.SecretVersion,
            Deadline = command.Deadline,
            ExpectedVersion = command.ExpectedVersion,
        };
    }

    private static GrantBinding? BindingOf(EditToken command)
    {
        if (command.Roles is { } roles)
        {
            return new GrantBinding.Roles(roles);
        }

        return command.Actions is { } actions
            ? new GrantBinding.Listed(ActionSet.Of(actions), command.Resources ?? Resources.All)
            : null;
    }
}
