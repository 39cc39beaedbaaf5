using System.Globalization;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Audit;
using TokenActors.Hosting;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Silo.Operations;

/// <summary>Names the tokens whose live secrets stand in audit rows, and resets them where that is asked for.</summary>
internal static class AuditSecretSearch
{
    private const int RowsPerRead = 1000;

    /// <exception cref="InvalidOperationException">there are some, and not all were reset</exception>
    public static async Task Run(ServiceOptions options, bool reset, bool dryRun, CancellationToken stopping)
    {
        var found = await Find(options);
        foreach (var (number, secret) in found)
        {
            Write($"Row {number}: the {secret.Kind} secret of token {secret.TokenId}, organization {secret.OrganizationId}.");
        }

        var tokens = found.Select(row => row.Secret).DistinctBy(secret => secret.TokenId).ToList();
        if (tokens.Count == 0)
        {
            Console.WriteLine("No audit row holds a secret that is accepted.");
        }
        else if (!reset)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Secrets of {tokens.Count} tokens stand in audit rows. --reset ends them; whoever uses them needs new ones."));
        }
        else if (dryRun)
        {
            Write($"Would reset {tokens.Count} tokens.");
        }
        else
        {
            var left = await Reset(options, tokens, stopping);
            Console.WriteLine("Administrators take new secrets with PUT /v1/tokens/OWNER/TOKEN/reset.");
            if (left > 0)
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Secrets of {left} tokens are left: they would be accepted once their tokens are enabled."));
            }
        }
    }

    private static async Task<List<(long Number, AuditSecret Secret)>> Find(ServiceOptions options)
    {
        await using var store = await OperatorStore.Open(options);
        var ring = EmbeddedSilo.Peppers(options, mayCreate: false);
        await ring.Check(store.Peppers);
        var secrets = new AuditSecrets(store, ring, TimeProvider.System);
        List<(long, AuditSecret)> found = [];
        var next = long.MinValue;
        while (await store.Links.Rows(next, long.MaxValue, RowsPerRead) is { Count: > 0 } rows)
        {
            foreach (var (number, entry) in rows)
            {
                found.AddRange((await secrets.FindIn(entry)).Select(secret => (number, secret)));
            }

            next = rows[^1].Number + 1;
        }

        return found;
    }

    /// <summary>The new secrets are shown to nobody: whoever may have them resets again.</summary>
    /// <returns>how many tokens keep their secrets</returns>
    private static async Task<int> Reset(ServiceOptions options, List<AuditSecret> tokens, CancellationToken stopping)
    {
        await using var session = await OperatorSession.Open(options, stopping);
        var left = 0;
        foreach (var token in tokens)
        {
            var command = new RenewToken
            {
                Context = new CallContext { CommandId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) },
                Secrets = SecretMint.Mint(token.Profile, token.TokenId).ToMinted(),
            };
            var answer = await session.Grains.GetGrain<IRefreshTokenGrain>(token.TokenId.ToString()).Reset(command, stopping);
            Console.WriteLine(answer.Refusal switch
            {
                null => $"Reset token {token.TokenId}.",
                TokenRefusal.NotFound => $"Token {token.TokenId} was deleted meanwhile.",
                TokenRefusal.Disabled =>
                    $"Token {token.TokenId} is disabled and cannot be reset: delete it, or reset it once enabled.",
                { } refusal => $"Token {token.TokenId} cannot be reset: {refusal}.",
            });
            left += answer.Refusal is null or TokenRefusal.NotFound ? 0 : 1;
        }

        return left;
    }

    private static void Write(FormattableString line) =>
        Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
