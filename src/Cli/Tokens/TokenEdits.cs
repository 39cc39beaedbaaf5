using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Profiles;
using TokenActors.Cli.Running;
using TokenActors.Client.Tokens;
using Narrowing = TokenActors.Client.Tokens.Resources;

namespace TokenActors.Cli.Tokens;

/// <summary>Makes tokens, and changes what describes and bounds them.</summary>
internal static class TokenEdits
{
    private static readonly Argument<string?> Name = new("name")
    {
        Description = "of the new token", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Kind = new("--kind")
    {
        Description = "adhoc, mcp or integration", HelpName = "kind",
    };

    private static readonly Option<string?> PermissionSet = new("--permission-set")
    {
        Description = "such as viewer", HelpName = "name",
    };

    private static readonly Option<string[]> Accounts = new("--account")
    {
        Description = "narrow to an account", HelpName = "id",
    };

    private static readonly Option<string[]> Categories = new("--category")
    {
        Description = "narrow to integrations", HelpName = "category",
    };

    private static readonly Option<string?> Integration = new("--integration")
    {
        Description = "that its token opens", HelpName = "id",
    };

    private static readonly Option<string?> Resource = new("--resource")
    {
        Description = "audience of an MCP token", HelpName = "url",
    };

    private static readonly Option<string[]> Tools = new("--tool")
    {
        Description = "tool of an MCP token", HelpName = "name",
    };

    private static readonly Option<bool> ReadOnly = new("--read-only") { Description = "an MCP token that changes nothing" };

    private static readonly Option<Belonging?> BelongsTo = new("--belongs-to")
    {
        Description = "what it ends with: parent (the token of this command), member or organization; a session makes tokens of its member",
        HelpName = "what",
    };

    private static readonly Option<string?> Life = new("--life")
    {
        Description = "of its access secrets, such as 12h", HelpName = "duration",
    };

    private static readonly Option<string?> Description = new("--description")
    {
        Description = "what it is for", HelpName = "text",
    };

    private static readonly Option<string[]> Labels = new("--label")
    {
        Description = "word to find it by", HelpName = "word",
    };

    private static readonly Option<string?> Contact = new("--contact")
    {
        Description = "whom to ask about it", HelpName = "text",
    };

    private static readonly Option<string[]> Addresses = new("--address")
    {
        Description = "address or range it works from", HelpName = "cidr",
    };

    private static readonly Option<long?> Uses = new("--uses")
    {
        Description = "how often it works in all", HelpName = "number",
    };

    private static readonly Option<int?> PerSecond = new("--per-second")
    {
        Description = "how often a second", HelpName = "number",
    };

    private static readonly Option<int?> Burst = new("--burst")
    {
        Description = "how often at once", HelpName = "number",
    };

    private static readonly Option<string[]> Clear = new("--clear")
    {
        Description = "description, labels, contact, life, addresses, uses, per_second or burst", HelpName = "field",
    };

    /// <summary>What can be emptied, with the option that would set it.</summary>
    private static readonly Dictionary<string, (Option Option, Action<TokenPatch> Clear)> Clearing = new()
    {
        ["description"] = (Description, patch => patch.Description = null),
        ["labels"] = (Labels, patch => patch.Labels = null),
        ["contact"] = (Contact, patch => patch.Contact = null),
        ["life"] = (Life, patch => patch.Life = null),
        ["addresses"] = (Addresses, patch => patch.Addresses = null),
        ["uses"] = (Uses, patch => patch.Uses = null),
        ["per_second"] = (PerSecond, patch => patch.PerSecond = null),
        ["burst"] = (Burst, patch => patch.Burst = null),
    };

    private static Option[] Notes => [Life, Description, Labels, Contact, Addresses, Uses, PerSecond, Burst];

    public static IEnumerable<Command> Of(CommandHost host) =>
    [
        host.Verb("create", "make a token; its secrets are shown once", Create,
            [Name, Kind, PermissionSet, Accounts, Categories, Integration, Resource, Tools, ReadOnly, BelongsTo, .. Notes, .. CommonOptions.ForChanges]),
        host.Verb("edit", "change what describes and bounds it", Edit, [TokenNames.Token, .. Notes, Clear, .. CommonOptions.ForChanges]),
    ];

    private static Task<ExitCode> Create(Invocation i)
    {
        var token = new NewToken
        {
            Name = i.Find(Name),
            Kind = i.Get(Kind),
            PermissionSet = i.Get(PermissionSet),
            Resources = NarrowingOf(i),
            IntegrationId = i.Get(Integration),
            Resource = i.Get(Resource),
            Tools = ListOf(i, Tools),
            ReadOnly = i.Get(ReadOnly) ? true : null,
            Life = i.Get(Life),
            Description = i.Get(Description),
            Labels = ListOf(i, Labels),
            Contact = i.Get(Contact),
            Addresses = ListOf(i, Addresses),
            Uses = i.Get(Uses),
            PerSecond = i.Get(PerSecond),
            Burst = i.Get(Burst),

            // A session ends with the next `ta auth logout`, and nobody means that of what a program is to use.
            BelongsTo = (i.Get(BelongsTo) ?? (Connection.IsSession(i) ? Belonging.Member : null))?.ToString().ToLowerInvariant(),
        };
        return i.Change(i.Client.Tokens.Create(token), Views.Token);
    }

    private static async Task<ExitCode> Edit(Invocation i)
    {
        var patch = PatchOf(i);
        if (patch.IsEmpty)
        {
            throw CliException.Usage("What is to change? See: ta token edit --help");
        }

        var token = await TokenNames.Get(i).ConfigureAwait(false);
        return await i.Change(i.Client.Tokens.Patch(token.Id, patch, token.Tag ?? "*"), Views.Token).ConfigureAwait(false);
    }

    private static TokenPatch PatchOf(Invocation i)
    {
        var patch = new TokenPatch();
        Set(Life, () => patch.Life = i.Get(Life));
        Set(Description, () => patch.Description = i.Get(Description));
        Set(Labels, () => patch.Labels = i.Get(Labels));
        Set(Contact, () => patch.Contact = i.Get(Contact));
        Set(Addresses, () => patch.Addresses = i.Get(Addresses));
        Set(Uses, () => patch.Uses = i.Get(Uses));
        Set(PerSecond, () => patch.PerSecond = i.Get(PerSecond));
        Set(Burst, () => patch.Burst = i.Get(Burst));
        foreach (var field in i.Get(Clear) ?? [])
        {
            if (!Clearing.TryGetValue(field, out var clearing))
            {
                throw CliException.Usage($"{field} cannot be cleared. See: ta token edit --help");
            }

            if (i.Has(clearing.Option))
            {
                throw CliException.Usage($"{clearing.Option.Name} sets what --clear {field} empties.");
            }

            clearing.Clear(patch);
        }

        return patch;

        void Set(Option option, Action set)
        {
            if (i.Has(option))
            {
                set();
            }
        }
    }

    private static Narrowing? NarrowingOf(Invocation i)
    {
        var (accounts, categories) = (ListOf(i, Accounts), ListOf(i, Categories));
        return accounts is null && categories is null
            ? null
            : new Narrowing
            {
                Accounts = accounts is null ? null : new(accounts),
                Integrations = categories is null ? null : new(categories),
            };
    }

    private static string[]? ListOf(Invocation i, Option<string[]> option) => i.Get(option) is { Length: > 0 } values ? values : null;
}

/// <summary>What a token dies with.</summary>
internal enum Belonging
{
    Parent,
    Member,
    Organization,
}
