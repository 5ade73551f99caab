/** Works without scripts: the answer is the page, rendered for the user. */
export const SignInForm = () => (
  <section className="card sign-in" aria-labelledby="sign-in-title">
    <h1 id="sign-in-title">Sign in</h1>
    <p className="lead">Then watch how the token is issued, expires and is renewed.</p>
    <form method="post" action="/sign-in">
      <label htmlFor="identifier">Name or email</label>
      <input
        id="identifier"
        data-testid="identifier"
        name="identifier"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="ada@example.com"
        required
        maxLength={200}
      />
      <button type="submit" className="primary" data-testid="sign-in">
        Sign in
      </button>
    </form>
  </section>
)
