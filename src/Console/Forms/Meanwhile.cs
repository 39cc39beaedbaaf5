namespace TokenActors.WebConsole.Forms;

/// <summary>What somebody else made of a field while a form was open.</summary>
/// <param name="Before">as the form showed it</param>
/// <param name="Now">as it is</param>
public sealed record Meanwhile(string Before, string Now);
