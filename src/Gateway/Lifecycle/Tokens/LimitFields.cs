using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>The fields <c>uses</c>, <c>per_second</c> and <c>burst</c>.</summary>
internal static class LimitFields
{
    /// <param name="fields">of the body; what it leaves out stays, and null removes</param>
    /// <param name="current">what the token has; null for a new one</param>
    public static LimitsOfToken Read(JsonFields fields, LimitsOfToken? current = null)
    {
        var uses = Number(fields, "uses", TokenLimits.MostUses, current?.Uses);
        var perSecond = (int?)Number(fields, "per_second", TokenLimits.MostPerSecond, current?.PerSecond);
        var burst = (int?)Number(fields, "burst", TokenLimits.LargestBurst, current?.Burst);
        if (perSecond is null && burst is not null && !fields.Errors.Exists(error => error.Id == "/per_second"))
        {
            fields.Reject("burst", "needs per_second");
        }

        return new LimitsOfToken { Uses = uses, PerSecond = perSecond, Burst = burst };
    }

    private static long? Number(JsonFields fields, string name, long most, long? current)
    {
        if (!fields.Mentions(name))
        {
            _ = fields.Number(name);
            return current;
        }

        var number = fields.Number(name);
        if (number is < 1 || number > most)
        {
            fields.Reject(name, $"must lie between 1 and {most}");
            return null;
        }

        return number;
    }
}
