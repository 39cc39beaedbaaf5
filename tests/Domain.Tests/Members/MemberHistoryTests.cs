using CsCheck;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using OfMember = TokenActors.Domain.Records.Transition<TokenActors.Domain.Members.MemberState>;
using OfOrganization = TokenActors.Domain.Records.Transition<TokenActors.Domain.Organizations.OrganizationState>;

namespace TokenActors.Domain.Tests.Members;

/// <summary>Histories of members and organizations: what holds whatever was asked of them, and in which
/// order.</summary>
public sealed class MemberHistoryTests
{
    private const int Cases = 3_000;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly MemberSpec Spec = new()
    {
        Id = MemberId.Parse("01900000-0000-7000-8000-00000000000b"), OrganizationId = OrganizationId.Parse(
            "01900000-0000-7000-8000-00000000000a"),
        Name = "ada@example.com", RoleBinding = ["viewer"], Password = Password(1),
    };

    private static PasswordVerifier Password(byte number) => new([number], 600_000, new SecretDigest("p1", [number]));

    private static readonly string[][] Roles = [["viewer"], ["viewer", "support"], []];

    private static readonly string[] Commands =
    [
        "create", "replace", "replace", "log on", "change password", "reset password", "status", "status", "roles",
        "roles", "delete", "end", "finish",
    ];

    private static readonly Gen<(string Command, int Argument, int Minutes)[]> History = Gen.Select(
        Gen.Int[0, Commands.Length - 1].Select(i => Commands[i]), Gen.Int[0, 2], Gen.Int[0, 600]).Array[1, 25];

    private static string Show((string Command, int Argument, int Minutes)[] steps) =>
        string.Join('\n', steps.Select(step => $"{step.Command} {step.Argument} after {step.Minutes} min"));

    private static OfMember Do(MemberState? state, string command, int argument, DateTimeOffset now) => command switch
    {
        "create" => MemberMachine.Create(state, Spec, now),
        "replace" => MemberMachine.Replace(
            state,
            new MemberEdit(
                $"n{argument}", "Full", null, null, (MemberStatus)argument, [.. Roles[argument]], GoDuration.Of("24h"),
                GoDuration.Of("1h"),
                PasswordLives.Default),
            state?.Version ?? 1, now),
        "log on" => MemberMachine.LogOn(state, argument == 0 ? null : new SecretDigest($"p{argument}", [1]), now),
        "change password" => MemberMachine.ChangePassword(
            state, Password((byte)argument), argument == 1 ? TimeSpan.FromHours(1) : null, now),
        "reset password" => MemberMachine.ResetPassword(state, Password((byte)argument), now),
        "status" => MemberMachine.SetStatus(state, (MemberStatus)argument, now),
        "roles" => MemberMachine.BindRoles(state, [.. Roles[argument]], now),
        "delete" => MemberMachine.Delete(state, state?.Version ?? 1, now),
        "end" => MemberMachine.EndWithOrganization(state, now),
        _ => MemberMachine.FinishCascade(state, now),
    };

    [Fact]
    public void Every_change_is_one_version_and_one_event_and_what_is_deleted_stays_so() => History.HoldsForAll(
        Cases,
        steps =>
        {
            MemberState? state = null;
            var now = Start;
            foreach (var (command, argument, minutes) in steps)
            {
                now = now.AddMinutes(minutes);
                var transition = Do(state, command, argument, now);
                if (transition.Event is { } happened)
                {
                    var next = transition.State ?? throw new InvalidOperationException("an event of nothing");
                    Assert.NotEmpty(happened);
                    Assert.Equal((state?.Version ?? 0) + 1, next.Version);
                    Assert.Equal(state?.CreatedAt ?? now, next.CreatedAt);
                    Assert.Equal(next.DeletedAt is null ? now : state?.UpdatedAt, next.UpdatedAt);
                    if (state?.DeletedAt is { } deleted)
                    {
                        Assert.Equal(deleted, next.DeletedAt);
                        Assert.Equal("finish", command);
                    }
                }
                else if (transition.State is not null)
                {
                    Assert.Equal(state, transition.State);
                }

                state = transition.State ?? state;
                Assert.True(state is not { CascadePending: true, DeletedAt: null }, "a cascade of what lives");
            }
        },
        Show);

    /// <summary>What asks for what is there already changes nothing: no version, no audit row.</summary>
    [Theory]
    [InlineData("replace")]
    [InlineData("status")]
    [InlineData("roles")]
    [InlineData("finish")]
    public void The_same_again_changes_nothing(string command)
    {
        foreach (var argument in (int[])[0, 1, 2])
        {
            var state = MemberMachine.Create(null, Spec, Start).State;
            state = Do(state, command, argument, Start.AddMinutes(1)).State ?? state;
            var again = Do(state, command, argument, Start.AddMinutes(2));
            Assert.Null(again.Event);
            Assert.Equal(state, again.State);
        }
    }

