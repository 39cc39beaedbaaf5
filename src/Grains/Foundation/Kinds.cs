namespace TokenActors.Grains.Foundation;

/// <summary>Kinds of rows. They are also the grain types, so that a reminder's row names its grain.</summary>
public static class Kinds
{
    /// <summary>The reminder of a token.</summary>
    public const string Expiry = "expiry";

    /// <summary>The reminder of a scheduled operation, of a job and of an intent.</summary>
    public const string Run = "run";

    /// <summary>The reminder of everything else.</summary>
    public const string Cascade = "cascade";

    public const string Token = "token";
    public const string Organization = "organization";
    public const string Member = "member";
    public const string Account = "account";
    public const string Role = "role";
    public const string IntegrationPoint = "integration_point";
    public const string Integration = "integration";
    public const string Credential = "credential";
    public const string Mapping = "mapping";
    public const string Operation = "operation";
    public const string Bridge = "bridge";

    /// <summary>An endpoint for events that was made on <c>/v1</c>.</summary>
    public const string Webhook = "webhook";

    /// <summary>An endpoint for events that was made on the Lifecycle API.</summary>
    public const string EventEndpoint = "event_endpoint";

    /// <summary>What an organization demands of its tokens; under the organization's id.</summary>
    public const string Policy = "policy";

    /// <summary>The revocation of many tokens.</summary>
    public const string RevocationJob = "revocation_job";

    /// <summary>Ids of tokens that a <see cref="RevocationJob"/> is about; no grain has this kind.</summary>
    public const string RevocationBatch = "revocation_batch";

    /// <summary>The schemes of keys that an organization imports; under the organization's id.</summary>
    public const string ImportSchemes = "import_schemes";

    /// <summary>The import of many keys.</summary>
    public const string ImportJob = "import_job";

    /// <summary>Keys that an <see cref="ImportJob"/> is about; no grain has this kind.</summary>
    public const string ImportBatch = "import_batch";

    /// <summary>Lines of an <see cref="ImportJob"/> that were refused; no grain has this kind.</summary>
    public const string ImportFailures = "import_failures";

    /// <summary>A command that waits for a person who may see the secret that it makes.</summary>
    public const string Intent = "intent";

    /// <summary>Keys of the console's cookies; under the root organization's id.</summary>
    public const string CookieKeys = "cookie_keys";

    /// <summary>A kind has one reminder, whose due time stands in its rows.</summary>
    public static string ReminderOf(string kind) => kind switch
    {
        Token => Expiry,
        Operation or RevocationJob or ImportJob or Intent => Run,
        _ => Cascade,
    };
}
