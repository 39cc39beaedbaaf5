using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>
/// Rows of other tables that are written with a row of a token, in the same transaction: the statements by their names,
/// which take the parameters of the commit.
/// </summary>
internal static class Companions
{
    private const string AddUse = "add_token_use";
    private const string ForgetUse = "forget_token_use";
    private const string ForgetAddresses = "forget_token_addresses";

    private const string ForgetEnd = "forget_token_end";
    private const string ForgetLabels = "forget_labels_of_token";

    private const string Token = "token";

    private static readonly string[] OfNew = [AddUse];
    private static readonly string[] OfPurged = [ForgetUse, ForgetAddresses, ForgetEnd, ForgetLabels];

    public static readonly IReadOnlyList<string> All = [.. OfNew, .. OfPurged];

    public static IReadOnlyList<string> Of(Commit commit) => commit switch
    {
        { Record.Key.Kind: not Token } => [],
        { Purges: true } => OfPurged,
        { ExpectedVersion: 0 } => OfNew,
        _ => [],
    };
}
