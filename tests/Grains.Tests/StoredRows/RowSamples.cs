using System.Text.Json;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Imports;
using TokenActors.Domain.Intents;
using TokenActors.Domain.Jobs;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Imports;
using TokenActors.Grains.Intents;
using TokenActors.Grains.Jobs;
using TokenActors.Grains.Members;
using TokenActors.Grains.Organizations;
using TokenActors.Grains.ResourceModel;
using TokenActors.Grains.Revoking;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Tests.StoredRows;

/// <summary>A row of each kind, with every field that the kind has.</summary>
internal static class RowSamples
{
    private static readonly DateTimeOffset Start = new(2026, 2, 28, 23, 59, 59, 999, TimeSpan.Zero);
    private static readonly Guid Account = Guid.Parse("01900000-0000-7000-8000-0000000000a1");
    private static readonly TokenId Token = TokenId.Parse("01900000-0000-7000-8000-000000000001");
    private static readonly MemberId Member = MemberId.Parse("01900000-0000-7000-8000-00000000000b");

    private static readonly OrganizationId Organization =
        OrganizationId.Parse("01900000-0000-7000-8000-00000000000a");

    private static readonly Resources Narrowed = new()
    {
        OrganizationIds = Selection.Of("o1"), OrganizationLabels = Selection.Of("l1"),
        AccountIds = Selection.Of("a1", "a2"), AccountLabels = Selection.Of("é"),
        AccountEnvironments = Selection.Of("test"), IntegrationCategories = Selection.Of("ticketing"),
    };

    private static readonly JobStarter Starter = new(
        Token, Member, [TokenId.Parse("01900000-0000-7000-8000-000000000002")],
        Grant.Of(PermissionSets.Viewer, Narrowed) with { Addresses = AddressRanges.Of(["10.0.0.0/8"]) });

    /// <summary>Fields that are not in the state of a row: its columns have them, or a live row has not.</summary>
    public static readonly Dictionary<string, string[]> NeverSet = new()
    {
        ["member"] = ["RoleIds"],
    };

    public static IReadOnlyList<RowKind> All { get; } =
    [
        RowKind.Of("organization", AnOrganization(), state => OrganizationRow.Of(state, "c"), OrganizationRow.Read),
        RowKind.Of("member", AMember(), state => MemberRow.Of(state, "c"), MemberRow.Read),
        RowKind.Of("operation", AnOperation(), state => OperationRow.Of(state, "c"), OperationRow.Read),
        RowKind.Of("intent", AnIntent(), state => IntentRow.Of(state, "c"), IntentRow.Read),
        RowKind.Of("revocation", ARevocation(), state => RevocationJobRow.Of(state, "c"), RevocationJobRow.Read),
        RowKind.Of("import", AnImport(), state => ImportJobRow.Of(state, "c"), ImportJobRow.Read),
        .. Contents().Select(content => RowKind.Of(
            content.Kind, AResource(content.Content), state => ResourceRow.Of(state, content.Kind, "c"),
            ResourceState.FromRecord)),
        RowKind.Of("import line", ALine(), line => RowOf(JsonSerializer.Serialize(
            line, ImportLinesJson.Default.StoredImportLine)), row => Parsed(JsonSerializer.Deserialize(
                row.State, ImportLinesJson.Default.StoredImportLine))),
        RowKind.Of("import schemes", Schemes(), schemes => RowOf(JsonSerializer.Serialize(
            schemes, ImportSchemesJson.Default.ImportSchemes)), row => Parsed(JsonSerializer.Deserialize(
                row.State, ImportSchemesJson.Default.ImportSchemes))),
    ];

    public static RowKind Named(string name) => All.First(kind => kind.Name == name);

    private static T Parsed<T>(T? read)
        where T : class => read ?? throw new JsonException("it holds null");

    private static StoredRecord RowOf(string state) => new()
    {
        Key = new RecordKey("import_batch", "b"), Version = 1, CommandId = "c", State = state,
        OrganizationId = Organization.ToString(), Name = "b", CreatedAt = Start, UpdatedAt = Start,
    };

    private static OrganizationState AnOrganization() => new()
    {
        Id = Organization, Type = OrganizationType.Standard, Name = "acme", FullName = "Acme <é>",
        RefreshTokenId = Token, Contact = "c", ReplyTo = "r@example.com", Picture = "p",
        Status = OrganizationStatus.Plg, EndDate = new DateOnly(2028, 2, 29), Founding = true,
        ParentId = OrganizationId.Parse("01900000-0000-7000-8000-00000000000c"),
        Options = new()
        {
            InviteDuration = "24h", ForgotDuration = "48h", PasswordDuration = "8760h", MinimumPasswordLength = 71,
        },
        DeletedAt = Start, CascadePending = true, CreatedAt = Start, UpdatedAt = Start.AddTicks(1), Version = 3,
    };

    private static MemberState AMember() => new()
    {
        Id = Member, OrganizationId = Organization, Name = "a@b", FullName = "A", Status = MemberStatus.Locked,
        Nickname = "n", Picture = "p", DeletedAt = Start, CascadePending = true, Type = MemberType.Service,
        RoleBinding = ["administrator", RoleReference.From(["mine"], [Account])[0]],
        Ttl = GoDuration.Of("24h"), TokenTtl = GoDuration.Of("90m"), ExpiresAt = Start.AddDays(1),
        PinExpiresAt = Start.AddDays(2), LastLogon = Start.AddDays(3), CreatedAt = Start, UpdatedAt = Start,
        Password = new([1, 2], 600_000, DigestOf(1)), CreatedBy = new([3], [4]), Version = 4,
    };

