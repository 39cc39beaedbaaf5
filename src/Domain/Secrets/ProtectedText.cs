namespace TokenActors.Domain.Secrets;

/// <summary>
/// Text that must not be seen, such as the password of a provider: it is encrypted where it is stored, has no
/// serializer of its own and does not print. Unlike a <see cref="Secret"/> it can be had again by the operator's own
/// code.
/// </summary>
public sealed class ProtectedText(string text)
{
    public string Reveal() => text;

    public override string ToString() => "(protected)";
}
