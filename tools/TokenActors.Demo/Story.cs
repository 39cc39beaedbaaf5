using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TokenActors.Client;
using TokenActors.Client.Resources;
using TokenActors.Client.Tokens;
using TokenActors.Client.Webhooks;

namespace TokenActors.Demo;

/// <summary>
/// Five weeks of a company: three customers, a few people, and a hundred tokens of which some are used, some rotated,
/// some forgotten. The same each time but for the secrets.
/// </summary>
internal sealed class Story(DemoService service)
{
    private const int HoursAtOnce = 3;
    private const int IntrospectedAtOnce = 100;

    private static readonly string[] Customers = ["acme", "globex", "initech"];
    private static readonly string[] Systems = ["api", "billing", "search", "mailer", "worker", "metrics", "backup", "deploy"];
    private static readonly string[] Stages = ["prod", "staging", "dev"];

    private readonly Random _chance = new(35);
    private readonly List<DemoToken> _tokens = [];
    private readonly List<string> _accounts = [];

    private TokensClient Tokens => service.Admin.Tokens;

    public async Task Tell()
    {
        await Found();
        for (var day = 0; day < DemoService.Days; day++)
        {
            await service.RenewAdmin();
            await MakeTokens(day);
            await Happen(day);
            for (var hour = 0; hour < 24; hour += HoursAtOnce)
            {
                await Use(day, hour);
                await service.WriteUses();
                service.Clock.Advance(TimeSpan.FromHours(HoursAtOnce));
            }
        }

        await service.RenewAdmin();
        await Use(DemoService.Days, 9);
        await End();
        service.Clock.Advance(TimeProvider.System.GetUtcNow() - service.Clock.GetUtcNow());
    }

    /// <summary>Accounts, people, roles, integrations, an endpoint and a policy.</summary>
    private async Task Found()
    {
        foreach (var customer in Customers)
        {
            var account = await service.Admin.Accounts.Create(new NewAccount
            {
                Name = customer, Fullname = $"{char.ToUpperInvariant(customer[0])}{customer[1..]} Ltd.",
                Labels = customer == "acme" ? ["emea", "gold"] : ["emea"],
            }).Send();
            _accounts.Add(account.Id);
            foreach (var provider in (string[])["siem_mock_siem", "notifications_mock_notifications"])
            {
                await service.Admin.Integrations.Create(account.Id, new NewIntegration
                {
                    Name = $"{customer}-{provider.Split('_')[0]}", ProviderConfig = new JsonObject { ["type"] = provider },
                }).Send();
            }
        }

        await service.Admin.Roles.Create(new NewRole { Name = "support", Description = "Looks, and changes nothing", PermissionSet = "viewer" }).Send();
        await service.Admin.Roles.Create(new NewRole { Name = "on-call", Description = "Keeps accounts and integrations", PermissionSet = "account-manager" }).Send();
        foreach (var (name, full, role) in ((string, string, string)[])
            [("ada@example.com", "Ada Lovelace", "administrator"), ("grace@example.com", "Grace Hopper", "on-call"), ("alan@example.com", "Alan Turing", "support")])
        {
            await service.Admin.Members.Create(new NewMember
            {
                Name = name, Fullname = full, Secret = new Secret($"demo password of {name}"), RoleBinding = [role],
            }).Send();
        }

        await service.Admin.Webhooks.Create(new NewWebhook
        {
            Name = "pager", Url = new Uri("https://hooks.example.com/tokens"), Types = ["token.leaked", "token.reuse_detected"],
            Description = "Wakes whoever is on call",
        }).Send();
        var policy = await service.Admin.Policy.Get();
        await service.Admin.Policy.Set(policy with { LongestLife = "8760h", NoticeDays = [30, 14, 7, 1] }, policy.Tag ?? "").Send();
    }