    /// <summary>A password never lasts longer than the member's, the organization's and the service's
    /// longest.</summary>
    [Theory]
    [InlineData("87600h", null, 4_320)]
    [InlineData("24h", null, 24)]
    [InlineData("87600h", 48, 48)]
    [InlineData("24h", 48, 24)]
    [InlineData("87600h", 8_760, 8_760)]
    public void A_password_lasts_as_long_as_all_of_them_allow(string own, int? organization, int hours)
    {
        var longest = organization is { } h ? TimeSpan.FromHours(h) : (TimeSpan?)null;
        var made = MemberMachine.Create(null, Spec with { Ttl = GoDuration.Of(own), Lives = PasswordLives.Default with { Longest = longest } }, Start).State;
        Assert.Equal(Start.AddHours(hours), made?.ExpiresAt);
        var changed = MemberMachine.ChangePassword(made, Password(2), longest, Start.AddDays(1)).State;
        Assert.Equal(Start.AddDays(1).AddHours(hours), changed?.ExpiresAt);
    }

    private static readonly string[] OrganizationCommands =
        ["create", "finish founding", "replace", "status", "status", "delete", "finish"];

    private static OfOrganization Do(OrganizationState? state, string command, int argument, DateTimeOffset now, bool isRoot) => command switch
    {
        "create" => OrganizationMachine.Create(
            state,
            new OrganizationSpec
            {
                Id = Spec.OrganizationId, Type = isRoot
                    ? OrganizationType.Root
                    : OrganizationType.Standard, Name = "acme", FullName = "Acme",
                RefreshTokenId = TokenId.Parse("01900000-0000-7000-8000-000000000001"), Founding = true,
                ParentId = isRoot ? null : OrganizationId.Parse("01900000-0000-7000-8000-0000000000ff"),
            },
            now),
        "finish founding" => OrganizationMachine.FinishFounding(state, now),
        "replace" => OrganizationMachine.Replace(
            state, new OrganizationEdit($"n{argument}", "Full", null, null, null, new OrganizationOptions()), argument == 0 ? null : state?.Version, now),
        "status" => OrganizationMachine.SetStatus(state, (OrganizationStatus)argument, now),
        "delete" => OrganizationMachine.Delete(state, now),
        _ => OrganizationMachine.FinishCascade(state, now),
    };

    [Fact]
    public void An_organization_keeps_the_same_laws_and_a_root_is_never_deleted() => Gen.Select(
        Gen.Select(Gen.Int[0, OrganizationCommands.Length - 1].Select(i => OrganizationCommands[i]), Gen.Int[0, 2], Gen.Int[0, 600]).Array[1, 20], Gen.Bool)
        .HoldsForAll(
            Cases,
            drawn =>
            {
                var (steps, isRoot) = drawn;
                OrganizationState? state = null;
                var now = Start;
                foreach (var (command, argument, minutes) in steps)
                {
                    now = now.AddMinutes(minutes);
                    var transition = Do(state, command, argument, now, isRoot);
                    if (transition.Event is not null)
                    {
                        var next = transition.State ?? throw new InvalidOperationException("an event of nothing");
                        Assert.Equal((state?.Version ?? 0) + 1, next.Version);
                        Assert.True(
                            state?.DeletedAt is null || (command == "finish" && next.DeletedAt == state.DeletedAt));
                        Assert.Equal(next.DeletedAt is null ? now : state?.UpdatedAt, next.UpdatedAt);
                    }
                    else if (transition.State is not null)
                    {
                        Assert.Equal(state, transition.State);
                    }

                    state = transition.State ?? state;
                    Assert.True(!isRoot || state?.DeletedAt is null, "a root was deleted");
                }
            },
            drawn => Show(drawn.Item1));

    /// <summary>Listeners are told of an organization that ends or comes back by those words.</summary>
    [Theory]
    [InlineData(OrganizationStatus.Enabled, OrganizationStatus.Disabled, "disabled")]
    [InlineData(OrganizationStatus.Pov, OrganizationStatus.Disabled, "disabled")]
    [InlineData(OrganizationStatus.Disabled, OrganizationStatus.Enabled, "enabled")]
    [InlineData(OrganizationStatus.Disabled, OrganizationStatus.Plg, "enabled")]
    [InlineData(OrganizationStatus.Enabled, OrganizationStatus.Pov, "status_set")]
    [InlineData(OrganizationStatus.Enabled, OrganizationStatus.Enabled, null)]
    [InlineData(OrganizationStatus.Disabled, OrganizationStatus.Disabled, null)]
    public void A_status_is_told_by_what_it_means(OrganizationStatus from, OrganizationStatus to, string? told)
    {
        var state = Do(null, "create", 0, Start, isRoot: false).State;
        state = OrganizationMachine.SetStatus(state, from, Start.AddMinutes(1)).State;
        Assert.Equal(told, OrganizationMachine.SetStatus(state, to, Start.AddMinutes(2)).Event);
    }
}