    private static OperationState AnOperation() => new()
    {
        Id = Account, OrganizationId = Organization, AccountId = Account, IntegrationId = Account,
        IntegrationPointId = Account, Operation = "siem_query_events", Filters = ["a", "b"],
        Status = OperationStatus.Processing, Period = TimeSpan.FromMinutes(90), Cron = "0 4 * * *",
        NextAt = Start.AddHours(1), CheckAt = Start.AddHours(2), Running = new(Account, Start, Start.AddMinutes(5)),
        Cursor = "c", Error = "e", CpuTime = 5, InBytes = 6, CreatedAt = Start, UpdatedAt = Start, Version = 7,
    };

    private static Intent AnIntent() => new()
    {
        Id = Account, OrganizationId = Organization, MemberId = Member, TokenId = Token, Command = "rotate",
        Subject = Token, Body = "{}", CreatedAt = Start, LapsesAt = Start.AddMinutes(5),
        Collector = new IntentCollector(Token, "k", Start), UpdatedAt = Start, Version = 2,
    };

    private static RevocationJob ARevocation() => new()
    {
        Id = Account, OrganizationId = Organization, Starter = Starter, Status = RevocationJobStatus.Running, Total = 9,
        Asked = 8, Done = 5, Gone = 2, Refused = 1, Filters = ["name[eq]a"], PlanEndsAt = Start, StartedAt = Start,
        EndedAt = Start.AddHours(1), StartKey = "k", CreatedAt = Start, UpdatedAt = Start, Version = 3,
    };

    private static ImportJob AnImport() => new()
    {
        Id = Account, OrganizationId = Organization, Starter = Starter, Status = ImportJobStatus.Running, Total = 9,
        Received = 9, Asked = 8, Done = 5, Refused = 1, Request = [1, 2], StartedAt = Start,
        EndedAt = Start.AddHours(1), CreatedAt = Start, UpdatedAt = Start, Version = 3,
    };

    private static StoredImportLine ALine() => new()
    {
        Number = 1, Scheme = Account, Digests = [DigestOf(1), DigestOf(2)], LastFour = "abcd", Name = "n",
        FullName = "N", PermissionSet = PermissionSets.Viewer, Resources = StoredResources.From(Narrowed),
        Life = "24h", ExpiresAt = Start, Description = "d", Labels = ["l"], Contact = "c",
        Addresses = ["10.0.0.0/8"], Uses = 5, PerSecond = 6, Burst = 7, BelongsTo = "organization",
    };

    private static ImportSchemes Schemes() => new()
    {
        OrganizationId = Organization, Schemes = [new(Account, "old", "acme_", 40, AcceptsLowEntropy: true, Start)],
        Removed = [new("01", Account, Start)], CreatedAt = Start, UpdatedAt = Start, Version = 2,
    };

    private static ResourceState AResource(ResourceContent content)
    {
        CreatingCall call = new([1], [2]);
        ResourceState resource = new()
        {
            Id = Account, OrganizationId = Organization, Name = "n", FullName = "N", Content = content,
            CreatedAt = Start, UpdatedAt = Start, DeletedAt = Start, CascadePending = true, CreatedBy = call,
            DeletedBy = call, Sealed = new SealedText("p1", [1], [2]), Version = 5, NameScope = "s",
        };
        return resource with
        {
            Answered = [new(call, Start, resource with { Version = 0, NameScope = "", Sealed = null })],
        };
    }

    private static IEnumerable<(string Kind, ResourceContent Content)> Contents() =>
    [
        (Kinds.Account, new() { Account = new() { Environment = "prod", Labels = ["l"] } }),
        (Kinds.Role, new()
        {
            Role = new() { Description = "d", PermissionSet = PermissionSets.Viewer, Resources = Narrowed },
        }),
        (Kinds.IntegrationPoint, new()
        {
            IntegrationPoint = new()
            {
                Description = "d", Connector = "siem", TestProviders = ["a"], ProdProviders = [], Mappings = "[]",
                AdditionalMappings = "[]", ScheduledOperations = "[]",
            },
        }),
        (Kinds.Credential, new()
        {
            Credential = new()
            {
                OwnerType = CredentialOwner.Webhook, OwnerId = Account, Type = "basic", ExpiresAt = Start,
                Managed = true,
            },
        }),
        (Kinds.Integration, new()
        {
            Integration = new()
            {
                AccountId = Account, RefreshTokenId = Token, Category = "siem", ProviderType = "siem_mock",
                ProviderConfig = "{}", IntegrationPointId = Account, BridgeSelector = "{}", WebhookConfig = "{}",
                Mappings = "[]", AdditionalMappings = "[]", ScheduledOperations = "[]",
            },
        }),
        (Kinds.Bridge, new() { Bridge = new() { AccountId = Account, Description = "d", Labels = ["l"] } }),
        (Kinds.Mapping, new() { Mapping = new() { Data = "a: b" } }),
        (Kinds.Webhook, new()
        {
            Webhook = new()
            {
                Address = "https://example.com/hooks", Types = ["token.rotated"], AccountIds = [Account],
                AccountLabels = ["l"], Description = "d", Environment = "prod", Filters = ["account_create"],
                CredentialId = Account, DisabledAt = Start, DisabledBecause = "asked",
            },
        }),
        (Kinds.Policy, new()
        {
            Policy = new()
            {
                LongestLife = "24h", DefaultLife = "1h", MustExpire = true, AllowedKinds = ["standard"],
                NoticeDays = [7, 1], OnLeak = "disable",
            },
        }),
    ];

    private static SecretDigest DigestOf(byte value) => new($"p{value}", [.. Enumerable.Repeat(value, 32)]);
}
