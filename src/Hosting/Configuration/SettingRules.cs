using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TokenActors.Domain.Time;
using TokenActors.Storage.Secrets;

namespace TokenActors.Hosting.Configuration;

// Rules for the text of one setting. Their messages continue "it ...".

/// <summary>A whole number, within its bounds.</summary>
internal sealed class WholeNumberAttribute(int least, int most = int.MaxValue) : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (!int.TryParse(value as string, out var number) || number < least)
        {
            return new ValidationResult($"must be a whole number of at least {least}");
        }

        return number > most ? new ValidationResult($"must be at most {most}") : null;
    }
}

/// <summary>A Go duration, such as <c>60s</c>, within its bounds.</summary>
internal sealed class DurationAttribute : ValidationAttribute
{
    /// <summary>The shortest, a Go duration.</summary>
    public string Least { get; init; } = "0s";

    /// <summary>The longest, a Go duration; null: any.</summary>
    public string? Most { get; init; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (!GoDuration.TryParse(value as string, out var given, out var problem))
        {
            return new ValidationResult(problem);
        }

        if (given.Value < GoDuration.Of(Least).Value)
        {
            return new ValidationResult($"must be at least {Least}");
        }

        return Most is not null && given.Value > GoDuration.Of(Most).Value
            ? new ValidationResult($"must be at most {Most}")
            : null;
    }
}

/// <summary>
/// An IP address. What .NET takes for one too (<c>10.1</c>, <c>010.0.0.1</c>, <c>[::1]:80</c>) is none: it means another
/// than it seems to.
/// </summary>
internal sealed class AddressAttribute() : ValidationAttribute("must be an IP address")
{
    public override bool IsValid(object? value) => value is string text && Parse(text) is not null;

    /// <returns>null where it is none</returns>
    public static IPAddress? Parse(string text) => IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6
            ? !text.Contains("]:", StringComparison.Ordinal)
            : address.ToString() == text)
            ? address
            : null;
}

/// <summary>A network as an address and the length of its prefix, such as <c>10.0.0.0/8</c>.</summary>
internal sealed class NetworkAttribute() : ValidationAttribute("must be a network such as 10.1.0.0/16")
{
    public override bool IsValid(object? value) =>
        value is string text && IPNetwork.TryParse(text, out var network)
        && network.BaseAddress.Equals(AddressAttribute.Parse(text.Split('/')[0]));
}

/// <summary>A name of a cluster or a service.</summary>
internal sealed class NameAttribute() : ValidationAttribute("must have 1 to 100 characters")
{
    public override bool IsValid(object? value) =>
        value is string { Length: <= 100 } text && !string.IsNullOrWhiteSpace(text);
}

/// <summary>Anything but white space.</summary>
internal sealed class NotBlankAttribute(string message) : ValidationAttribute(message)
{
    public override bool IsValid(object? value) => !string.IsNullOrWhiteSpace(value as string);
}

/// <summary>The bytes of a pepper.</summary>
internal sealed class PepperKeyAttribute() : ValidationAttribute($"must be {Pepper.KeyBytes} bytes in base64")
{
    public override bool IsValid(object? value) =>
        Convert.TryFromBase64String(value as string ?? "", new byte[Pepper.KeyBytes], out var length)
        && length == Pepper.KeyBytes;
}

/// <summary>Scheme, host and port of a web page.</summary>
internal sealed class OriginAttribute() : ValidationAttribute("must be an origin such as https://app.example.com")
{
    public override bool IsValid(object? value) =>
        Uri.TryCreate(value as string, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
        && uri.UserInfo.Length == 0 && (string)value == uri.GetLeftPart(UriPartial.Authority);
}

/// <summary>The identifier of an issuer (RFC 8414 2).</summary>
internal sealed class IssuerAttribute()
    : ValidationAttribute("must be a URL such as https://tokens.example.com, without a query or a slash at its end")
{
    /// <summary>.NET forgives or drops them where clients do not, who compare an issuer letter by letter.</summary>
    private const string NotInIssuers = " \t\r\n\\?#";

    public override bool IsValid(object? value) =>
        value is string text && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
        && uri is { Query: "", Fragment: "", UserInfo: "" } && !text.EndsWith('/')
        && text.AsSpan().IndexOfAny(NotInIssuers) < 0;
}

/// <summary>The id of an organization, with or without hyphens.</summary>
internal sealed class OrganizationIdentityAttribute()
    : ValidationAttribute("must be an id such as 0195f3c2-5c0b-7a7f-8f2e-0242ac120002")
{
    public override bool IsValid(object? value) => Guid.TryParse(value as string, out _);
}

/// <summary>A host and a port.</summary>
internal sealed class HostAndPortAttribute() : ValidationAttribute("must be a host and a port, such as silos:30000")
{
    public override bool IsValid(object? value) => value is string text && Parse(text) is not null;

    /// <returns>null where it is none</returns>
    public static DnsEndPoint? Parse(string text)
    {
        var colon = Math.Max(text.LastIndexOf(':'), 0);
        var host = text[..colon].Trim('[', ']');
        return Uri.CheckHostName(host) != UriHostNameType.Unknown
            && ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port > 0
                ? new DnsEndPoint(host, port)
                : null;
    }
}
