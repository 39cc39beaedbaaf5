namespace TokenActors.Domain.Lists;

/// <summary>
/// Names as they are compared: without regard to case, then bytewise. Whatever is compared with a stored name goes
/// through here, so that every look-up, order, filter and page agrees.
/// </summary>
public static class NameKey
{
    public static string Of(string name) => name.ToLowerInvariant();
}
