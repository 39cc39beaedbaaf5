using System.Text.Json.Serialization.Metadata;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Accounts;

/// <summary><c>/v1/accounts</c>.</summary>
internal sealed class AccountEndpoints(IGrainFactory grains, TimeProvider time)
    : ResourceEndpoints<IAccountGrain, AccountWire>("account", ResourceLists.Accounts, grains, time)
{
    protected override JsonTypeInfo<AccountWire> WireType => AccountJson.Wire.AccountWire;

    protected override JsonTypeInfo<Envelope<AccountWire>> OneType => AccountJson.Wire.EnvelopeAccountWire;

    protected override JsonTypeInfo<ListEnvelope<AccountWire>> ListType => AccountJson.Wire.ListEnvelopeAccountWire;

    public static void Map(RouteGroupBuilder v1) => v1.MapResource("/accounts", "accounts")
        .MapCrud<AccountEndpoints, IAccountGrain, AccountWire, CreateAccountRequest, CreatedAccount>("accounts", "accounts", "accountId", counts: true);

    protected override AccountWire ToWire(Resource resource) => AccountWire.From(resource);

    protected override ResourceInput? ReadContent(HttpContext http, JsonFields fields, Resource? current)
    {
        if (current is not null)
        {
            ResourceFields.SameAs(fields, "organization_id", current.OrganizationId.ToString());
        }

        var environment = SharedFields.Environment(fields, required: current is not null) ?? "prod";
        return new ResourceContent { Account = new AccountContent { Environment = environment, Labels = [.. ResourceFields.Labels(fields)] } };
    }

    protected override IResult Created(AccountWire wire) => TypedResults.Json(
        new Envelope<CreatedAccount>(new(wire)), AccountJson.Wire.EnvelopeCreatedAccount, statusCode: StatusCodes.Status201Created);
}

/// <summary>Body of create.</summary>
internal sealed record CreateAccountRequest(string? Name, string? Fullname, string? Environment, IReadOnlyList<string>? Labels);

internal sealed record CreatedAccount(AccountWire Account);

/// <summary><c>Account</c>.</summary>
internal sealed record AccountWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string Fullname { get; init; }

    public required string OrganizationId { get; init; }

    public required string Environment { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    public static AccountWire From(Resource resource) => new()
    {
        Name = resource.Name,
        CreatedAt = resource.CreatedAt,
        UpdatedAt = resource.UpdatedAt,
        Id = resource.Id.ToString(),
        Fullname = resource.FullName,
        OrganizationId = resource.OrganizationId.ToString(),
        Environment = resource.Content.Account!.Environment,
        Labels = resource.Content.Account.Labels,
    };
}
