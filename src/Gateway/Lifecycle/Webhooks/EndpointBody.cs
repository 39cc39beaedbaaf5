using System.Collections.Immutable;
using TokenActors.Domain.Events;
using TokenActors.Domain.Naming;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Lifecycle.Webhooks;

/// <summary>What a body says of an endpoint.</summary>
/// <param name="Name">null: as it was, or the id</param>
/// <param name="Content">what it is to be</param>
internal sealed record EndpointBody(string? Name, WebhookContent Content)
{
    private const int LongestUrl = 2_048;
    private const int LongestDescription = 512;
    private const int MostAccounts = 100;

    /// <param name="fields">of the body; what it leaves out stays as it is, what is null is removed</param>
    /// <param name="current">the endpoint that is changed; null for a new one</param>
    /// <param name="currentName">its name, which may stay whatever it is</param>
    /// <returns>null where something is wrong, which then stands in the fields' errors</returns>
    public static EndpointBody? Read(JsonFields fields, WebhookContent? current, string? currentName = null)
    {
        var name = fields.Text("name");
        if (name is not null && !Slug.Is(name))
        {
            fields.Reject("name", $"must be a slug of at most {Slug.MaxLength} characters");
        }
        else if (name != currentName && Guid.TryParse(name, out _))
        {
            fields.Reject("name", "must not have the form of an id");
        }

        var url = fields.Text("url", required: current is null, LongestUrl);
        if (current is not null && url is null && fields.Mentions("url"))
        {
            fields.Reject("url", "must not be null: a webhook has one");
        }

        var types = Types(fields, current);
        var accounts = Accounts(fields);
        var labels = fields.Texts("account_labels", allowEmpty: true);
        var description = fields.Text("description", longest: LongestDescription);
        fields.RefuseUnknown();
        if (fields.Errors.Count > 0)
        {
            return null;
        }

        var before = current ?? new WebhookContent { Address = url ?? "" };
        return new EndpointBody(name, before with
        {
            Address = url ?? before.Address,
            Types = fields.Mentions("types") ? [.. (types ?? []).Distinct()] : before.Types,
            AccountIds = fields.Mentions("account_ids") ? accounts ?? [] : before.AccountIds,
            AccountLabels = fields.Mentions("account_labels") ? [.. (labels ?? []).Distinct()] : before.AccountLabels,
            Description = fields.Mentions("description") ? description : before.Description,
        });
    }

    /// <summary>Whether an endpoint is what the body says.</summary>
    public bool IsAlready(Resource endpoint) =>
        EndpointWire.TagOf(endpoint) == EndpointWire.TagOf(endpoint with
        {
            Name = Name ?? endpoint.Name,
            Content = new ResourceContent { Webhook = Content },
        });

    /// <summary>
    /// An endpoint that hears everything is shown with none, which may be written back. One that has some is not
    /// widened to all by an empty list, but by null.
    /// </summary>
    private static IReadOnlyList<string>? Types(JsonFields fields, WebhookContent? current)
    {
        var types = fields.Texts("types", allowEmpty: true);
        if (types is [] && current is { Types.IsEmpty: false })
        {
            fields.Reject("types", "must not be empty; null is for all types");
        }

        if (types?.FirstOrDefault(type => !EventTypes.All.Contains(type)) is { } unknown)
        {
            fields.Reject("types", $"has {unknown}, which is none of {string.Join(", ", EventTypes.All)}");
        }

        return types;
    }

    private static ImmutableArray<Guid>? Accounts(JsonFields fields)
    {
        if (fields.Texts("account_ids", allowEmpty: true) is not { } texts)
        {
            return null;
        }

        var ids = texts.Select(text => Guid.TryParseExact(text, "D", out var id) ? id : (Guid?)null).ToList();
        if (ids.Contains(null) || ids.Count > MostAccounts)
        {
            fields.Reject("account_ids", $"must be at most {MostAccounts} ids of accounts");
            return null;
        }

        return [.. ids.OfType<Guid>().Distinct()];
    }
}
