using TokenActors.Gateway.Boomerang;

namespace TokenActors.Gateway.Tests.Boomerang;

public sealed class FlowPermissionTests
{
    [Theory]
    [InlineData("token/read", true)]
    [InlineData("**/**", true)]
    [InlineData("workflowrun/action", true)]
    [InlineData("token/**", true)]
    [InlineData("token", false)]
    [InlineData("token/", false)]
    [InlineData("/read", false)]
    [InlineData("token/read/", false)]
    [InlineData("Token/read", false)]
    [InlineData("token/Read", false)]
    [InlineData("token/run", false)]
    [InlineData("tokens/read", false)]
    [InlineData("*/read", false)]
    [InlineData("team/bmrg/Read", false)]
    [InlineData("", false)]
    public void A_permission_is_a_resource_and_an_action_that_exist(string text, bool good)
    {
        var permission = FlowPermission.Parse(text);
        Assert.Equal(good, permission is not null);
        Assert.Equal(good ? text : null, permission?.ToString());
    }

    [Theory]
    [InlineData("**/**", "token/read", true)]
    [InlineData("token/**", "token/delete", true)]
    [InlineData("**/read", "token/read", true)]
    [InlineData("**/read", "token/write", false)]
    [InlineData("token/read", "token/read", true)]
    [InlineData("token/read", "token/**", false)]
    [InlineData("token/read", "**/read", false)]
    [InlineData("workflow/read", "token/read", false)]
    public void One_covers_another(string wide, string narrow, bool covers) =>
        Assert.Equal(covers, FlowPermission.Parse(wide)!.Covers(FlowPermission.Parse(narrow)!));

    [Theory]
    [InlineData("token/read", "tokens:get tokens:list")]
    [InlineData("token/write", "tokens:create")]
    [InlineData("token/delete", "tokens:delete")]
    [InlineData("**/**", "tokens:create tokens:delete tokens:get tokens:list")]
    [InlineData("workflow/**", "")]
    public void What_it_means_for_tokens_is_told_in_actions(string permission, string actions) =>
        Assert.Equal(actions, string.Join(
            ' ', FlowPermission.Reach([FlowPermission.Parse(permission)!]).Names().Order(StringComparer.Ordinal)));
}
