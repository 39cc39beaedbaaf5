using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TokenActors.AspNetCore;

/// <summary>
/// Options that are made anew where the configuration changes, and stay as they were while what is read makes none: a
/// file that is being replaced is empty for a moment, or half written. The first ones must be right.
/// </summary>
internal sealed partial class LastGoodOptions(
    IEnumerable<IConfigureOptions<TokenActorsOptions>> setups,
    IEnumerable<IPostConfigureOptions<TokenActorsOptions>> posts,
    IEnumerable<IValidateOptions<TokenActorsOptions>> validations, ILogger<LastGoodOptions> logger)
    : IOptionsFactory<TokenActorsOptions>
{
    private readonly OptionsFactory<TokenActorsOptions> _factory = new(setups, posts, validations);
    private readonly ConcurrentDictionary<string, TokenActorsOptions> _good = new(StringComparer.Ordinal);

    /// <summary>The schemes whose last options were no good, which is said once in a row.</summary>
    private readonly ConcurrentDictionary<string, bool> _spoilt = new(StringComparer.Ordinal);

    public TokenActorsOptions Create(string name)
    {
        try
        {
            var made = _factory.Create(name);
            _good[name] = made;
            _spoilt.TryRemove(name, out _);
            return made;
        }
        catch (Exception e) when (_good.ContainsKey(name))
        {
            // Whatever the application's own code throws that reads them.
            if (_spoilt.TryAdd(name, true))
            {
                LogKept(name, e.Message);
            }

            return _good[name];
        }
    }

    [LoggerMessage(
        2453, LogLevel.Warning, "The changed configuration of the scheme {Scheme} cannot be used, and the former goes on: {Problem}")]
    private partial void LogKept(string scheme, string problem);
}