    /// <summary>Each system has its tokens from the first days on, and each week brings some jobs and tools.</summary>
    private async Task MakeTokens(int day)
    {
        if (day < Stages.Length)
        {
            foreach (var system in Systems)
            {
                var isOfProduction = Stages[day] == "prod";
                await Make(day, $"{system}-{Stages[day]}", isOfProduction ? Habit.Service : Habit.Office, new NewToken
                {
                    PermissionSet = system == "deploy" ? "administrator" : "account-manager",
                    Labels = [system, Stages[day]],
                    Life = isOfProduction ? "2160h" : "960h",
                    Description = $"What {system} does in {Stages[day]}",
                    Contact = isOfProduction ? "ops@example.com" : null,
                    PerSecond = system == "api" ? 50 : null,
                    Addresses = isOfProduction && system == "backup" ? ["198.51.100.0/24", "127.0.0.0/8"] : null,
                });
            }
        }

        if (day % 7 == 3)
        {
            for (var i = 0; i < 8; i++)
            {
                await Make(day, $"nightly-{day / 7 + 1}-{i + 1}", i % 3 == 0 ? Habit.Forgotten : Habit.Nightly, new NewToken
                {
                    PermissionSet = i % 2 == 0 ? "viewer" : "account-manager", Labels = ["nightly"], Life = $"{24 * (10 + (i * 7))}h",
                    Resources = new() { Accounts = new([_accounts[i % _accounts.Count]]) },
                });
            }

            for (var i = 0; i < 4; i++)
            {
                await Make(day, $"assistant-{day / 7 + 1}-{i + 1}", i == 3 ? Habit.Forgotten : Habit.Office, new NewToken
                {
                    Kind = "mcp", PermissionSet = "mcp-management", Labels = ["assistant"], Life = "24h",
                });
            }
        }
    }

    private async Task Make(int day, string name, Habit habit, NewToken token)
    {
        var made = await Tokens.Create(token with { Name = name }).Send();
        Keep(made, name, day, habit);
    }

    private void Keep(Token made, string name, int day, Habit habit) => _tokens.Add(new DemoToken(made.Id, name, day, habit)
    {
        Access = made.Secrets?.Access ?? throw new InvalidOperationException($"{name} came without its secret"),
        Refresh = made.Secrets.Refresh,
        Addresses = habit == Habit.Office ? ["192.0.2.17", "203.0.113.5"] : [$"198.51.100.{_chance.Next(1, 250)}"],
    });

    /// <summary>What people do with tokens.</summary>
    private async Task Happen(int day)
    {
        switch (day)
        {
            case 8:
                await Rotate("billing-prod", TimeSpan.FromDays(3));
                break;
            case 10:
                await Import();
                break;
            case 12:
                await Tokens.Disable(Named("worker-staging").Id).Send();
                break;
            case 16:
                await Reset("mailer-dev");
                break;
            case 20:
                await MakeTree(day);
                break;
            case 24:
                await Rotate("search-prod", TimeSpan.FromDays(2));
                await Tokens.Delete(Named("nightly-1-3").Id).Send();
                break;
            case DemoService.Days - 6:
                await Renew("metrics-dev");
                break;
            case DemoService.Days - 3:
                await Refused(() => Renew("metrics-dev"));
                break;
            case DemoService.Days - 2:
                await Rotate("api-prod", TimeSpan.FromDays(7));
                await Rotate("metrics-prod", TimeSpan.FromDays(4));
                break;
        }
    }

    /// <summary>A pipeline makes a token for each of its steps, and steps make their own.</summary>
    private async Task MakeTree(int day)
    {
        var root = Named("deploy-prod");
        var pipeline = service.With(() => root.Access.Reveal());
        foreach (var step in (string[])["build", "test", "release"])
        {
            var made = await pipeline.Tokens.Create(new NewToken
            {
                Name = $"deploy-{step}", PermissionSet = "administrator", Labels = ["deploy", step], Life = "1440h",
            }).Send();
            Keep(made, $"deploy-{step}", day, Habit.Office);
            var access = made.Secrets?.Access.Reveal() ?? "";
            var below = await service.With(() => access).Tokens.Create(new NewToken
            {
                Name = $"deploy-{step}-cache", PermissionSet = "viewer", Labels = ["deploy", step], Uses = 5_000, Life = "720h",
            }).Send();
            Keep(below, $"deploy-{step}-cache", day, Habit.Office);
        }
    }

