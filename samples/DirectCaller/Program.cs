using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

// Another Orleans service that uses tokens: it calls the grains, holds no pepper, and needs no gateway.
//
//   direct-caller <silo host> <gateway port> <organization id> <member id> [service id] [cluster id]
//
// Whoever can reach a silo's ports is trusted as the operator's own code: commands without a caller are not narrowed by anybody's grant.

if (args.Length < 4)
{
    Console.Error.WriteLine("direct-caller <silo host> <gateway port> <organization id> <member id> [service id] [cluster id]");
    return 2;
}

var serviceId = args.ElementAtOrDefault(4) ?? "tokenactors";
var clusterId = args.ElementAtOrDefault(5) ?? "tokenactors";
var silo = (await Dns.GetHostAddressesAsync(args[0]))[0];

var builder = Host.CreateApplicationBuilder();
builder.UseOrleansClient(client => client
    .UseStaticClustering(new IPEndPoint(silo, int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)))
    .Configure<ClusterOptions>(options =>
    {
        options.ServiceId = serviceId;

        // The silos' cluster is named after both, so that services can share a database.
        options.ClusterId = $"{serviceId}/{clusterId}";
    }));
using var host = builder.Build();
await host.StartAsync();
var grains = host.Services.GetRequiredService<IClusterClient>();

// Mint: secrets are made here and leave this process only towards their holder. Grains get fingerprints.
var id = SecretMint.NewTokenId(TimeProvider.System);
SecretPair pair = SecretMint.Mint(TokenProfile.Organization, id);
var token = grains.GetGrain<IRefreshTokenGrain>(id.ToString());

// Issue: one grain call, durable when it answers. The same command id again would find its own work done.
var issued = await token.Issue(new IssueToken
{
    Context = NewCommand(),
    Profile = TokenProfile.Organization.Name,
    OrganizationId = OrganizationId.Parse(args[2]),
    MemberId = MemberId.Parse(args[3]),
    Name = "direct-" + id,
    PermissionSet = PermissionSets.Viewer,
    Resources = Resources.All,
    Ttl = "1h",
    Secrets = pair.ToMinted(),
});
if (issued.Refusal is { } refusal)
{
    Console.Error.WriteLine($"refused: {refusal}");
    return 1;
}

Console.WriteLine($"issued   {issued.Token!.Name}, access until {issued.Token.Primary!.Access.ExpiresAt:u}");

// Verify: what a service does with a secret that a request presents. The secret says which grain to ask.
Secret presented = pair.Access;
Console.WriteLine($"verified {await Verdict(presented)}");

// Revoke: accepted nowhere from the moment of the answer on.
await token.Revoke(new RevokeToken { Context = NewCommand(), Presented = presented.Fingerprint() });
Console.WriteLine($"revoked  {await Verdict(presented)}");
await host.StopAsync();
return 0;

async Task<string> Verdict(Secret secret)
{
    if (!SecretFormat.TryParse(secret.Reveal(), out var named))
    {
        return "no secret of ours";
    }

    var verification = await grains.GetGrain<IRefreshTokenGrain>(named.ToString()).Verify(new VerifyToken { Presented = secret.Fingerprint() });
    return verification.Refusal is { } no ? $"refused: {no}" : $"accepted as {verification.Presented} of member {verification.Caller!.MemberId}";
}

static CallContext NewCommand() => new() { CommandId = Guid.CreateVersion7() };
