using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Accounts;

/// <summary><c>/v1/accounts</c>.</summary>
internal sealed class AccountKind : IResourceKind<AccountWire>
{
    public static string Kind => "account";

    public static ListSchema Schema => ResourceLists.Accounts;

    /// <summary><c>/v1/credentials/lookup/{id}</c> is no account's.</summary>
    public static IReadOnlyCollection<string> ReservedNames => ["lookup"];

    public static bool Counts => true;

    public static JsonTypeInfo<AccountWire> WireType => AccountJson.Wire.AccountWire;

    public static JsonTypeInfo<Envelope<AccountWire>> OneType => AccountJson.Wire.EnvelopeAccountWire;

    public static JsonTypeInfo<ListEnvelope<AccountWire>> ListType => AccountJson.Wire.ListEnvelopeAccountWire;

    public static AccountWire ToWire(Resource resource) => AccountWire.From(resource);

    public static ResourceInput? ReadContent(JsonFields fields, Resource? current)
    {
        if (current is not null)
        {
            ResourceFields.SameAs(fields, "organization_id", current.OrganizationId.ToString());
        }

        var environment = SharedFields.Environment(fields, required: current is not null) ?? "prod";
        return new ResourceInput(
            new ResourceContent { Account = new AccountContent { Environment = environment, Labels = [.. ResourceFields.Labels(fields)] } });
    }
}

internal static class AccountEndpoints
{
    public static void MapAccounts(this RouteGroupBuilder v1) =>
        v1.MapResource("/accounts", "accounts").CanBePreviewed()
            .MapCrud<AccountKind, IAccountGrain, AccountWire>("accounts", "accounts", "accountId", Create);

    private static async Task<Results<JsonCreated<Envelope<CreatedAccount>>, Refusal>> Create(
        ApiRequest request, ObjectBody<CreateAccountRequest> body, IGrainFactory grains, TimeProvider time)
    {
        var account = await ResourceHandlers<AccountKind, IAccountGrain, AccountWire>.Create(
            request, body.Fields, grains, time);
        return account.IsSuccess
            ? new JsonCreated<Envelope<CreatedAccount>>(
                new(new(AccountWire.From(account.Value))), AccountJson.Wire.EnvelopeCreatedAccount)
            : account.Refusal;
    }
}

/// <summary>Body of create.</summary>
internal sealed record CreateAccountRequest(
    string? Name, string? Fullname, string? Environment, IReadOnlyList<string>? Labels);

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

    public static AccountWire From(Resource resource)
    {
        var content = ResourceFields.Of(resource.Content.Account);
        return new()
        {
            Name = resource.Name,
            CreatedAt = resource.CreatedAt,
            UpdatedAt = resource.UpdatedAt,
            Id = resource.Id.ToString(),
            Fullname = resource.FullName,
            OrganizationId = resource.OrganizationId.ToString(),
            Environment = content.Environment,
            Labels = content.Labels,
        };
    }
}
