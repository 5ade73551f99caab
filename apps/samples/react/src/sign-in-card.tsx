import { useAuthToken } from '@tokenkeep/react'
import { explain, signInMethods, type Config, type SignInMethod } from '@tokenkeep/sample'
import { useMemo, useRef, useState } from 'react'

export const SignInCard = ({ config }: { config: Config }) => {
  const { signIn } = useAuthToken()
  const methods = useMemo(() => signInMethods(config), [config])
  const field = useRef<HTMLInputElement>(null)
  const [identifier, setIdentifier] = useState('')
  const [busy, setBusy] = useState<SignInMethod>()
  const [problem, setProblem] = useState<string>()

  const enter = async (method: SignInMethod) => {
    const name = identifier.trim()
    if (!name) {
      setProblem('Type a name first. Any name works.')
      field.current?.focus()
      return
    }
    setBusy(method)
    setProblem(undefined)
    try {
      await signIn(await methods[method](name))
    } catch (error) {
      setProblem(explain(error))
    } finally {
      setBusy(undefined)
    }
  }

  const button = (method: SignInMethod, testId: string, label: string, look: string) => (
    <button
      type={method === 'usePasskey' ? 'submit' : 'button'}
      className={look}
      data-testid={testId}
      disabled={busy !== undefined}
      aria-busy={busy === method}
      onClick={method === 'usePasskey' ? undefined : () => void enter(method)}
    >
      {label}
    </button>
  )

  return (
    <section className="card sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Sign in</h1>
      <p className="lead">Then watch how the token is issued, expires and is renewed.</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void enter('usePasskey')
        }}
      >
        <label htmlFor="identifier">Name or email</label>
        <input
          ref={field}
          id="identifier"
          data-testid="identifier"
          name="identifier"
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="ada@example.com"
          value={identifier}
          aria-describedby={problem ? 'problem' : undefined}
          onChange={(event) => setIdentifier(event.target.value)}
        />
        {problem && (
          <p role="alert" id="problem" className="problem">
            {problem}
          </p>
        )}
        {button('usePasskey', 'passkey-sign-in', 'Sign in with a passkey', 'primary')}
        {button('createPasskey', 'passkey-sign-up', 'Create a passkey', '')}
        <p className="or">
          <span>or</span>
        </p>
        {button('throughBackend', 'backend-sign-in', 'Continue without a passkey', 'quiet')}
      </form>
    </section>
  )
}
