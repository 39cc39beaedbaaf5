using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;

namespace TokenActors.Cli.Output;

/// <summary>Quotes texts of which a reader of YAML would lose a part, as tabs at their end and line breaks of other
/// systems.</summary>
/// <param name="next">writes them</param>
internal sealed class QuotingEmitter(IEventEmitter next) : ChainedEventEmitter(next)
{
    public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
    {
        if (eventInfo.Source.Value is string text && text.Any(IsLost))
        {
            eventInfo.Style = ScalarStyle.DoubleQuoted;
        }

        base.Emit(eventInfo, emitter);
    }

    private static bool IsLost(char letter) =>
        (char.IsControl(letter) && letter != '\n') || letter is '\u2028' or '\u2029';
}
