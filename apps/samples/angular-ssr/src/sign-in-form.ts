import { Component } from '@angular/core'

/** Works without scripts: the answer is the page, rendered for the user. */
@Component({
  selector: 'section[tk-sign-in-form]',
  host: { class: 'card sign-in', 'aria-labelledby': 'sign-in-title' },
  template: `
    <h1 id="sign-in-title">Sign in</h1>
    <p class="lead">Then watch how the token is issued, expires and is renewed.</p>
    <form method="post" action="/sign-in">
      <label for="identifier">Name or email</label>
      <input
        id="identifier"
        data-testid="identifier"
        name="identifier"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        placeholder="ada@example.com"
        required
        maxlength="200"
      />
      <button type="submit" class="primary" data-testid="sign-in">Sign in</button>
    </form>
  `,
})
export class SignInForm {}