    /// <summary>Some of today end today: so that there is something in every state and before every threshold.</summary>
    private async Task End()
    {
        foreach (var (name, life) in ((string, string)[])[("hotfix", "20h"), ("trial", "120h"), ("audit-2026", "600h")])
        {
            await Make(DemoService.Days, name, Habit.Office, new NewToken { PermissionSet = "viewer", Labels = ["ad hoc"], Life = life });
        }

        await Make(DemoService.Days, "assistant-today", Habit.Office, new NewToken { Kind = "mcp", PermissionSet = "mcp-management", Life = "20h" });
        await Tokens.Disable(Named("assistant-3-4").Id).Send();
        var reader = service.With(() => Named("audit-2026").Access.Reveal());
        await Refused(() => reader.Accounts.Create(new NewAccount { Name = "umbrella" }).Send());
    }

    /// <summary>Keys from before, of which the service gets the hashes alone.</summary>
    private async Task Import()
    {
        await service.Admin.ImportSchemes.Create(new() { Name = "legacy", Prefix = "old_", RandomCharacters = 32 }).Send();
        var lines = Systems.Select(system =>
        {
            var key = $"old_{_chance.Next():x32}";
            return new JsonObject
            {
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), ["last_four"] = key[^4..],
                ["scheme"] = "legacy", ["name"] = $"legacy-{system}", ["permission_set"] = "viewer",
                ["labels"] = new JsonArray("legacy"),
            }.ToJsonString();
        });
        var import = await service.Admin.Imports.Start(Encoding.UTF8.GetBytes(string.Join('\n', lines))).Send();
        await foreach (var _ in service.Admin.Imports.Follow(import.Id))
        {
        }
    }

    /// <summary>
    /// With the refresh secret that it was made with: the second time somebody has a copy of it, which is a replay.
    /// </summary>
    private async Task Renew(string name)
    {
        var token = Named(name);
        var refresh = token.Refresh ?? throw new InvalidOperationException($"{name} came without its refresh secret");
        token.Access = (await service.Admin.Session.Refresh(refresh).Send()).Primary.Access.Secret;
    }

    private static async Task Refused(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (TokenActorsException)
        {
            return;
        }

        throw new InvalidOperationException("a call was allowed that the story has refused");
    }

    private async Task Rotate(string name, TimeSpan overlap)
    {
        var token = Named(name);
        var rotated = await Tokens.Rotate(token.Id, service.Clock.GetUtcNow() + overlap).Send();
        (token.Former, token.Access) = (token.Access, rotated.Secrets?.Access ?? token.Access);
    }

    private async Task Reset(string name)
    {
        var token = Named(name);
        token.Former = token.Access;
        token.Access = (await Tokens.Reset(token.Id).Send()).Secrets?.Access ?? token.Access;
    }

    /// <summary>Resource servers ask about what was presented to them.</summary>
    private async Task Use(int day, int hour)
    {
        foreach (var server in _tokens.Where(token => Works(token, day, hour)).GroupBy(token => token.Addresses[_chance.Next(token.Addresses.Length)]))
        {
            var presented = server.SelectMany(token => Presented(token)).ToList();
            foreach (var some in presented.Chunk(IntrospectedAtOnce))
            {
                await Tokens.Introspect(some, clientIp: server.Key);
            }
        }
    }

    /// <summary>Its secret a few times; while somebody has not heard of a rotation, the former one too.</summary>
    private IEnumerable<Secret> Presented(DemoToken token)
    {
        for (var i = _chance.Next(1, 5); i > 0; i--)
        {
            yield return token.Former is { } former && _chance.Next(4) == 0 ? former : token.Access;
        }
    }

    private bool Works(DemoToken token, int day, int hour) => token.Habit switch
    {
        Habit.Service => true,
        Habit.Office => hour is >= 6 and < 18 && day % 7 < 5 && _chance.Next(3) > 0,
        Habit.Nightly => hour == 0,
        _ => day < token.MadeOn + 2 && hour == 9,
    };

    private DemoToken Named(string name) => _tokens.Find(token => token.Name == name)
        ?? throw new InvalidOperationException($"no token is called {name}");
}
