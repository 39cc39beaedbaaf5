using System.Net;
using CsCheck;
using TokenActors.Domain.Grants;

namespace TokenActors.Domain.Tests.Grants;

/// <summary>Grants over so few names that they often overlap, lie within each other, and cover what is asked.</summary>
internal static class AnyGrant
{
    private static readonly string[] Names = ["x", "y", "z"];
    private static readonly string[] Actions = ["tokens:list", "tokens:create", "accounts:get"];

    public static readonly Gen<Selection> Selection = Gen.Frequency(
        (4, Gen.Const(Domain.Grants.Selection.All)),
        (2, Some(Names).Select(names => Domain.Grants.Selection.Of(names))));

    public static readonly Gen<Resources> Resources = Gen.Select(
        Selection, Selection, Selection, Selection, Selection, Selection,
        (organizations, organizationLabels, accounts, accountLabels, environments, categories) => new Resources
        {
            OrganizationIds = organizations,
            OrganizationLabels = organizationLabels,
            AccountIds = accounts,
            AccountLabels = accountLabels,
            AccountEnvironments = environments,
            IntegrationCategories = categories,
        });

    public static readonly Gen<ActionSet> Set = Some(Actions).Select(actions => ActionSet.Of(actions));

    /// <summary>Ranges over the last two bits of either family, so that they often hold each other and make
    /// wholes.</summary>
    public static readonly Gen<AddressRanges> Addresses = Gen.Frequency(
        (2, Gen.Const(AddressRanges.Anywhere)),
        (3, Range().Array[0, 4].Select(ranges => AddressRanges.Of(ranges))));

    public static readonly Gen<IPAddress> Address =
        Gen.Select(Gen.Bool, Gen.Int[0, 3], (v6, last) => IPAddress.Parse(v6 ? $"2001:db8::{last}" : $"10.0.0.{last}"));

    public static readonly Gen<Grant> FromAnywhere = Gen
        .Select(Set, Resources, (actions, resources) => new GrantClause(actions, resources))
        .Array[0, 3].Select(clauses => new Grant([.. clauses]));

    public static readonly Gen<Grant> Grant =
        Gen.Select(FromAnywhere, Addresses, (grant, addresses) => grant.From(addresses));

    public static readonly Gen<string> Action = Gen.OneOf(Actions);

    public static readonly Gen<ResourceTarget> Target = Gen.Select(
        Gen.OneOf(Names), Maybe(Some(Names)), Maybe(Account()), Maybe(Gen.OneOf(Names)),
        (organization, labels, account, category) => new ResourceTarget(organization, labels, account, category));

    /// <summary>Each kind of resource is left out half of the time.</summary>
    public static readonly Gen<ResourceRequest> Request = Gen.Select(
        Gen.Select(
            Gen.Bool, Selection, Selection,
            ((Selection, Selection)? (given, ids, labels) => given ? (ids, labels) : null)),
        Gen.Select(
            Gen.Bool, Selection, Selection, Selection,
            ((Selection, Selection, Selection)? (given, ids, labels, environments) =>
                given ? (ids, labels, environments) : null)),
        Maybe(Selection),
        (organizations, accounts, categories) => new ResourceRequest(organizations, accounts, categories));

    public static string Show(Grant grant) => grant.Clauses.IsEmpty
        ? "nothing"
        : string.Join(" + ", grant.Clauses.Select(c => $"[{c.Actions}] on {Show(c.Resources)}")) + $" from {grant.Addresses}";

    private static string Show(Resources r) => $"organizations {r.OrganizationIds}/{r.OrganizationLabels}, accounts "
        + $"{r.AccountIds}/{r.AccountLabels}/{r.AccountEnvironments}, categories {r.IntegrationCategories}";

    private static Gen<string> Range() => Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 2], (v6, last, free) =>
    {
        var first = last >> free << free;
        return v6 ? $"2001:db8::{first}/{128 - free}" : $"10.0.0.{first}/{32 - free}";
    });

    private static Gen<AccountTarget> Account() => Gen.Select(
        Gen.OneOf(Names), Some(Names), Gen.OneOf(Names),
        (id, labels, environment) => new AccountTarget(id, labels, environment));

    private static Gen<string[]> Some(string[] all) =>
        Gen.Int[0, (1 << all.Length) - 1].Select(mask => all.Where((_, i) => (mask & (1 << i)) != 0).ToArray());

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class => Gen.Select(Gen.Bool, gen, (given, value) => given ? value : null);
}
