using Orleans.Concurrency;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Credentials;

/// <summary>
/// One credential for a provider. Its secret is encrypted where it is stored, and no list or answer carries it.
/// </summary>
[Alias("TokenActors.ICredentialGrain")]
public interface ICredentialGrain : IResourceGrain
{
    /// <summary>
    /// The secret's configuration as JSON, for the operator's own code that talks to the provider; audited. Null
    /// where there is none, and to any caller.
    /// </summary>
    [Alias("Open")]
    Task<ProtectedText?> Open(CallContext context, CancellationToken cancellationToken = default);

    /// <summary>
    /// The secret's configuration as JSON, to sign with; not audited, since nobody is shown it. For the service's own
    /// code. Null where there is none.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Use")]
    Task<ProtectedText?> Use(CancellationToken cancellationToken = default);

    /// <summary>
    /// Encrypts its key anew under the server key in use. The grain calls itself; repeating changes nothing.
    /// </summary>
    [Alias("Rewrap")]
    Task Rewrap();
}
