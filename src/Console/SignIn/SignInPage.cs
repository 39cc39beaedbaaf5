using Microsoft.AspNetCore.Http;
using TokenActors.WebConsole.Forms;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.SignIn;

/// <summary>Asks somebody to sign in who sent a form, and takes along what was typed.</summary>
internal sealed class SignInPage(KeptForms forms) : ISignInPage
{
    public IResult Ask(ConsoleRequest request, KeptForm kept) => request.Show<SignInView>(
        "Sign in",
        new()
        {
            [nameof(SignInView.State)] = new FormState()
                .Set(SignInRoutes.Return, kept.Place).Carry(KeptForm.Field, forms.Seal(kept)),
        },
        StatusCodes.Status401Unauthorized);

    /// <summary>Where somebody goes on who has signed in.</summary>
    public IResult GoOn(ConsoleRequest request, ConsoleForm form) =>
        forms.Open(form.Text(KeptForm.Field)) is { Fields.Count: > 0 } kept
            ? Lead(request, kept)
            : Pages.GoTo(Pages.PlaceOf(form.Text(SignInRoutes.Return)));

    public IResult Lead(ConsoleRequest request, KeptForm kept) => request.Show<LostFormView>(
        "You are signed in",
        new() { [nameof(LostFormView.Kept)] = kept, [nameof(LostFormView.Sealed)] = forms.Seal(kept) });
}
