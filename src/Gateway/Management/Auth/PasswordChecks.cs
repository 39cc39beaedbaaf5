using TokenActors.Domain.Identity;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Gateway.Management.Auth;

/// <summary>What a password that was given becomes: whom to send it, and how.</summary>
internal sealed record GivenPassword(MemberId Member, PasswordProof Proof);

/// <summary>
/// Asks the limits of an address and of a name, and derives the password only then, since that is slow on purpose.
/// </summary>
internal sealed partial class PasswordChecks(
    RateLimits limits, PasswordHashing hashing, IGrainFactory grains, ILogger<PasswordChecks> logger)
{
    /// <summary>The proof to send to a member, or 429.</summary>
    /// <param name="request">the call</param>
    /// <param name="organization">the member's; one that does not exist is asked the same</param>
    /// <param name="name">the member's, known or not</param>
    /// <param name="secret">the password that was given</param>
    public async Task<Outcome<GivenPassword>> Prove(
        ApiRequest request, OrganizationId organization, string name, string secret)
    {
        var wait = limits.TooManyFailures(request.Http.Connection.RemoteIpAddress)
            ?? limits.Logon(organization.ToString(), name);
        if (wait is not null)
        {
            return Problems.TooManyRequests(wait.Value);
        }

        var begun = await Organization(organization).BeginLogon(AttemptOf(request, name), request.Aborted);
        if (begun.Challenge is not { } challenge)
        {
            return Problems.TooManyRequests(begun.Wait ?? TimeSpan.FromMinutes(1));
        }

        return new GivenPassword(
            challenge.MemberId,
            new PasswordProof
            {
                Context = request.NewCommand(),
                Derived = await hashing.Derive(secret, challenge, request.Aborted),
            });
    }

    /// <summary>Counts a failed log-on against its address, and in the trail of its organization.</summary>
    public async Task NoteFailure(ApiRequest request, OrganizationId organization, string name)
    {
        limits.NoteFailure(request.Http.Connection.RemoteIpAddress);
        try
        {
            await Organization(organization).LogonFailed(AttemptOf(request, name));
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
            LogNotCounted(organization, e);
        }
    }

    private static LogonAttempt AttemptOf(ApiRequest request, string name) =>
        new() { Name = name, RemoteAddress = request.Http.Connection.RemoteIpAddress?.ToString() };

    private IOrganizationGrain Organization(OrganizationId id) => grains.GetGrain<IOrganizationGrain>(id.ToString());

    [LoggerMessage(4102, LogLevel.Warning, "A failed log-on to {Organization} could not be noted in its audit trail")]
    private partial void LogNotCounted(OrganizationId organization, Exception exception);
}
