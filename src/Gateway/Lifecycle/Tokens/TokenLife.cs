using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>The field <c>life</c>.</summary>
internal static class TokenLife
{
    /// <summary>The duration as it was sent, checked against the profile's bounds.</summary>
    public static string? Read(JsonFields fields, TokenProfile profile)
    {
        if (fields.Text("life") is not { } text)
        {
            return null;
        }

        if (!GoDuration.TryParseLife(text, out var life, out var problem))
        {
            fields.Reject("life", problem);
        }
        else if (profile.ProblemWith(life.Value) is { } outside)
        {
            fields.Reject("life", outside);
        }

        return text;
    }
}
