namespace TokenActors.Grains.Foundation;

/// <summary>
/// Tells the reminder table, which may be another silo's, that a commit stored the due time of a reminder already, and
/// under which tag: the table then writes nothing. It goes with the call, as Orleans' request context does.
/// </summary>
public static class StoredDue
{
    private const string Name = "tokenactors.stored-due";

    /// <summary>The tag of the row; null where the table has to write the due time or a new tag.</summary>
    public static string? Tag => RequestContext.Get(Name) as string;

    /// <summary>For the calls that the method makes which calls this.</summary>
    /// <param name="tag">that the grain tells for the first time; null: the table has to write</param>
    internal static void Tell(string? tag)
    {
        if (tag is null)
        {
            RequestContext.Remove(Name);
        }
        else
        {
            RequestContext.Set(Name, tag);
        }
    }
}
