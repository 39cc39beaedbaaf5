using TokenActors.Domain.Grants;
using TokenActors.Domain.Imports;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Lifecycle.Tokens;
using TokenActors.Gateway.Management;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Imports;

namespace TokenActors.Gateway.Lifecycle.Imports;

/// <summary>Reads one line of an import.</summary>
/// <param name="schemes">those of the organization</param>
/// <param name="maker">within whose grant every token lies</param>
/// <param name="now">by which it is told whether an end has passed</param>
internal sealed class ImportLineReader(IReadOnlyList<ImportScheme> schemes, Grant maker, DateTimeOffset now)
{
    private const int LongestName = 256;

    private readonly ImportedKeyScan _keys = new(schemes);

    /// <summary>The line that was read last asks for more than its maker has.</summary>
    public bool IsBeyondGrant { get; private set; }

    /// <returns>null where something is wrong, which then stands in the fields' errors</returns>
    public ImportLine? Read(JsonFields fields, int number)
    {
        IsBeyondGrant = false;
        var (fingerprint, scheme) = (ReadHash(fields), ReadScheme(fields));
        var lastFour = ReadLastFour(fields);
        var name = SharedFields.Name(fields);
        var fullName = fields.Text("full_name", longest: LongestName);
        var set = SharedFields.PermissionSet(fields);
        var resources = fields.Object("resources") is { } given
            ? ResourcesWire.Read(given)
            : new ResourcesWire(null, null, null);
        var life = TokenLife.Read(fields, TokenProfile.Imported);
        var end = ReadEnd(fields, life);
        var notes = TokenNotesFields.Read(fields);
        var addresses = AddressFields.Read(fields);
        var limits = LimitFields.Read(fields);
        var belongsTo = ReadBelonging(fields);
        fields.RefuseUnknown();
        fields.RefuseKeys(_keys);
        if (fields.Errors.Count > 0 || fingerprint is not { } key || scheme is null || lastFour is null || set is null)
        {
            return null;
        }

        var attenuation = Attenuation.Of(maker, PermissionSets.ActionsOf(set), resources.ToRequest());
        if (!attenuation.Allowed || attenuation.Resources is not { } allowed)
        {
            IsBeyondGrant = true;
            fields.Reject(
                "permission_set", $"is more than the bearer may do: {string.Join(", ", attenuation.TooMuch)}");
            return null;
        }

        return new ImportLine
        {
            Number = number, Scheme = scheme.Id, Fingerprint = key, LastFour = lastFour, Name = name, FullName = fullName,
            PermissionSet = set, Resources = allowed, Life = life, ExpiresAt = end, Notes = notes,
            Addresses = addresses, Limits = limits, BelongsTo = belongsTo,
        };
    }

    private static SecretFingerprint? ReadHash(JsonFields fields)
    {
        if (fields.Text("sha256", required: true) is not { } text)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[SecretFingerprint.Length];
        var isHex = text.Length == 2 * SecretFingerprint.Length
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        if (isHex || (Convert.TryFromBase64String(text, bytes, out var length) && length == SecretFingerprint.Length))
        {
            return SecretFingerprint.FromBytes(bytes);
        }

        fields.Reject("sha256", "must be the SHA-256 of the key, in hex or base64");
        return null;
    }

    private ImportScheme? ReadScheme(JsonFields fields)
    {
        if (fields.Text("scheme", required: true) is not { } text)
        {
            return null;
        }

        var scheme = schemes.FirstOrDefault(
            scheme => string.Equals(scheme.Name, text, StringComparison.OrdinalIgnoreCase) || scheme.Id.ToString() == text);
        if (scheme is null)
        {
            fields.Reject("scheme", "is no import scheme of the organization");
        }

        return scheme;
    }

    private static string? ReadLastFour(JsonFields fields)
    {
        var text = fields.Text("last_four", required: true);
        if (text is not null && (text.Length != 4 || text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0))
        {
            fields.Reject("last_four", "must be the last four characters of the key");
        }

        return text;
    }

    private DateTimeOffset? ReadEnd(JsonFields fields, string? life)
    {
        var end = fields.Time("expires_at");
        if (end is not null && life is not null)
        {
            fields.Reject("expires_at", "and life are not given both");
        }
        else if (end <= now)
        {
            fields.Reject("expires_at", "must lie in the future");
        }

        return end;
    }

    private static TokenBelonging ReadBelonging(JsonFields fields)
    {
        var word = fields.Text("belongs_to") ?? "organization";
        if (TokenBelongings.Of(word) is { } belongsTo)
        {
            return belongsTo;
        }

        fields.Reject("belongs_to", "must be one of parent, member, organization");
        return TokenBelonging.Organization;
    }
}
